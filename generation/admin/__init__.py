"""Batches in the admin: start one, watch it, stop, resume, retry. Writes go through ``generation.actions``."""

from generation.admin.batch import BatchAdmin

__all__ = ["BatchAdmin"]
