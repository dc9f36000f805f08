"""Calls that came back while Redis was away, booked once it is there: else their places stay taken for a lease."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from providers.calling.cancelling import cancelled
from providers.routing.admission import StoreUnavailable
from providers.routing.limits.budget import Reservation
from providers.routing.report import Report

logger = logging.getLogger(__name__)

RETRY_S = 1.0


class LateBookings:
    """Belongs to the event loop of its first booking. ``book`` raises StoreUnavailable while it cannot.

    What is left at the end runs out with its lease, and its estimate stands in the budgets.
    """

    def __init__(self, book: Callable[[Reservation, Report], Awaitable[object]], *, retry_s: float = RETRY_S) -> None:
        self._book = book
        self._retry_s = retry_s
        self._waiting: deque[tuple[Reservation, Report]] = deque()
        self._telling: asyncio.Task[None] | None = None

    def add(self, reservation: Reservation, report: Report) -> None:
        self._waiting.append((reservation, report))
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def aclose(self) -> None:
        if self._telling is not None:
            await cancelled([self._telling])

    async def _tell(self) -> None:
        while self._waiting:
            await asyncio.sleep(self._retry_s)
            try:
                while self._waiting:
                    await self._book(*self._waiting[0])
                    self._waiting.popleft()
            except StoreUnavailable:
                continue
