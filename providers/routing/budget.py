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
STRETCH = 1.015
"""Even pace is this much slower than the limit, so that a call that is late by some of a gap is no call too many."""
HORIZON_MS = 500
"""By an even pace a call may be told so long before it leaves when that will be."""
LONGEST_RESET_MS = DAY_S * 1000
SMOOTH_FOR_MS = 600_000
"""So long a vendor that refused a call in spite of room is called at an even pace."""
ROOMY = 0.9
"""A window used up to this share still has room."""


class Unit(StrEnum):
    REQUESTS = "requests"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most ``limit`` units in any sliding window of ``window_s`` seconds; evenly spread where ``is_smooth``.

    ``key`` names its owner: a provider or a route.
    """

    key: str
    unit: Unit
    window_s: int
    limit: int
    is_smooth: bool = False

    def __str__(self) -> str:
        return f"limit of {self.limit} {self.unit} in {self.window_s} s"

    @property
    def name(self) -> str:
        """Names what is counted, whatever the limit: a changed limit keeps its log."""
        return f"{self.key}:{self.unit}:{self.window_s}"

    @property
    def gap_ms(self) -> float:
        """Milliseconds of even pace per unit; 0 for a day, which is never spread."""
        return STRETCH * self.window_s * 1000 / self.limit if self.window_s <= MINUTE_S else 0.0

    def cost(self, tokens: int) -> int:
        """Units that one call takes. One that is larger than the whole limit may go when the window is empty."""
        return 1 if self.unit is Unit.REQUESTS else min(max(tokens, 0), self.limit)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was taken from the buckets for one call, to be booked with what came of it, or released.

    ``scopes`` are those of the admission; ``at_ms`` is when the call may leave, on the server's clock.
    ``is_test``: a good answer ends the suspensions that it was let past.
    """

    id: str
    buckets: tuple[Bucket, ...] = ()
    tokens: int = 0
    scopes: tuple[str, ...] = ()
    at_ms: int = 0
    version: int = 0
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What one call took from one bucket, and when it left."""

    id: str
    at_ms: int
    amount: int


@dataclass(frozen=True, slots=True)
class Surplus:
    """What the vendor counts beyond our own entries, until when."""

    amount: int = 0
    until_ms: int = 0


def span_ms(bucket: Bucket, margin_s: float) -> int:
    """How long an entry counts."""
    return bucket.window_s * 1000 + round(margin_s * 1000)


def live(entries: Iterable[Entry], now_ms: int, span_ms: int) -> tuple[Entry, ...]:
    """The entries that still count."""
    return tuple(entry for entry in entries if entry.at_ms > now_ms - span_ms)


def used(entries: Iterable[Entry]) -> int:
    return sum(entry.amount for entry in entries)


def wait_ms(
    entries: tuple[Entry, ...], cost: int, limit: int, now_ms: int, span_ms: int, *, surplus: Surplus = Surplus()
) -> int:
    """Milliseconds until ``cost`` more units fit beside the live ``entries`` and the surplus; 0 where they fit now."""
    extra = surplus.amount if surplus.until_ms > now_ms else 0
    excess = used(entries) + extra + cost - limit
    if excess <= 0:
        return 0
    waits = [_leave_ms(entries, excess, now_ms, span_ms)]
    if extra:
        rest = _leave_ms(entries, excess - extra, now_ms, span_ms)
        waits.append(None if rest is None else max(surplus.until_ms - now_ms, rest))
    known = [wait for wait in waits if wait is not None]
    if not known:
        raise ValueError(f"A cost of {cost} never fits a limit of {limit}.")
    return min(known)


def _leave_ms(entries: tuple[Entry, ...], excess: int, now_ms: int, span_ms: int) -> int | None:
    """Milliseconds until the oldest entries that make up ``excess`` units have left; None where they are fewer."""
    freed = 0
    if excess <= 0:
        return 0
    for entry in entries:
        freed += entry.amount
        if freed >= excess:
            return entry.at_ms + span_ms - now_ms
    return None


def surplus_of(limit: int, entries: Iterable[Entry], left: int, until_ms: int) -> Surplus:
    """What the vendor must be counting beyond ``entries`` where it says that ``left`` of the limit are left."""
    return Surplus(max(limit - used(entries) - left, 0), until_ms)
