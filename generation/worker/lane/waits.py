"""On what the items of a lane wait, and what the shared store says of its routes: watched, noted and shown."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from generation.engine.waiting import longest, outages, waiting_words
from generation.worker.items import batches, places
from generation.worker.lane.observer import LaneObserver
from providers.calling.store.protocol import Store
from providers.routing.admission import ScopeState, StoreUnavailable
from providers.routing.policy import Waiting
from providers.routing.route import Route

EVERY_S = 1.0

Ask = Callable[..., Awaitable[Any]]


class Waits:
    def __init__(self, batch_id: int, lease_token: UUID, observer: LaneObserver) -> None:
        self._batch_id = batch_id
        self._lease_token = lease_token
        self._observer = observer
        self._pauses: list[Waiting] = []
        self._states: Mapping[str, ScopeState] = {}
        self._looked_at = 0.0
        self._told: str | None = None

    async def sit_out(self, seconds: float, reason: str, stopping: asyncio.Event) -> bool:
        """Whether the wait was sat out; False where the lane stopped first."""
        pause = Waiting(reason, time.monotonic())
        self._pauses.append(pause)
        try:
            async with asyncio.timeout(seconds):
                await stopping.wait()
        except TimeoutError:
            return True
        finally:
            self._pauses.remove(pause)
        return False

    async def look(self, store: Store, routes: Sequence[Route], *, is_last: bool = False) -> None:
        """At suspensions, once a second; while the store is away, what it said last stands."""
        if not is_last and time.monotonic() - self._looked_at < EVERY_S:
            return
        asked_at, self._looked_at = self._observer.clock(), time.monotonic()
        try:
            self._states = await store.states(dict.fromkeys(scope for route in routes for scope in route.scopes))
        except StoreUnavailable:
            return
        self._observer.look(self._states, routes, asked_at)

    async def tell(self, ask: Ask, in_line: Iterable[Waiting], in_work: int, shown: str) -> None:
        """Why nothing moves, where every item in work waits. Other lanes may show another reason, or go on."""
        wait = longest([*self._pauses, *in_line], in_work)
        reason = waiting_words(outages(self._states), wait) if wait else ""
        if reason == self._told and bool(reason) == bool(shown):
            return
        self._told = reason
        await ask(self._show, reason, time.monotonic() - wait.since if wait else 0.0)

    def _show(self, reason: str, waited_s: float) -> None:
        places.show_waiting(self._lease_token, reason, waited_s)
        batches.show_waiting(self._batch_id)
