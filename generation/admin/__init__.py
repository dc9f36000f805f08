"""Batches in the admin: start one, watch it, stop, resume, retry; and the wording of their prompts.

Writes go through ``generation.actions``.
"""

from generation.admin.batch import BatchAdmin
from generation.admin.prompts.versions import PromptVersionAdmin

__all__ = ["BatchAdmin", "PromptVersionAdmin"]
