"""What people do with finished samples, whoever asks: admin, API, command."""

from samples.actions.checking import CheckReport, check_all, check_in_chunks
from samples.actions.deleting import delete_all
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.reviewing import ReviewConflict, review, review_all, undo

__all__ = [
    "CheckReport",
    "NothingToExportError",
    "ReviewConflict",
    "check_all",
    "check_in_chunks",
    "delete_all",
    "export",
    "export_to",
    "review",
    "review_all",
    "undo",
]
