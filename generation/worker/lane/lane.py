"""One lane: an event loop that keeps many calls in flight for one batch, for a short while."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from generation.engine.caps import Spend
from generation.models import Batch, Item
from generation.selectors import ledger
from generation.worker.items import batches, caps, claims, places
from generation.worker.items.places import Place
from generation.worker.lane import loops
from generation.worker.lane.beat import Beat
from generation.worker.lane.database import Database
from generation.worker.lane.duplicates import DuplicateCheck
from generation.worker.lane.halting import Halting
from generation.worker.lane.in_work import ItemsInWork, room
from generation.worker.lane.making import make
from generation.worker.lane.observer import LaneObserver
from generation.worker.lane.routes import LaneRoutes
from generation.worker.lane.waits import Waits
from generation.worker.results import news, recovery
from generation.worker.results.journal import Journal
from generation.worker.results.lines import Source
from generation.worker.results.outbox import Outbox
from generation.worker.running import shutdown, upkeep
from providers.calling import shared_store
from providers.calling.cancelling import cancelled
from providers.calling.gateway import Gateway
from providers.calling.store.protocol import Store
from providers.database import DatabaseAway
from providers.routing.limits.urgency import Urgency
from providers.routing.outcomes import NoRoute, PutBack
from providers.routing.route import Route

logger = logging.getLogger(__name__)

CLAIMING_S = 20.0  # after this long a lane makes room for a batch on which nobody works
LONGEST_S = 150.0  # well under the broker's visibility timeout, with the longest calls still to finish
LOOK_UP_S = 0.25
CAP_PAUSE_S = 1.0
LINGERS_S = 1.5  # a lane with nothing to do, for what others may let go to it


def run_lane(
    place: Place,
    *,
    claim_for_s: float = LONGEST_S,
    is_halted: Callable[[], bool] = shutdown.requested,
    is_urgent: Callable[[], bool] = lambda: False,
    look_for_guests: Callable[[], None] | None = None,
) -> Place | None:
    """Work at the place for a while. The place to come back to, or None where nothing is left to do.

    Once ``is_halted``, nothing new starts and calls in flight get SHUTDOWN_GRACE_S seconds; none where it
    ``is_urgent``. Where it is halted from the start, the place goes back as it came.

    ``look_for_guests`` is called again and again, in a thread that may ask the database; None in a process that is
    there for this batch alone, and so makes no room for others.
    """
    if is_halted():
        return place
    recovery.take_up()  # what a dead one was paid for must not be asked again
    lease_token = uuid4()
    next_round = places.take(place, lease_token)
    if next_round is None:
        return None
    batch = batches.open_batch(place.batch_id)
    if batch is None:
        places.leave(lease_token, comes_back=False)
        return None
    routes = LaneRoutes(batch)
    state = batches.state_of(batch.pk)
    connection.close()  # from here on the lane asks by another one: this would stand idle

    async def work() -> bool:
        async with shared_store.open_store() as store:
            run = LaneRun(
                store,
                batch,
                lease_token,
                routes,
                Halting(is_halted, is_urgent),
                lanes=max(1, state.lanes) if state else 1,
                claim_for_s=claim_for_s,
                look_for_guests=look_for_guests,
            )
            return await run.work_off()

    return next_round if loops.run(work()) else None


class LaneRun:
    """One run of a lane: its parts, and why it stops. It is made in its event loop."""

    def __init__(
        self,
        store: Store,
        batch: Batch,
        lease_token: UUID,
        routes: LaneRoutes,
        halting: Halting,
        *,
        lanes: int,
        claim_for_s: float,
        look_for_guests: Callable[[], None] | None,
    ) -> None:
        self.batch = batch
        self.texts = batch.prompt_texts
        self.lease_token = lease_token
        self.routes = routes
        self.claim_for_s = claim_for_s
        self.halting = halting
        self.makes_room = look_for_guests is not None
        self.gateway = Gateway(store, urgency=lambda: Urgency(batch.urgency), party=str(batch.pk))
        self.observer = LaneObserver()
        self.stopping = asyncio.Event()
        self.dead_end: NoRoute | None = None
        self.put_back_reason = ""
        self._idle_at: float | None = None
        self.waits = Waits(batch.pk, lease_token, self.observer)
        self.database = Database(f"batch {batch.pk}", halting.is_hurried)
        self.look_up = DuplicateCheck(self.database).look_up
        source = Source(batch.pk, batch.created_at, lease_token)
        journal = Journal(source, routes.installation)
        self.arrived = journal.arrived
        self.outbox = Outbox(self.database, source, journal)
        self.in_work = self._items_in_work(lanes)
        self.beat = self._beat(look_for_guests)

    async def work_off(self) -> bool:
        """Whether a lane should come back to this place."""
        watches = [asyncio.create_task(watch) for watch in self._watches()]
        try:
            await self._make_all()
            if self.batch.has_cap:
                await self.pause(CAP_PAUSE_S, "")  # what others have in flight may yet leave room
            return await self.database.patiently(self._leave)
        except DatabaseAway as error:  # only in a hurry
            logger.warning("batch %s: left to run out, the database is away: %s", self.batch.pk, error)
            return False
        finally:
            await cancelled(watches)  # one that asked a closed store would leave its connection open
            self.beat.close()
            await self.duplicates.close()
            await self.database.close()

    def chain(self) -> tuple[Route, ...]:
        return self.routes.chain

    async def pause(self, seconds: float, reason: str) -> bool:
        return await self.waits.sit_out(seconds, reason, self.stopping)

    def may_call(self) -> bool:
        return not self.stopping.is_set()

    async def may_spend(self, item: Item) -> bool:
        if not self.batch.has_cap:
            return True
        return await self.database.patiently(
            caps.reserve_more, self.batch.pk, item.pk, self.lease_token, self._per_item()
        )

    def no_route(self, outcome: NoRoute) -> None:
        self.dead_end = outcome
        self.stop()

    def put_back(self, outcome: PutBack) -> None:
        self.put_back_reason = outcome.reason

    def stop(self) -> None:
        """Nothing new starts."""
        self.stopping.set()
        self.in_work.shut()
        self.gateway.disperse()

    def _items_in_work(self, lanes: int) -> ItemsInWork:
        return ItemsInWork(
            self._room,
            lanes,
            self.batch.count - self.batch.generated - self.batch.failed,
            claim=self._claim,
            work=partial(make, lane=self),
            deliver=self.outbox.put,
        )

    def _beat(self, look_for_guests: Callable[[], None] | None) -> Beat:
        return Beat(
            self.batch,
            self.lease_token,
            self.database,
            self.routes,
            self.gateway,
            self.observer,
            self.in_work,
            self.waits,
            stop=self.stop,
            look_for_guests=look_for_guests,
        )

    def _watches(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What goes on beside the work."""
        return self.halting.heed(self.stop, self.in_work), self.beat.go_on()

    async def _make_all(self) -> None:
        """Work, and wait until all results are on their way."""
        try:
            self.gateway.estimates.seed(await self.database.patiently(ledger.recent_answers))
            await self._work()
            await self.waits.look(self.gateway.store, self.routes.chain, is_last=True)
        finally:
            await self.outbox.close()
            await self.gateway.aclose()

    def _leave(self) -> bool:
        """Pause or end the batch where that is due, and give the place up."""
        claims.hand_back(self.lease_token)
        news.write(self.batch.pk, self.observer, self.gateway.adapting, self.gateway.told_limits)
        if self.dead_end is not None:
            batches.pause_batch(self.batch.pk, self.dead_end.reason, self.dead_end.retry_after_s)
        batches.finish_if_done(self.batch.pk)
        if self.batch.has_cap:
            caps.pause_if_reached(self.batch.pk, self._per_item())
        comes_back = self.batch.pk in upkeep.batches_with_work()
        places.leave(self.lease_token, comes_back=comes_back)
        batches.show_waiting(self.batch.pk, "" if comes_back else self.put_back_reason)
        return comes_back

    async def _work(self) -> None:
        """Keep items in work until there is nothing to claim or it is time to stop; then finish what was begun."""
        started_at = asked_at = time.monotonic()
        is_handed_back = False
        self.in_work.fill()
        while not await self._is_over():
            now = time.monotonic()
            self.in_work.fill()
            if self.stopping.is_set():
                if not is_handed_back and not self.in_work.is_claiming:
                    await self.database.patiently(claims.hand_back, self.lease_token, keeping=self._held())
                    is_handed_back = True
            elif self.in_work.error or now - started_at > min(self.claim_for_s, LONGEST_S):
                self.stop()
            elif self.makes_room and now - asked_at > CLAIMING_S:
                asked_at = now
                if await self.database.patiently(places.is_a_batch_left_out):
                    self.stop()
        if self.in_work.error:
            raise self.in_work.error

    async def _is_over(self) -> bool:
        """Whether nothing is in work and nothing more comes. Looks for LOOK_UP_S.

        Beside other lanes it lingers: they let go what they have claimed ahead, once they see it at work.
        """
        if not await self.in_work.until_idle(LOOK_UP_S):
            self._idle_at = None
            return False
        now = time.monotonic()
        self._idle_at = self._idle_at or now
        others_hold = self.in_work.lanes > 1 and self.in_work.open_items > len(self._held())
        if self.stopping.is_set() or self.in_work.error or not others_hold or now - self._idle_at > LINGERS_S:
            return True
        await asyncio.sleep(LOOK_UP_S)
        return False

    async def _claim(self, limit: int) -> list[Item]:
        """What an earlier claim may have leased whose answer was lost is given up first."""
        keeping, is_retry = self._held(), False

        def claim() -> list[Item]:
            nonlocal is_retry
            if is_retry:
                claims.hand_back(self.lease_token, keeping=keeping)
            is_retry = True
            return claims.claim(self.batch, self.lease_token, limit, self._per_item())

        return await self.database.patiently(claim)

    def _per_item(self) -> Spend:
        return self.routes.per_item(self.gateway.estimates)

    def _room(self) -> int:
        return room(self.gateway.calls_in_flight, settings.GENERATION_CALLS_PER_LANE) + self.duplicates.waiting

    def _held(self) -> set[int]:
        return self.in_work.held | self.outbox.held
