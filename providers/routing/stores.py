"""The state that all workers share, behind one protocol: budgets, holds and breakers."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from providers.llm.errors import ErrorKind
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, ScopeState, StoreUnavailable
from providers.routing.budget import Bucket, Reservation
from providers.routing.redis_store import RedisStore, connect

__all__ = [
    "Admission",
    "Admitted",
    "Obstacle",
    "RedisStore",
    "Refused",
    "ScopeState",
    "Store",
    "StoreUnavailable",
    "connect",
]


class Store(Protocol):
    """Every method is one atomic step on the server's clock and raises StoreUnavailable where the server is away."""

    async def admit(self, admission: Admission) -> Admitted | Refused: ...

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        """Replace the reserved estimate with the real usage, be it more or less, at the time of the admission."""

    async def release(self, reservation: Reservation) -> None:
        """Give everything back, a probe's place too: nothing was sent."""

    async def free_probes(self, reservation: Reservation) -> None:
        """The call is back and says nothing of some scope that it probed: let the next call be its probe."""

    async def succeed(self, scopes: Iterable[str]) -> None:
        """Close the scopes' breakers and forget their failures."""

    async def fail(
        self, scope: str, kind: ErrorKind, reason: str, *, opens_after: int, open_s: float, max_open_s: float
    ) -> bool:
        """Count a failure; from ``opens_after`` consecutive ones on, or as a failed probe, suspend for ``open_s``
        doubled per opening up to ``max_open_s``. The deadline only ever moves later.

        True where this very failure opened it."""

    async def hold(self, scope: str, seconds: float, reason: str) -> None:
        """The vendor said to wait: no call to ``scope`` for that long. Never shortens an earlier hold."""

    async def clear(self, scopes: Iterable[str]) -> None:
        """A person changed key, URL or switch: forget suspension, hold and failures at once."""

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]: ...

    async def usage(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, int]:
        """Units used in each bucket's current window."""
