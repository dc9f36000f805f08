"""What a vendor says of its limits beside what is set here: what a person may take over. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from providers.routing.config import LimitEntry


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``told``: the limit as it would be set, of the provider, or of ``model_id`` by itself. ``is_set``: what is there.

    ``rows`` are those that tell it, ``told_by`` headers or the body of a refusal, ``seen_at`` since when. ``differs``:
    some of the provider's models are told more.
    """

    told: LimitEntry
    is_set: LimitEntry | None
    model_id: str
    told_by: str
    seen_at: datetime
    rows: tuple[int, ...]
    differs: bool = False

    @property
    def is_lower(self) -> bool:
        """Whether calls are let out here that the vendor will refuse."""
        return self.is_set is None or self.told.amount < self.is_set.amount

    @property
    def mark(self) -> str:
        """Names it, and what it would set: what was looked at is what is taken over."""
        told = self.told
        return f"{self.model_id}:{told.unit}:{told.window.name}:{told.amount}"

    @property
    def source(self) -> str:
        return "its headers" if self.told_by == "headers" else "a refusal"


def set_for(told: LimitEntry, entries: Iterable[LimitEntry]) -> LimitEntry | None:
    """Of what is set for the same unit and length of window, the lowest. A period of a calendar has a length too."""
    fitting = [
        entry
        for entry in entries
        if (entry.scope, entry.unit, entry.window.length_s) == (told.scope, told.unit, told.window.length_s)
    ]
    return min(fitting, key=lambda entry: entry.amount, default=None)
