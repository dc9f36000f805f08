"""One lane: an event loop that keeps many calls in flight for one batch, for a short while."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from generation import events, ledger
from generation.choices import BatchStatus
from generation.engine.caps import Spend
from generation.models import Batch, Item
from generation.worker import caps, claims, lanes, loops, shutdown, spending, upkeep
from generation.worker.database import AWAY, Database
from generation.worker.lanes import Place
from generation.worker.making import Surroundings, make
from generation.worker.outbox import Outbox
from generation.worker.slots import Slots
from generation.worker.witness import LaneWitness
from providers import live
from providers.gateway import Gateway
from providers.routing.config import Snapshot
from providers.routing.estimates import Estimates
from providers.snapshot import keeper

logger = logging.getLogger(__name__)

CLAIMING_S = 20.0  # after this long a lane makes room for other batches that wait for one
LONGEST_S = 150.0  # well under the broker's visibility timeout, with the longest calls still to finish
LAST_TRIES_S = 3.0  # a worker that must stop, and has no call in flight, waits so long for the database
LOOK_UP_S = 0.25
CAP_PAUSE_S = 1.0
BEAT_S = 0.4
RENEW_S = 5.0


def run_lane(
    place: Place,
    *,
    claim_for_s: float = LONGEST_S,
    is_halted: Callable[[], bool] = shutdown.requested,
    is_urgent: Callable[[], bool] = lambda: False,
) -> Place | None:
    """Work at the place for a while. The place to come back to, or None where nothing is left to do.

    Once ``is_halted``, nothing new starts and calls in flight get SHUTDOWN_GRACE_S seconds; none where it
    ``is_urgent``. Where it is halted from the start, the place goes back as it came.
    """
    if is_halted():
        return place
    lease_token = uuid4()
    next_round = lanes.take(place, lease_token)
    if next_round is None:
        return None
    batch = claims.open_batch(place.batch_id)
    if batch is None:
        lanes.leave(lease_token, comes_back=False)
        return None
    comes_back = loops.run(Lane(batch, lease_token, claim_for_s, is_halted, is_urgent).run())
    return next_round if comes_back else None


class Lane:
    """The state of one run: its slots, the way of its results, and why it stops."""

    def __init__(
        self,
        batch: Batch,
        lease_token: UUID,
        claim_for_s: float,
        is_halted: Callable[[], bool],
        is_urgent: Callable[[], bool],
    ) -> None:
        self.batch = batch
        self.lease_token = lease_token
        self.claim_for_s = claim_for_s
        self.is_halted, self.is_urgent = is_halted, is_urgent
        self.snapshot = keeper.current(fresh=True)
        self.routes = upkeep.routes_of(batch, self.snapshot)
        self.estimates = Estimates()
        self.witness = LaneWitness()
        self.gateway: Gateway | None = None
        self.stopping = asyncio.Event()
        self.pause: tuple[str, float | None] | None = None
        self.waiting: Counter[str] = Counter()
        self.database = Database(f"batch {batch.pk}", self._is_hurried)
        self._quiet_at: float | None = None
        self._upkeep = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upkeep")

    async def run(self) -> bool:
        """Whether a lane should come back to this place."""
        self.outbox = Outbox(self.database, self.batch, self.lease_token)
        try:
            async with live.open_store() as store:
                self.gateway = Gateway(store, estimates=self.estimates)
                self.slots = Slots(
                    settings.GENERATION_CALLS_PER_LANE,
                    settings.GENERATION_LANES,
                    self.batch.count - self.batch.generated - self.batch.failed,
                    claim=self._claim,
                    work=partial(make, lane=self._surroundings(self.gateway)),
                    deliver=self.outbox.put,
                )
                watches = [asyncio.create_task(watch) for watch in (self._heed_halt(), self._beat())]
                try:
                    self.estimates.seed(await self.database.patiently(ledger.recent_answers))
                    await self._work()
                finally:
                    await self.outbox.close()
                    await self.gateway.aclose()
            if self.batch.has_cap:
                await self._pause(CAP_PAUSE_S, "")  # what others have in flight may yet leave room
            return await self.database.patiently(self._leave)
        except AWAY as error:  # only in a hurry
            logger.warning("batch %s: left to run out, the database is away: %s", self.batch.pk, error)
            return False
        finally:
            for watch in watches:
                watch.cancel()
            self._upkeep.submit(connections.close_all)
            self._upkeep.shutdown(wait=False)
            await self.database.close()

    def _leave(self) -> bool:
        """Pause or end the batch where that is due, and give the place up."""
        claims.hand_back(self.lease_token)
        self._write_notes()
        if self.pause is not None:
            claims.pause_batch(self.batch.pk, *self.pause)
        claims.finish_if_done(self.batch.pk)
        if self.batch.has_cap:
            caps.pause_if_reached(self.batch.pk, self._per_item())
        comes_back = self.batch.pk in upkeep.batches_with_work()
        lanes.leave(self.lease_token, comes_back=comes_back)
        return comes_back

    async def _work(self) -> None:
        """Keep every slot busy until there is nothing to claim or it is time to stop; then finish what was begun."""
        started_at = asked_at = time.monotonic()
        is_handed_back = False
        self.slots.fill()
        while not await self.slots.until_idle(LOOK_UP_S):
            now = time.monotonic()
            if self.stopping.is_set():
                if not is_handed_back and not self.slots.is_claiming:
                    await self.database.patiently(claims.hand_back, self.lease_token, keeping=self._held())
                    is_handed_back = True
            elif self.slots.error or now - started_at > min(self.claim_for_s, LONGEST_S):
                self._stop()
            elif now - asked_at > CLAIMING_S:
                asked_at = now
                if await self.database.patiently(lanes.others_wait, self.batch.pk):
                    self._stop()
        if self.slots.error:
            raise self.slots.error

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
        return spending.per_item(self.batch, self.routes, self.estimates)

    async def _may_spend(self, item: Item) -> bool:
        """Whether the batch's caps leave room for one more call of an item in work."""
        if not self.batch.has_cap:
            return True
        return await self.database.patiently(
            caps.reserve_more, self.batch.pk, item.pk, self.lease_token, self._per_item()
        )

    def _held(self) -> set[int]:
        return self.slots.held | self.outbox.held

    def _surroundings(self, gateway: Gateway) -> Surroundings:
        return Surroundings(
            self.batch,
            gateway,
            routes=lambda: self.routes,
            pause=self._pause,
            may_call=lambda: not self.stopping.is_set(),
            may_spend=self._may_spend,
            no_route=self._no_route,
            witness=self.witness,
        )

    def _no_route(self, reason: str, wake_after_s: float | None) -> None:
        self.pause = (reason, wake_after_s)
        self._stop()

    async def _pause(self, seconds: float, reason: str) -> bool:
        """Sit out a wait, unless the lane stops first."""
        self.waiting[reason] += 1
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return True
        finally:
            self.waiting[reason] -= 1
        return False

    async def _heed_halt(self) -> None:
        """Stop when told to, and cut off what is in flight when its time is over. Never waits for the database."""
        halted_at: float | None = None
        is_cut_off = False
        while True:
            now = time.monotonic()
            if self.is_halted():
                halted_at = now if halted_at is None else halted_at
                self._stop()
                if not is_cut_off and (self.is_urgent() or now - halted_at > settings.SHUTDOWN_GRACE_S):
                    self.slots.cut_off()
                    is_cut_off = True
                if not len(self.slots) and self._quiet_at is None:
                    self._quiet_at = now
            await asyncio.sleep(LOOK_UP_S)

    def _is_hurried(self) -> bool:
        return self._quiet_at is not None and time.monotonic() - self._quiet_at > LAST_TRIES_S

    async def _beat(self) -> None:
        """Twice a second: show that the lane lives, obey a stop, take up a new configuration, keep the lease."""
        renewed_at = time.monotonic()
        upkeep_done: Future[None] | None = None
        while True:
            try:
                await self._look_around()
                if time.monotonic() - renewed_at > RENEW_S:
                    renewed_at = time.monotonic()
                    await self.database.ask(self._renew)
                    self.slots.look_again()
                    if upkeep_done is None or upkeep_done.done():
                        upkeep_done = self._upkeep.submit(upkeep.keep_up_in_turn)
            except AWAY as error:
                logger.warning("batch %s: the database is away: %s", self.batch.pk, error)
            except Exception:  # a lane without its beat would lose its lease and hear no stop
                logger.exception("batch %s: an error in the lane's beat", self.batch.pk)
            await asyncio.sleep(BEAT_S)

    async def _look_around(self) -> None:
        standing = await self.database.ask(claims.standing, self.batch.pk)
        if standing is None or standing.status is not BatchStatus.RUNNING:
            self._stop()
        else:
            self.slots.open_items = standing.open_items
            self._keep_to(standing.caps)
            reason = self._waiting_words()
            if reason != standing.reason:
                await self.database.ask(claims.show_waiting, self.batch.pk, reason)
        if self.witness.notes:
            await self.database.ask(self._write_notes)
        self._take_up(await self.database.ask(keeper.current, fresh=True))

    def _stop(self) -> None:
        """Nothing new starts."""
        self.stopping.set()
        self.slots.shut()
        if self.gateway is not None:
            self.gateway.disperse()

    def _keep_to(self, new_caps: tuple[int | None, Decimal | None]) -> None:
        """A person may have stopped the batch, capped it, and resumed it, all between two looks."""
        if new_caps != (self.batch.token_cap, self.batch.cost_cap):
            self.batch.token_cap, self.batch.cost_cap = new_caps
            self._reroute()

    def _take_up(self, snapshot: Snapshot) -> None:
        if snapshot is not self.snapshot:
            self.snapshot = snapshot
            self._reroute()

    def _reroute(self) -> None:
        self.routes = upkeep.routes_of(self.batch, self.snapshot)
        if self.gateway is not None:
            self.gateway.disperse()

    def _renew(self) -> None:
        """Hold on to place and items."""
        lanes.show(self.lease_token)
        claims.renew(self.lease_token)

    def _write_notes(self) -> None:
        noted = len(self.witness.notes)
        if not noted:
            return
        events.record(self.batch.pk, self.witness.notes[:noted])
        del self.witness.notes[:noted]

    def _waiting_words(self) -> str:
        """Why nothing moves, where every item in work waits."""
        waits = +self.waiting + (self.gateway.waiting() if self.gateway else Counter())
        if not len(self.slots) or waits.total() < len(self.slots):
            return ""
        return waits.most_common(1)[0][0]
