"""Batches, and the lanes that work on them: what a lane has of its database is in memory here, the rest is the real
thing."""

import asyncio
import heapq
from collections import deque
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from random import Random
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import uuid4

from generation.engine.planning.ordered import choice_of, mix_of
from generation.engine.planning.plan import ItemSpec, plan
from generation.models import Batch, Item
from generation.tests.simulation.vendors import Vendors
from generation.worker.items.specs import columns_of
from generation.worker.lane.in_work import ItemsInWork, room
from generation.worker.lane.lane import LONGEST_S
from generation.worker.lane.making import make
from generation.worker.lane.observer import LaneObserver
from generation.worker.lane.waits import Waits
from generation.worker.results.saving import Failed, HandedBack, Result
from providers.calling.gateway import Gateway
from providers.llm.types import Completion
from providers.routing.admission import Admission, Admitted, Refused
from providers.routing.call import Call
from providers.routing.config import Snapshot
from providers.routing.limits.urgency import Urgency
from providers.routing.outcomes import NoRoute, PutBack
from providers.routing.route import Route, chain
from providers.tests.calling.virtual_time import TravellingLoop
from providers.tests.oracle.store import MemoryStore
from samples.quality import checking
from samples.quality.draft import Draft
from samples.quality.findings import Finding
from samples.taxonomy import taxonomy

BEAT_S = 2.0
ROUND_TRIP_S = (0.0005, 0.003)
REMEMBERED = 2_000
WAKE_S = 5.0
CALLS_PER_LANE = 300
T = TypeVar("T")
_keys = count(1)


class CountingStore(MemoryStore):
    """As far away as a server is. ``asked`` and ``admitted`` count what it would have to do."""

    asked = admitted = 0

    def __init__(self, rng: Random) -> None:
        super().__init__(asyncio.get_running_loop().time)
        self._rng = rng

    async def admit(self, admission: Admission) -> Admitted | Refused:
        await asyncio.sleep(self._rng.uniform(*ROUND_TRIP_S))
        decision = await super().admit(admission)
        self.asked += 1
        self.admitted += isinstance(decision, Admitted)
        return decision


def run_in_virtual_time(work: Coroutine[Any, Any, T]) -> T:
    """Without the rules of quality: the vendors have one answer for all."""
    with patch.object(checking, "RULES", ()), asyncio.Runner(loop_factory=TravellingLoop) as runner:
        return runner.run(work)


@dataclass(slots=True)
class Order:
    """A batch in memory, with one lane."""

    batch: Batch
    routes: tuple[Route, ...]
    specs: Iterator[ItemSpec]
    made_at: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _back: list[tuple[float, int, Item]] = field(default_factory=list)

    @classmethod
    def of(cls, batch: Batch, snapshot: Snapshot) -> "Order":
        return cls(batch, chain(snapshot, choice_of(batch)), plan(mix_of(batch), taxonomy()))

    @property
    def open_items(self) -> int:
        return self.batch.count - len(self.made_at) - len(self.failures)

    def made_since(self, since_s: float) -> int:
        return sum(at >= since_s for at in self.made_at)

    def claim(self, limit: int, now: float) -> list[Item]:
        ready: list[Item] = []
        while len(ready) < limit and self._back and self._back[0][0] <= now:
            ready.append(heapq.heappop(self._back)[2])
        new = (Item(pk=next(_keys), batch=self.batch, **columns_of(spec)) for spec in self.specs)
        return [*ready, *islice(new, limit - len(ready))]

    def deliver(self, result: Result, now: float) -> None:
        match result.end:
            case Draft():
                self.made_at.append(now)
            case Failed(reason=reason):
                self.failures.append(reason)
            case HandedBack(retry_after_s=retry_after_s):
                result.item.faults = result.faults
                self.put_back(result.item, now + (retry_after_s or 0.0))

    def put_back(self, item: Item, ready_at: float) -> None:
        heapq.heappush(self._back, (ready_at, item.pk, item))


@dataclass(slots=True)
class Fleet:
    """What all lanes share, until a second of the clock. ``recent`` are the newest answers, as the ledger has them."""

    vendors: Vendors
    store: CountingStore
    until: float
    recent: deque[tuple[str, str, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def deliver(self, order: Order, result: Result) -> None:
        for call in result.calls:
            if call.kind is None:
                self.recent.append((call.route_key, result.item.sample_type, call.usage.completion_tokens))
        order.deliver(result, self.vendors.now)


class Lane:
    """One run of a lane; satisfies Surroundings."""

    def __init__(self, fleet: Fleet, order: Order) -> None:
        self.batch, self.texts, self.observer = order.batch, order.batch.prompt_texts, LaneObserver()
        self.fleet, self.order = fleet, order
        self.gateway = Gateway(
            fleet.store,
            client_factory=fleet.vendors.client,
            urgency=lambda: Urgency(order.batch.urgency),
            party=str(order.batch.pk),
            clock=asyncio.get_running_loop().time,
        )
        self.gateway.estimates.seed(fleet.recent)
        self.dead_end: NoRoute | None = None
        self._stopping = asyncio.Event()
        self._waits = Waits(order.batch.pk, uuid4(), self.observer)
        self._in_work = ItemsInWork(
            lambda: room(self.gateway.calls_in_flight, CALLS_PER_LANE),
            1,
            order.open_items,
            claim=self._claim,
            work=partial(make, lane=self),
            deliver=partial(fleet.deliver, order),
        )

    async def look_up(self, draft: Draft) -> tuple[Finding, ...]:
        return ()

    def arrived(self, item: Item, call: Call, faults: int, completion: Completion | None) -> None:
        """Nobody dies here, so nothing need be kept."""

    def chain(self) -> tuple[Route, ...]:
        return self.order.routes

    async def pause(self, seconds: float, reason: str) -> bool:
        return await self._waits.sit_out(seconds, reason, self._stopping)

    def may_call(self) -> bool:
        return not self._stopping.is_set()

    async def may_spend(self, item: Item) -> bool:
        return True

    def no_route(self, outcome: NoRoute) -> None:
        self.dead_end = outcome
        self.stop()

    def put_back(self, outcome: PutBack) -> None:
        pass

    def stop(self) -> None:
        self._stopping.set()
        for item in self._in_work.backlog:
            self.order.put_back(item, 0.0)
        self._in_work.shut()
        self.gateway.disperse()

    async def work(self, seconds: float) -> None:
        """Until its time is over or nothing is left to do; then what was begun is finished."""
        until = min(self.fleet.vendors.now + seconds, self.fleet.until)
        self._in_work.fill()
        while not await self._in_work.until_idle(BEAT_S):
            if self.fleet.vendors.now > until:
                self.stop()
            self._in_work.look_again()
        await self.gateway.aclose()

    async def _claim(self, limit: int) -> list[Item]:
        return self.order.claim(limit, self.fleet.vendors.now)


async def keep_lane(fleet: Fleet, order: Order, rng: Random) -> None:
    """A batch's place: a lane comes back to it until all is over."""
    await asyncio.sleep(rng.uniform(0, 1))
    seconds = rng.uniform(0.2, 1) * LONGEST_S
    while fleet.vendors.now < fleet.until:
        lane = Lane(fleet, order)
        await lane.work(seconds)
        seconds = LONGEST_S
        paused_s = WAKE_S + (lane.dead_end.retry_after_s or 0.0) if lane.dead_end else BEAT_S
        await asyncio.sleep(paused_s)
