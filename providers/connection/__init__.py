"""Asking a vendor whether it works and what it offers."""
