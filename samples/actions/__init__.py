"""What people do with finished samples and with the taxonomy, whoever asks: admin, API, command."""

from samples.actions.checking import CheckReport, check_all, check_in_chunks
from samples.actions.deleting import delete_all
from samples.actions.editions import keep_edition
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.reviewing import ReviewConflict, review, review_all, undo
from samples.actions.terms import (
    Moved,
    OutdatedOrderError,
    add_term,
    change_term,
    delete_term,
    move_term,
    places_of,
    switch_term,
)

__all__ = [
    "CheckReport",
    "Moved",
    "NothingToExportError",
    "OutdatedOrderError",
    "ReviewConflict",
    "add_term",
    "change_term",
    "check_all",
    "check_in_chunks",
    "delete_all",
    "delete_term",
    "export",
    "export_to",
    "keep_edition",
    "move_term",
    "places_of",
    "review",
    "review_all",
    "switch_term",
    "undo",
]
