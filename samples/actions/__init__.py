"""What people do with finished samples, whoever asks: admin, API, command."""

from samples.actions.checking_index import Drift, check_index, repair
from samples.actions.deleting import delete_all
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.marking import mark_duplicates, mark_in_turn, unmarked
from samples.actions.reviewing import ReviewConflict, review, review_all, undo

__all__ = [
    "Drift",
    "NothingToExportError",
    "ReviewConflict",
    "check_index",
    "delete_all",
    "export",
    "export_to",
    "mark_duplicates",
    "mark_in_turn",
    "repair",
    "review",
    "review_all",
    "undo",
    "unmarked",
]
