"""What the shared state is told of a call that has come back."""

from dataclasses import dataclass

from providers.llm.errors import ErrorKind
from providers.llm.types import RateLimitFacts
from providers.routing.breaker import Trip


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that counts against a scope's breaker."""

    scope: str
    kind: ErrorKind
    reason: str
    trip: Trip


@dataclass(frozen=True, slots=True)
class Hold:
    """The vendor said to wait: no call to ``scope`` for so long. It never shortens an earlier one."""

    scope: str
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """How an admitted call went. Without ``failure``, ``hold`` and ``is_silent`` the vendor answered and is well.

    ``tokens`` is the real usage; None lets the estimate stand.
    ``lag_s`` is how much later than admitted the call left, ``latency_s`` how long it took.
    ``outage`` counts too where ``failure`` opens its breaker, or where the call was the probe of its scope.
    ``congested`` are scopes that should have fewer calls at once; ``vendor`` is what its headers said is left.
    ``is_silent``: nothing is known of how it went.
    """

    tokens: int | None = None
    lag_s: float = 0.0
    latency_s: float = 0.0
    failure: Failure | None = None
    outage: Failure | None = None
    hold: Hold | None = None
    congested: tuple[str, ...] = ()
    vendor: RateLimitFacts | None = None
    is_silent: bool = False

    @property
    def is_well(self) -> bool:
        return not (self.failure or self.hold or self.is_silent)
