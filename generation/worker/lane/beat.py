"""The beat of a lane: it keeps the lane's leases, and looks around for what has changed."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import connections

from generation.choices import BatchStatus
from generation.models import Batch
from generation.worker.items import batches, claims, places
from generation.worker.items.batches import BatchState
from generation.worker.lane.database import Database
from generation.worker.lane.in_work import ItemsInWork
from generation.worker.lane.observer import LaneObserver
from generation.worker.lane.routes import LaneRoutes
from generation.worker.lane.waits import Waits
from generation.worker.results import news
from generation.worker.running import upkeep
from providers.calling.gateway import Gateway
from providers.configuration.snapshot import keeper
from providers.database import DatabaseAway

logger = logging.getLogger(__name__)

BEAT_S = 0.4
RENEW_S = 5.0
RECOVER_S = 1.0


@dataclass(slots=True)
class Beat:
    """Of the lane whose parts these are. ``stop`` is called where its batch is not to be worked on any more."""

    batch: Batch
    lease_token: UUID
    database: Database
    routes: LaneRoutes
    gateway: Gateway
    observer: LaneObserver
    in_work: ItemsInWork
    waits: Waits
    stop: Callable[[], None]
    look_for_guests: Callable[[], None] | None
    _upkeep: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1, "upkeep"))
    _kept_up: Future[None] | None = None

    async def go_on(self) -> None:
        """Twice a second, until it is cancelled."""
        renewed_at = recovered_at = time.monotonic()
        while True:
            try:
                await self._look_around()
                if time.monotonic() - recovered_at > RECOVER_S:
                    recovered_at = time.monotonic()
                    self._in_passing(upkeep.recover_in_passing)
                if time.monotonic() - renewed_at > RENEW_S:
                    renewed_at = time.monotonic()
                    await self._renew()
            except DatabaseAway as error:
                logger.warning("batch %s: the database is away: %s", self.batch.pk, error)
            except Exception:  # a lane without its beat would lose its lease and hear no stop
                logger.exception("batch %s: an error in the lane's beat", self.batch.pk)
            await asyncio.sleep(BEAT_S)

    def close(self) -> None:
        """Upkeep that is under way is left to itself."""
        self._upkeep.shutdown(wait=False)

    async def _look_around(self) -> None:
        """Obey a stop, share with others, take up a new configuration and new caps, show on what all items wait, write
        down the news."""
        if self.look_for_guests:
            await self.database.ask(self.look_for_guests)
        state = await self.database.ask(batches.state_of, self.batch.pk)
        snapshot = await self.database.ask(keeper.current, fresh=True)
        if state is None or state.status is not BatchStatus.RUNNING:
            self.stop()
        else:
            await self._share(state)
            if self.routes.take_up(snapshot, state):
                self.gateway.disperse()
            await self.waits.look(self.gateway.store, self.routes.chain)
            await self.waits.tell(self.database.ask, self.gateway.waiting(), len(self.in_work), state.reason)
        gateway = self.gateway
        if self.observer.notes or gateway.adapting.news or gateway.told_limits.news:
            await self.database.ask(news.write, self.batch.pk, self.observer, gateway.adapting, gateway.told_limits)

    async def _share(self, state: BatchState) -> None:
        """With the other lanes of the batch, those too that have come since. What they let go can be claimed."""
        self.in_work.open_items, self.in_work.lanes = state.open_items, max(1, state.lanes)
        if state.lanes > 1:
            self.in_work.look_again()
        if surplus := self.in_work.let_go():
            await self.database.ask(claims.let_go, self.lease_token, surplus)

    async def _renew(self) -> None:
        """Hold on to place and items, and see to what others left behind."""
        await self.database.ask(places.show, self.lease_token)
        await self.database.ask(claims.renew, self.lease_token)
        self.in_work.look_again()
        self._in_passing(upkeep.keep_up_in_turn)

    def _in_passing(self, step: Callable[[], None]) -> None:
        """In a thread, unless that still has the last step to do."""
        if self._kept_up is None or self._kept_up.done():
            self._kept_up = self._upkeep.submit(_and_disconnect, step)


def _and_disconnect(step: Callable[[], None]) -> None:
    """The thread needs its connection every few seconds for a moment, if at all."""
    step()
    connections.close_all()
