"""The admin's first page. Each module reads one part of the state of things; ``views`` puts them together."""
