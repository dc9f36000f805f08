"""Processes of an installation."""
