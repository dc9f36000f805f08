"""What is asked of the shared store, and what it answers.

StoreUnavailable
    the server is away, still loading, or refuses to write. Anything else that it answers is a bug and stays what it is.
"""

from dataclasses import dataclass
from enum import StrEnum

from providers.llm.errors import ErrorKind
from providers.routing.breaker import PROBE_LEASE_S
from providers.routing.budget import Bucket, Reservation


class StoreUnavailable(Exception):  # noqa: N818 - the name of a state that callers wait out
    """The shared state cannot be reached: no call may leave until it can."""


class Obstacle(StrEnum):
    SUSPENDED = "suspended"
    HELD = "held"
    OVER_BUDGET = "over_budget"


@dataclass(frozen=True, slots=True)
class Admission:
    """What one call needs: no suspended scope, no held scope, and room in every bucket.

    Scopes are a provider id and a route key.
    A call that becomes a probe keeps others out for ``probe_lease_s`` at most: give more than the call may take.
    """

    scopes: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    tokens: int
    probe_lease_s: float = PROBE_LEASE_S


@dataclass(frozen=True, slots=True)
class Admitted:
    """The call may leave. ``probes`` names the scopes that are half-open and for which this call is the one probe."""

    reservation: Reservation
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The call must wait ``wait_s`` seconds, exactly, because of ``scope`` (for a budget: the bucket's key).

    Of several obstacles of one sort it is the longest. ``half_open``: another call is the probe, and the wait ends
    with its lease at the latest; its outcome may open the way sooner.
    """

    wait_s: float
    obstacle: Obstacle
    scope: str
    reason: str = ""
    half_open: bool = False


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What the breaker says of one scope; ``reason`` holds the last fault's words.

    ``suspended_for_s`` is 0 where it is closed or half-open.
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

    @property
    def is_suspended(self) -> bool:
        return self.suspended_for_s > 0
