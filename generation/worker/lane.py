"""One lane: an event loop that keeps many calls in flight for one batch, for a short while.

The database is asked from one thread of the lane's own, so that the loop never waits for it and one connection serves.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, connections

from generation.choices import BatchStatus
from generation.engine.produce import Produced, produce
from generation.engine.prompts import build_request
from generation.models import Batch, Item
from generation.worker import claims, saving, shutdown
from generation.worker.saving import Result
from generation.worker.specs import spec_of
from providers import live
from providers.errand import Errand
from providers.gateway import Gateway
from providers.routing.outcomes import GiveUp, Wait
from providers.routing.route import RouteChoice
from providers.routing.walk import Trail
from providers.snapshot import keeper

logger = logging.getLogger(__name__)

CLAIMING_S = 20.0  # after this long a lane claims no more, finishes its calls, and makes room for other batches
BEAT_S = 0.5
RENEW_S = 5.0
SAVE_EVERY_S = 0.5
SAVE_GROUP = 50
DATABASE_PAUSE_S = 1.0

P = ParamSpec("P")
T = TypeVar("T")


def run_lane(batch_id: int, *, claim_for_s: float = CLAIMING_S) -> bool:
    """Work on a batch for a while. True where it still runs and has items that wait for a lane."""
    batch = claims.open_batch(batch_id)
    if batch is None:
        return False
    asyncio.run(Lane(batch, claim_for_s=min(claim_for_s, CLAIMING_S)).run())
    claims.finish_if_done(batch_id)
    return Item.objects.pending().filter(batch_id=batch_id, batch__status=BatchStatus.RUNNING).exists()


class Lane:
    """The state of one run: its lease, its items in work, and the results not yet saved."""

    def __init__(self, batch: Batch, *, claim_for_s: float) -> None:
        self.batch = batch
        self.claim_for_s = claim_for_s
        self.choice = RouteChoice(batch.provider or None, batch.model or None)
        self.lease_token: UUID = uuid4()
        self.stopping = asyncio.Event()
        self.working: set[asyncio.Task[Result]] = set()
        self.unsaved: list[Result] = []
        self.waiting: Counter[str] = Counter()
        self.snapshot = keeper.current()
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")

    async def run(self) -> None:
        beat = asyncio.create_task(self._beat())
        try:
            async with live.open_store() as store:
                gateway = Gateway(store)
                try:
                    await self._work(gateway)
                finally:
                    await gateway.aclose()
        finally:
            beat.cancel()
            await self._in_database(connections.close_all)
            self._database.shutdown()

    async def _work(self, gateway: Gateway) -> None:
        """Keep every slot busy until there is nothing to claim or it is time to stop; then finish what was begun."""
        claim_until = time.monotonic() + self.claim_for_s
        saved_at = time.monotonic()
        exhausted = False
        while True:
            if time.monotonic() > claim_until:
                self.stopping.set()
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
        await self._save()

    async def _produce(self, gateway: Gateway, item: Item) -> Result:
        errand = Errand(
            gateway,
            lambda: self.snapshot,
            self.choice,
            self.batch.item_budget,
            Trail(faults=item.faults),
            self._pause,
        )
        try:
            outcome = await produce(build_request(spec_of(item), self.batch.instruction), errand)
        except Exception:  # a bug met by one item must not cost the others their results
            logger.exception("batch %s: item %s met an error in legalds itself", self.batch.pk, item.number)
            return self._result(item, errand, failure="An error in legalds itself; the worker's log has the traceback.")
        match outcome:
            case Produced(draft=draft):
                return self._result(item, errand, draft=draft)
            case GiveUp(exhausted=True, reason=reason):
                return self._result(item, errand, failure=reason)
            case GiveUp(reason=reason, retry_after_s=retry_after_s):
                await self._patiently(claims.pause_batch, self.batch.pk, reason, retry_after_s)
                self.stopping.set()
            case Wait():
                pass
        return self._result(item, errand)

    def _result(self, item: Item, errand: Errand, **outcome: object) -> Result:
        return Result(item, tuple(errand.calls), errand.faults, **outcome)  # type: ignore[arg-type]

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
        if self.unsaved:
            results, self.unsaved = self.unsaved, []
            await self._patiently(saving.save, self.batch.pk, self.lease_token, results)

    async def _beat(self) -> None:
        """Twice a second: show that the lane lives, obey a stop, take up a new configuration, keep the lease."""
        renewed_at = time.monotonic()
        while True:
            try:
                status = await self._in_database(claims.beat, self.batch.pk, self._waiting_words())
                self.snapshot = await self._in_database(keeper.current)
                if time.monotonic() - renewed_at > RENEW_S:
                    await self._in_database(claims.renew, self.lease_token)
                    renewed_at = time.monotonic()
                if status is not BatchStatus.RUNNING or shutdown.requested():
                    self.stopping.set()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("batch %s: the database is away: %s", self.batch.pk, error)
            await asyncio.sleep(BEAT_S)

    def _waiting_words(self) -> str:
        """Why nothing moves, where every item in work waits."""
        waits = +self.waiting
        if not self.working or waits.total() < len(self.working):
            return ""
        return waits.most_common(1)[0][0]

    async def _patiently(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the database until it answers."""
        while True:
            try:
                return await self._in_database(function, *args, **kwargs)
            except (DatabaseError, InterfaceError) as error:
                logger.warning("batch %s: the database is away, trying again: %s", self.batch.pk, error)
                await asyncio.sleep(DATABASE_PAUSE_S)

    async def _in_database(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def call() -> T:
            try:
                return function(*args, **kwargs)
            except (DatabaseError, InterfaceError):
                connection.close()  # a broken connection is not asked again
                raise

        return await asyncio.get_running_loop().run_in_executor(self._database, call)
