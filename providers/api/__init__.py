"""Providers and models over the API."""
