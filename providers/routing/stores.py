"""The state that all workers share, behind one protocol: budgets, holds and breakers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from providers.llm.errors import ErrorKind
from providers.routing.budget import Bucket, Reservation


class StoreUnavailable(Exception):
    """The shared state cannot be reached: no call may leave until it can."""


class Obstacle(StrEnum):
    SUSPENDED = "suspended"
    HELD = "held"
    OVER_BUDGET = "over_budget"


@dataclass(frozen=True, slots=True)
class Admission:
    """What one call needs: no suspended scope, no held scope, and room in every bucket. Scopes are a provider id and a route key."""

    scopes: tuple[str, ...]
    buckets: tuple[Bucket, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """The call may leave. ``probes`` names the scopes that are half-open and for which this call is the one probe."""

    reservation: Reservation
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The call must wait ``wait_s`` seconds, exactly, because of ``scope``."""

    wait_s: float
    obstacle: Obstacle
    scope: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScopeState:
    """What the breaker says of one scope. ``suspended_for_s`` is 0 where it is closed; ``reason`` holds the last fault's words."""

    scope: str
    suspended_for_s: float = 0.0
    half_open: bool = False
    failures: int = 0
    kind: ErrorKind | None = None
    reason: str = ""

    @property
    def is_suspended(self) -> bool:
        return self.suspended_for_s > 0


class Store(Protocol):
    """Every method is one atomic step on the server's clock and raises StoreUnavailable where the server is away."""

    async def admit(self, admission: Admission) -> Admitted | Refused: ...

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        """Replace the reserved estimate with the real usage."""

    async def release(self, reservation: Reservation) -> None:
        """Give everything back: nothing was sent."""

    async def succeed(self, scopes: Iterable[str]) -> None:
        """Close the scopes' breakers and forget their failures."""

    async def fail(
        self, scope: str, kind: ErrorKind, reason: str, *, opens_after: int, open_s: float, max_open_s: float
    ) -> None:
        """Count a failure; from ``opens_after`` consecutive ones on, or as a failed probe, suspend for ``open_s`` doubled
        per opening up to ``max_open_s``. The deadline only ever moves later."""

    async def hold(self, scope: str, seconds: float, reason: str) -> None:
        """The vendor said to wait: no call to ``scope`` for that long. Never shortens an earlier hold."""

    async def clear(self, scopes: Iterable[str]) -> None:
        """A person changed key, URL or switch: forget suspension, hold and failures at once."""

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]: ...

    async def usage(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, int]:
        """Units used in each bucket's current window."""
