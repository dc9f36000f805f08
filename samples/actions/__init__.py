"""What people do with finished samples, whoever asks: admin, API, command."""

from samples.actions.deleting import delete_all
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.reviewing import ReviewConflict, review, review_all, undo

__all__ = [
    "NothingToExportError",
    "ReviewConflict",
    "delete_all",
    "export",
    "export_to",
    "review",
    "review_all",
    "undo",
]
