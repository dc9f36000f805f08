"""One lane: an event loop that keeps many calls in flight for one batch, for a short while.

The database is asked from one thread of the lane's own, so that the loop never waits for it and one connection serves.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

from generation.choices import BatchStatus
from generation.engine.parsing import Draft
from generation.engine.produce import Produced, produce
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.worker import claims, lanes, saving, shutdown, upkeep
from generation.worker.lanes import Place
from generation.worker.saving import Result
from generation.worker.specs import spec_of
from providers import live
from providers.errand import Errand
from providers.gateway import Gateway
from providers.routing.config import Snapshot
from providers.routing.outcomes import GiveUp, Wait
from providers.routing.route import chain
from providers.routing.walk import Trail
from providers.snapshot import keeper

logger = logging.getLogger(__name__)

CLAIMING_S = 20.0  # after this long a lane makes room for other batches that wait for one
LONGEST_S = 150.0  # well under the broker's visibility timeout, with the longest calls still to finish
DRAIN_S = 8.0  # a worker that is shutting down gives its calls in flight so long
BEAT_S = 0.4
RENEW_S = 5.0
SAVE_EVERY_S = 0.5
SAVE_GROUP = 50
DATABASE_PAUSE_S = 1.0
AWAY = (OperationalError, InterfaceError)
OWN_ERROR = "An error in legalds itself; the worker's log has the traceback."

P = ParamSpec("P")
T = TypeVar("T")


def run_lane(
    place: Place, *, claim_for_s: float = LONGEST_S, is_halted: Callable[[], bool] = shutdown.requested
) -> Place | None:
    """Work at the place for a while. The place to come back to at once, or None where nothing is left to do.

    ``is_halted`` is asked twice a second: nothing new starts then, and calls in flight get DRAIN_S seconds.
    """
    lease_token = uuid4()
    next_round = None if is_halted() else lanes.take(place, lease_token)
    if next_round is None:
        return None
    batch = claims.open_batch(place.batch_id)
    if batch is None:
        lanes.leave(lease_token, comes_back=False)
        return None
    comes_back = asyncio.run(Lane(batch, lease_token, claim_for_s, is_halted).run())
    return next_round if comes_back else None


class Lane:
    """The state of one run: its items in work, the results not yet saved, and why it stops."""

    def __init__(self, batch: Batch, lease_token: UUID, claim_for_s: float, is_halted: Callable[[], bool]) -> None:
        self.batch = batch
        self.lease_token = lease_token
        self.claim_for_s = claim_for_s
        self.is_halted = is_halted
        self.choice = upkeep.choice_of(batch)
        self.snapshot = keeper.current(fresh=True)
        self.routes = chain(self.snapshot, self.choice)
        self.gateway: Gateway | None = None
        self.stopping = asyncio.Event()
        self.pause: tuple[str, float | None] | None = None
        self.working: set[asyncio.Task[Result]] = set()
        self.unsaved: list[Result] = []
        self.waiting: Counter[str] = Counter()
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._upkeep = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upkeep")

    async def run(self) -> bool:
        """Whether a lane should come back to this place at once."""
        beat = asyncio.create_task(self._beat())
        try:
            async with live.open_store() as store:
                gateway = self.gateway = Gateway(store)
                try:
                    await self._work(gateway)
                finally:
                    await self._save()
                    await gateway.aclose()
            return await self._patiently(self._leave)
        finally:
            beat.cancel()
            self._upkeep.submit(connections.close_all)
            await self._in_database(connections.close_all)
            self._database.shutdown()
            self._upkeep.shutdown(wait=False)

    def _leave(self) -> bool:
        """Pause or end the batch where that is due, and give the place up."""
        if self.pause is not None:
            claims.pause_batch(self.batch.pk, *self.pause)
        claims.finish_if_done(self.batch.pk)
        comes_back = not self.is_halted() and self.batch.pk in upkeep.batches_with_work()
        lanes.leave(self.lease_token, comes_back=comes_back)
        return comes_back

    async def _work(self, gateway: Gateway) -> None:
        """Keep every slot busy until there is nothing to claim or it is time to stop; then finish what was begun."""
        started_at = saved_at = asked_at = time.monotonic()
        exhausted = False
        while True:
            now = time.monotonic()
            if now - started_at > self.claim_for_s:
                self._stop()
            elif now - asked_at > CLAIMING_S:
                asked_at, exhausted = now, False
                if now - started_at > LONGEST_S or await self._patiently(lanes.others_wait, self.batch.pk):
                    self._stop()
            free = settings.GENERATION_CALLS_PER_LANE - len(self.working)
            if free and not exhausted and not self.stopping.is_set():
                items = await self._patiently(claims.claim, self.batch.pk, self.lease_token, free)
                exhausted = len(items) < free
                self.working |= {asyncio.create_task(self._produce(gateway, item)) for item in items}
            if not self.working:
                break
            done, self.working = await asyncio.wait(
                self.working, timeout=SAVE_EVERY_S, return_when=asyncio.FIRST_COMPLETED
            )
            self.unsaved += [task.result() for task in done]
            if len(self.unsaved) >= SAVE_GROUP or time.monotonic() - saved_at > SAVE_EVERY_S:
                await self._save()
                saved_at = time.monotonic()

    async def _produce(self, gateway: Gateway, item: Item) -> Result:
        errand = Errand(
            gateway,
            lambda: self.routes,
            self.batch.item_budget,
            item.sample_type,
            trail=Trail(faults=item.faults),
            pause=self._pause,
            may_call=lambda: not self.stopping.is_set(),
        )
        draft: Draft | None = None
        failure, retry_after_s = "", 0.0
        try:
            match await produce(build_request(spec_of(item), self.batch.instruction), errand):
                case Produced(draft=made):
                    draft = made
                case GiveUp(exhausted=True, reason=reason):
                    failure = reason
                case GiveUp(reason=reason, retry_after_s=wake_after_s):
                    self.pause = (reason, wake_after_s)
                    self._stop()
                case Wait(seconds=seconds):
                    retry_after_s = seconds
        except asyncio.CancelledError:
            logger.warning("batch %s: item %s is handed back, its call in flight is lost", self.batch.pk, item.number)
        except Exception:  # a bug met by one item must not cost the others their results
            logger.exception("batch %s: item %s met an error in legalds itself", self.batch.pk, item.number)
            failure = OWN_ERROR
        return Result(item, tuple(errand.calls), errand.faults, draft, failure, retry_after_s)

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

    async def _save(self) -> None:
        """Write what is finished. What cannot be written now is held and tried again: it was paid for."""
        while self.unsaved:
            results = self.unsaved[:SAVE_GROUP]
            try:
                await self._patiently(saving.save, self.batch.pk, self.lease_token, results)
            except Exception:  # whatever one row did to the group, the others were paid for
                logger.exception("batch %s: a group was refused, its results are saved one by one", self.batch.pk)
                for result in results:
                    await self._save_alone(result)
            del self.unsaved[: len(results)]

    async def _save_alone(self, result: Result) -> None:
        """Save one result of a group that the database refused; the one to blame becomes a failure."""
        for attempt in (result, Result(result.item, (), result.faults, failure=OWN_ERROR)):
            try:
                await self._patiently(saving.save, self.batch.pk, self.lease_token, [attempt])
            except Exception:  # as above; what cannot be stored at all must not stop the lane
                logger.exception("batch %s: item %s cannot be saved", self.batch.pk, result.item.number)
            else:
                return

    async def _beat(self) -> None:
        """Twice a second: show that the lane lives, obey a stop, take up a new configuration, keep the lease."""
        renewed_at = time.monotonic()
        halted_at: float | None = None
        upkeep_done: Future[None] | None = None
        while True:
            if self.is_halted():
                self._stop()
                halted_at = halted_at or time.monotonic()
                if time.monotonic() - halted_at > DRAIN_S:
                    for task in self.working:
                        task.cancel()
            try:
                status = await self._in_database(claims.show_waiting, self.batch.pk, self._waiting_words())
                self._take_up(await self._in_database(keeper.current, fresh=True))
                if status is not BatchStatus.RUNNING:
                    self._stop()
                if time.monotonic() - renewed_at > RENEW_S:
                    renewed_at = time.monotonic()
                    await self._in_database(self._renew)
                    if upkeep_done is None or upkeep_done.done():
                        upkeep_done = self._upkeep.submit(_keep_up)
            except AWAY as error:
                logger.warning("batch %s: the database is away: %s", self.batch.pk, error)
            except Exception:  # a lane without its beat would lose its lease and hear no stop
                logger.exception("batch %s: an error in the lane's beat", self.batch.pk)
            await asyncio.sleep(BEAT_S)

    def _stop(self) -> None:
        """Nothing new starts."""
        self.stopping.set()
        if self.gateway is not None:
            self.gateway.disperse()

    def _take_up(self, snapshot: Snapshot) -> None:
        if snapshot is not self.snapshot:
            self.snapshot, self.routes = snapshot, chain(snapshot, self.choice)
            if self.gateway is not None:
                self.gateway.disperse()

    def _renew(self) -> None:
        """Hold on to place and items."""
        lanes.show(self.lease_token)
        claims.renew(self.lease_token)

    def _waiting_words(self) -> str:
        """Why nothing moves, where every item in work waits."""
        waits = +self.waiting + (self.gateway.waiting() if self.gateway else Counter())
        if not self.working or waits.total() < len(self.working):
            return ""
        return waits.most_common(1)[0][0]

    async def _patiently(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the database until it answers."""
        while True:
            try:
                return await self._in_database(function, *args, **kwargs)
            except AWAY as error:
                logger.warning("batch %s: the database is away, trying again: %s", self.batch.pk, error)
                await asyncio.sleep(DATABASE_PAUSE_S)

    async def _in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def call() -> T:
            try:
                return function(*args, **kwargs)
            except AWAY:
                connection.close()  # a broken connection is not asked again
                raise

        return await asyncio.get_running_loop().run_in_executor(self._database, call)


def _keep_up() -> None:
    """The upkeep, in passing: with every worker busy no other task would. It may wait long for Redis or for locks."""
    try:
        upkeep.keep_up()
    except AWAY as error:
        logger.warning("upkeep: the database is away: %s", error)
        connection.close()
    except Exception:  # the next round tries again; the lane itself goes on
        logger.exception("upkeep met an error")
