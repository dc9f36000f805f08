"""Budgets as values: which buckets cover a call, what was reserved of them, and the arithmetic of a sliding window.

The arithmetic here is what the scripts do inside the server; the memory twin runs it in Python.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MINUTE_S = 60
DAY_S = 86_400
MARGIN_S = 0.25
"""An entry counts for this much longer than its window, because calls reach the vendor unevenly late."""


class Unit(StrEnum):
    REQUESTS = "requests"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most ``limit`` units in any sliding window of ``window_s`` seconds.

    ``key`` names its owner: a provider or a route.
    """

    key: str
    unit: Unit
    window_s: int
    limit: int

    def __str__(self) -> str:
        return f"limit of {self.limit} {self.unit} in {self.window_s} s"

    def cost(self, tokens: int) -> int:
        """Units that one call takes. One that is larger than the whole limit may go when the window is empty."""
        return 1 if self.unit is Unit.REQUESTS else min(max(tokens, 0), self.limit)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was taken from the buckets for one call, to be settled with the real usage or released.

    ``scopes`` are those of the admission; ``at_s`` is the server's clock when it was made.
    """

    id: str
    buckets: tuple[Bucket, ...]
    tokens: int
    scopes: tuple[str, ...] = ()
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What one reservation took from one bucket, and when."""

    id: str
    at_ms: int
    amount: int


def span_ms(bucket: Bucket, margin_s: float) -> int:
    """How long an entry counts."""
    return bucket.window_s * 1000 + round(margin_s * 1000)


def live(entries: Iterable[Entry], now_ms: int, span_ms: int) -> tuple[Entry, ...]:
    """The entries that still count."""
    return tuple(entry for entry in entries if entry.at_ms > now_ms - span_ms)


def used(entries: Iterable[Entry]) -> int:
    return sum(entry.amount for entry in entries)


def wait_ms(entries: tuple[Entry, ...], cost: int, limit: int, now_ms: int, span_ms: int) -> int:
    """Milliseconds until ``cost`` more units fit beside the live ``entries``, oldest first; 0 where they fit now."""
    excess = used(entries) + cost - limit
    if excess <= 0:
        return 0
    freed = 0
    for entry in entries:
        freed += entry.amount
        if freed >= excess:
            return entry.at_ms + span_ms - now_ms
    raise ValueError(f"A cost of {cost} never fits a limit of {limit}.")
