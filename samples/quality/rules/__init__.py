"""The rules, a module for each concern, each with a tuple ``RULES``."""
