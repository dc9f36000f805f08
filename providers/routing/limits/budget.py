"""Budgets as values: which buckets cover a call, and what was reserved of them. Counting is the shared store's."""

from dataclasses import dataclass
from enum import StrEnum

from providers.routing.seconds import DAY_S, MINUTE_S

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
"""A window used up to this share still has room; above it is nearly full."""


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

    @property
    def name(self) -> str:
        """Names what is counted, whatever the limit: a changed limit keeps its log."""
        return f"{self.key}:{self.unit}:{self.window_s}"

    @property
    def period(self) -> str:
        """Its window in a word."""
        return "minute" if self.window_s <= MINUTE_S else "day"

    @property
    def span_ms(self) -> int:
        """How long an entry counts."""
        return self.window_s * 1000 + round(MARGIN_S * 1000)

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
    ``is_test``: a good answer ends the suspensions that it was let past. ``account``: as the admission's.
    """

    id: str
    buckets: tuple[Bucket, ...] = ()
    tokens: int = 0
    scopes: tuple[str, ...] = ()
    at_ms: int = 0
    version: int = 0
    is_test: bool = False
    account: str = ""


def roomy(limit: int) -> int:
    """How much of a limit may be used while it still has room."""
    return int(ROOMY * limit)
