"""Budgets as values: which buckets cover a call, and what was reserved of them. Counting is the shared store's."""

from dataclasses import dataclass

from providers.routing.limits.amounts import NOTHING, Amounts, Unit, amount_words
from providers.routing.limits.window import Window
from providers.routing.seconds import DAY_S, MINUTE_S

EVERYTHING = "*"
"""What the limits of the installation are kept under: no provider has that id."""
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
GRAINS = 1000
"""Of a window longer than a day, calls are counted by so many parts of it: a whole part leaves with its last call."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most ``limit`` units in any such window; evenly spread where ``is_smooth``.

    ``limit`` of money is in millionths. ``key`` names its owner: a provider, a route, or EVERYTHING.
    """

    key: str
    unit: Unit
    window: Window
    limit: int
    is_smooth: bool = False

    @property
    def name(self) -> str:
        """Names what is counted, whatever the limit: a changed limit keeps its log."""
        return f"{self.key}:{self.unit}:{self.window.name}"

    @property
    def window_s(self) -> int:
        return self.window.length_s

    @property
    def span_ms(self) -> int:
        """How long an entry counts; of a period of the calendar, at most."""
        longer_s = MARGIN_S + (DAY_S if self.window.time_zone else 0)  # no change of clocks makes it so much longer
        return self.window_s * 1000 + round(longer_s * 1000)

    @property
    def gap_ms(self) -> float:
        """Milliseconds of even pace per unit; 0 for what is never spread: longer windows, and the calendar."""
        return STRETCH * self.window_s * 1000 / self.limit if self.is_short and not self.window.time_zone else 0.0

    @property
    def grain_ms(self) -> int:
        """Calls of so long are counted as one; 0 where each is counted by itself."""
        return self.window_s * 1000 // GRAINS if self.window_s > DAY_S and not self.window.time_zone else 0

    @property
    def is_lumped(self) -> bool:
        """Whether calls are counted together: by the grain, or by the period of a calendar."""
        return bool(self.grain_ms or self.window.time_zone)

    @property
    def is_short(self) -> bool:
        """Whether a shared store that lost its data waits it out; longer ones are counted anew from the ledger."""
        return self.window_s <= MINUTE_S

    @property
    def words(self) -> str:
        """``8,000 tokens per minute``."""
        return f"{amount_words(self.unit, self.limit)} per {self.window.words}"

    def cost(self, amounts: Amounts) -> int:
        """Units that one call takes. One that is larger than the whole limit may go when the window is empty."""
        return min(amounts.of(self.unit), self.limit)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was taken from the buckets for one call, to be booked with what came of it, or released.

    ``scopes`` are those of the admission; ``at_ms`` is when the call may leave, on the server's clock.
    ``is_test``: a good answer ends the suspensions that it was let past. ``account``: as the admission's.
    """

    id: str
    buckets: tuple[Bucket, ...] = ()
    amounts: Amounts = NOTHING
    scopes: tuple[str, ...] = ()
    at_ms: int = 0
    version: int = 0
    is_test: bool = False
    account: str = ""


@dataclass(frozen=True, slots=True)
class PastUse:
    """What a call of the past took of a bucket, or several that it counts together; ``id`` names them for good."""

    bucket: Bucket
    id: str
    ago_s: float
    amount: int = 1


def roomy(limit: int) -> int:
    """How much of a limit may be used while it still has room."""
    return int(ROOMY * limit)
