"""Samples and the taxonomy over the API."""
