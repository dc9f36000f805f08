"""What people do with finished samples, whoever asks: admin, API, command."""

from samples.actions.citing import compare_all, keep_citations, renew_citations
from samples.actions.deleting import delete_all
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.reviewing import ReviewConflict, review, review_all, undo

__all__ = [
    "NothingToExportError",
    "ReviewConflict",
    "compare_all",
    "delete_all",
    "export",
    "export_to",
    "keep_citations",
    "renew_citations",
    "review",
    "review_all",
    "undo",
]
