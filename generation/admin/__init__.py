"""Batches in the admin: to start, to watch, to stop, to resume, to retry. Writes go through ``generation.actions``."""

from generation.admin.batch import BatchAdmin
from generation.admin.shown import STATUS_VARIANTS

__all__ = ["STATUS_VARIANTS", "BatchAdmin"]
