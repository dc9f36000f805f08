"""The places of calls under way, renewed while their process lives: those of one that was killed are free soon."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from providers.calling.cancelling import cancelled
from providers.calling.store.protocol import Store
from providers.routing.admission import StoreUnavailable
from providers.routing.limits.budget import Reservation

logger = logging.getLogger(__name__)

RENEW_S = 5.0
RETRY_S = 1.0


class Leases:
    """Belongs to the event loop of its first call."""

    def __init__(self, store: Store, *, renew_s: float = RENEW_S) -> None:
        self._store = store
        self._renew_s = renew_s
        self._held: dict[str, Reservation] = {}
        self._renewing: asyncio.Task[None] | None = None

    @contextmanager
    def hold(self, reservation: Reservation) -> Iterator[None]:
        """Renew its places until the block ends."""
        self._held[reservation.id] = reservation
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            del self._held[reservation.id]

    async def aclose(self) -> None:
        if self._renewing is not None:
            await cancelled([self._renewing])

    async def _renew(self) -> None:
        pause_s = self._renew_s
        while True:
            await asyncio.sleep(pause_s)
            pause_s = self._renew_s
            try:
                if self._held:
                    await self._store.renew(list(self._held.values()))
            except StoreUnavailable:
                logger.warning("Redis is away: the places of %d calls could not be renewed.", len(self._held))
                pause_s = RETRY_S
