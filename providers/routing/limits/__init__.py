"""Limits as values: budgets, waits and calls at once. Pure."""
