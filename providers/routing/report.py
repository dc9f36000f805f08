"""What the shared store is told of a call that has come back, and what it makes of it."""

from dataclasses import dataclass
from enum import IntEnum

from providers.llm.errors import ErrorKind
from providers.llm.types import LimitFact
from providers.routing.breaker import Trip
from providers.routing.limits.amounts import Amounts

FIRST_WAIT_S = 10.0
"""How long a vendor that names no time is not called at first."""


class Suspicion(IntEnum):
    """Whether a failure is the item's own. LIKELY: the route answered others lately, and nobody else fails there.
    SURE: it has answered others since it began to fail this item."""

    NONE = 0
    LIKELY = 1
    SURE = 2


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that counts against a scope's breaker. ``item`` names what was asked for; empty where nobody knows."""

    scope: str
    kind: ErrorKind
    reason: str
    trip: Trip
    item: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """The vendor said to wait: no call to ``scope`` for ``seconds``; None where it named no time.

    It never shortens an earlier one. Refusals that go on are waited for longer each time, from ``first_s`` on.
    ``account`` is the provider whose limit it may be instead: one call to another of its models finds out. Empty where
    limits are known to be each model's own.
    """

    scope: str
    seconds: float | None
    reason: str
    first_s: float = FIRST_WAIT_S
    account: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How an admitted call went. Without ``failure``, ``hold`` and ``is_silent`` the vendor is well.

    ``used`` is what it really took; None lets the estimate stand. ``is_unsent``: it never reached the vendor, so it
    uses up nothing. ``lag_s`` is how much later than admitted the call left, ``latency_s`` how long it took.
    ``outage`` counts too where ``failure`` opens its breaker as one of several, or where the call was the probe of its
    scope. ``refusal``: the vendor works, but does not take the request. ``is_useless``: the vendor works, but this says
    nothing of what it can do for others. ``congested`` are scopes that should have fewer calls at once; ``vendor`` is
    what it said of its limits. ``is_silent``: nothing is known of how it went.
    """

    used: Amounts | None = None
    lag_s: float = 0.0
    latency_s: float = 0.0
    failure: Failure | None = None
    outage: Failure | None = None
    refusal: Failure | None = None
    hold: Hold | None = None
    congested: tuple[str, ...] = ()
    vendor: tuple[LimitFact, ...] = ()
    is_unsent: bool = False
    is_useless: bool = False
    is_silent: bool = False

    @property
    def is_well(self) -> bool:
        """Whether the vendor works."""
        return not (self.failure or self.hold or self.is_silent)

    @property
    def is_good(self) -> bool:
        """Whether it answered somebody well."""
        return self.is_well and not (self.refusal or self.is_useless)
