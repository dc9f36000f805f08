"""Rows of lists, changed where they stand."""
