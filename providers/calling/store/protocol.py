"""The state that all workers share, behind one protocol: budgets, holds, breakers and places for calls."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from providers.routing.admission import Admission, Admitted, Outlook, Refused, ScopeState
from providers.routing.limits.budget import Bucket, PastUse, Reservation
from providers.routing.limits.use import Use
from providers.routing.report import Report, Suspicion


class Store(Protocol):
    """Each call is one atomic operation. All raise StoreUnavailable.

    StoreLost: ``admit``, ``outlook``, ``book``, ``release`` and ``renew``, where the store has lost its data.
    """

    async def admit(self, admission: Admission) -> Admitted | Refused:
        """Reserve everything that the call needs, or nothing, and say how long to wait."""

    async def outlook(self, admissions: Sequence[Admission]) -> tuple[Outlook, ...]:
        """What ``admit`` would go by for each of them now, in one round trip. Nothing is reserved, nobody is noted."""

    async def book(self, reservation: Reservation, report: Report) -> Suspicion:
        """The call is back: free its places, settle its budgets, and let breakers and concurrency learn from it.

        Answers whether a failure seems to be the item's own; then it counts against no route.
        """

    async def release(self, reservation: Reservation) -> None:
        """Give everything back, a probe's place too: nothing was sent."""

    async def renew(self, reservations: Iterable[Reservation]) -> None:
        """These calls are under way: they keep their places, and a probe's, for CALL_LEASE_S from now on."""

    async def clear(self, scopes: Iterable[str], version: int) -> None:
        """A person changed key, URL or switch: forget suspension, hold, failures and concurrency at once.

        ``version`` is the configuration's with that change: what goes by an earlier one is not let out any more, and
        how it fails says nothing.
        """

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        """What is held against each scope, and how many calls it has and may have."""

    async def look(
        self, scopes: Iterable[str], buckets: Iterable[Bucket]
    ) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
        """``states``, and the units that count in each bucket's current window, in one round trip."""

    async def uses(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, Use]:
        """What counts in each bucket now, and when it leaves, in one round trip. Where each call is counted by itself,
        what leaves in a slice is told by the mean of all its calls."""

    async def restore(self, past: Iterable[PastUse], rest_s: float) -> None:
        """Fill an empty store with what calls of the ledger took, then let calls leave; those under a limit of a minute
        or less after a rest of ``rest_s``. What is there already stays."""
