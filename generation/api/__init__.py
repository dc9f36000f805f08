"""Batches over the API."""
