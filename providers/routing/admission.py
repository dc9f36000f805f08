"""What is asked of the shared store, and what it answers.

StoreUnavailable
    the server is away, still loading, or refuses to write. Anything else that it answers is a bug and stays what it is.
    StoreLost
        it answers, but has lost its data: what may leave is not known until the budgets are restored.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

from providers.llm.errors import ErrorKind
from providers.routing.breaker import PROBE_LEASE_S
from providers.routing.budget import Bucket, Reservation
from providers.routing.ramp import COLD_CALLS


class StoreUnavailable(Exception):  # noqa: N818 - the name of a state that callers wait out
    """The shared state cannot be reached: no call may leave until it can."""


class StoreLost(StoreUnavailable):
    """The shared state is empty: budgets must be restored from the ledger before a call may leave."""

    def __init__(self) -> None:
        super().__init__("The shared state is empty; budgets are being restored.")


class Obstacle(StrEnum):
    SUSPENDED = "suspended"
    HELD = "held"
    BUSY = "busy"
    OVER_BUDGET = "over_budget"


@dataclass(frozen=True, slots=True)
class Admission:
    """What one call needs: no suspended scope, no held scope, a place in every scope, and room in every bucket.

    Scopes are a provider id and a route key; ``ceilings`` are a person's bounds on calls at once, per scope.
    ``version`` is that of the configuration which it goes by: one from before a scope was cleared is not let out.
    Its place, and that of a probe, are free again after ``lease_s``: give more than the call may take.
    ``is_test``: a person wants to know now, so suspensions and holds do not stop it; places and budgets do.
    """

    scopes: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    tokens: int
    lease_s: float = PROBE_LEASE_S
    ceilings: tuple[int | None, ...] = ()
    version: int = 0
    is_test: bool = False
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The call may leave in ``delay_s``. ``probes`` names the half-open scopes for which this call is the one probe."""

    reservation: Reservation
    probes: tuple[str, ...] = ()
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Refused:
    """The call must wait ``wait_s`` seconds, exactly, because of ``scope`` (for a budget: the bucket's key).

    Of several obstacles of one sort it is the longest. ``half_open``: another call is the probe, and the wait ends
    with its lease at the latest; its outcome may open the way sooner. BUSY: all places are taken, and the wait is when
    to look again.
    """

    wait_s: float
    obstacle: Obstacle
    scope: str
    reason: str = ""
    half_open: bool = False


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What the breaker says of one scope; ``reason`` holds the last fault's words.

    ``suspended_for_s`` is 0 where it is closed or half-open. ``concurrency``: calls at once that the engine allows now.
    ``held_for_s`` is the rest of a vendor's own "wait", which is no fault.
    """

    scope: str
    suspended_for_s: float = 0.0
    half_open: bool = False
    failures: int = 0
    kind: ErrorKind | None = None
    reason: str = ""
    held_for_s: float = 0.0
    held_reason: str = ""
    in_flight: int = 0
    concurrency: int = COLD_CALLS

    @property
    def is_suspended(self) -> bool:
        return self.suspended_for_s > 0
