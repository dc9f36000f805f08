"""What people do with finished samples and with the taxonomy, whoever asks: admin, API, command."""

from samples.actions.checking import CheckReport, check_all, check_in_chunks
from samples.actions.checking_index import Drift, check_index, repair
from samples.actions.citing import compare_all, keep_citations, renew_citations
from samples.actions.deleting import delete_all
from samples.actions.editions import keep_edition
from samples.actions.exporting import NothingToExportError, export, export_to
from samples.actions.marking import mark_duplicates, mark_in_turn, unmarked
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
    "Drift",
    "Moved",
    "NothingToExportError",
    "OutdatedOrderError",
    "ReviewConflict",
    "add_term",
    "change_term",
    "check_all",
    "check_in_chunks",
    "check_index",
    "compare_all",
    "delete_all",
    "delete_term",
    "export",
    "export_to",
    "keep_citations",
    "keep_edition",
    "mark_duplicates",
    "mark_in_turn",
    "move_term",
    "places_of",
    "renew_citations",
    "repair",
    "review",
    "review_all",
    "switch_term",
    "undo",
    "unmarked",
]
