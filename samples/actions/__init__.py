"""What people do with finished samples and with the taxonomy, whoever asks: admin, API, command."""

from samples.actions.deleting import delete_all
from samples.actions.editions import keep_edition
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.reviewing import ReviewConflict, review, review_all, undo

__all__ = [
    "NothingToExportError",
    "ReviewConflict",
    "delete_all",
    "export",
    "export_to",
    "keep_edition",
    "review",
    "review_all",
    "undo",
]
