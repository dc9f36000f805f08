"""Panels around the form of a row's own page."""
