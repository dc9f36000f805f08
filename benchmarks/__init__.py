"""Benchmarks that drive the product from outside: its API, its processes, its database, and the sandbox over HTTP."""
