"""One run of a fleet from its first call to its end, and what came of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from generation.models import Batch
from generation.tests.simulation.fleet import CountingStore, Fleet, Order, keep_lane, run_in_virtual_time
from generation.tests.simulation.vendors import Meter, Vendors
from generation.tests.simulation.world import World, world
from providers.routing.limits.urgency import Urgency
from providers.routing.policy import WhenFull

ENDLESS = 10_000_000
FEW = 50


@dataclass(frozen=True, slots=True)
class Size:
    """``equals``: so many equal batches of one lane for each route, which wait there. Beside them, for each urgency one
    that goes wherever there is room. Limits are looked at from ``since_s`` on, when every route has been called."""

    providers: int
    models: int
    minutes: int
    equals: int = 5
    since_s: float = 60.0

    @property
    def lanes(self) -> int:
        return self.equals * self.providers * self.models + len(Urgency)


SMALL = Size(providers=11, models=2, minutes=2, equals=2)
FULL = Size(providers=11, models=5, minutes=3)


@dataclass(frozen=True, slots=True)
class Findings:
    """``refused`` is how many calls the vendors found to be too many, by the unit of their limit."""

    size: Size
    world: World
    orders: tuple[Order, ...]
    meters: tuple[Meter, ...]
    asked: int
    admitted: int

    @property
    def calls(self) -> int:
        return sum(model.arrivals for model in self.world.models)

    def refused(self, unit: str) -> int:
        return sum(meter.refused for meter in self.meters if meter.unit == unit)

    def shares(self, *, fails: bool) -> dict[str, float]:
        """Of each route that can answer all the time, how far its tightest limit was used; those whose vendors fail now
        and then apart."""
        until = 60.0 * self.size.minutes
        return {
            model.key: model.binding(self.size.since_s, until).share(self.size.since_s, until)
            for model in self.world.models
            if model.behaviour.dies_of is None and bool(model.behaviour.fails) is fails
        }

    def dead(self) -> dict[str, int]:
        """Calls to each route that never answers."""
        return {model.key: model.arrivals for model in self.world.models if model.key in self.world.dead}

    def unfairness(self) -> float:
        """Of the first batches of all routes, of the second ones and so on, how far some are off their mean."""
        staying, equals = self._staying(), self.size.equals
        made = [sum(staying[place::equals]) for place in range(equals)]
        return max(abs(each * equals / sum(made) - 1) for each in made)

    def worst_off(self) -> float:
        """What the batch that has least has of the mean of its equals, of those that have FEW each at least. Chance
        alone makes some of it."""
        staying, equals = self._staying(), self.size.equals
        rows = [staying[place : place + equals] for place in range(0, len(staying), equals)]
        return min((min(row) * equals / sum(row) for row in rows if sum(row) >= FEW * equals), default=1.0)

    def _staying(self) -> list[int]:
        return [order.made_since(self.size.since_s) for order in self.orders if order.batch.provider]

    def roaming(self) -> dict[Urgency, int]:
        return {Urgency(order.batch.urgency): len(order.made_at) for order in self.orders if not order.batch.provider}

    def failures(self) -> list[str]:
        return [reason for order in self.orders for reason in order.failures]


def simulate(size: Size, seed: int = 1) -> Findings:
    return run_in_virtual_time(_run(size, seed))


async def _run(size: Size, seed: int) -> Findings:
    there, rng = world(size.providers, size.models), Random(seed)
    vendors, store = Vendors(there.models, rng), CountingStore(rng)
    await store.restore((), 0)
    fleet = Fleet(vendors, store, until=60.0 * size.minutes)
    orders = tuple(_orders(size, there))
    await asyncio.gather(*(keep_lane(fleet, order, rng) for order in orders))
    return Findings(size, there, orders, tuple(vendors.meters), store.asked, store.admitted)


def _orders(size: Size, there: World) -> Iterator[Order]:
    numbers = count(1)

    def order(**fields: object) -> Order:
        number = next(numbers)
        return Order.of(Batch(pk=number, seed=number, count=ENDLESS, **fields), there.snapshot)

    for entry in there.snapshot.providers:
        for model in entry.models:
            for _ in range(size.equals):
                yield order(provider=entry.id, model=model.model_id, when_full=WhenFull.STAY.value)
    for urgency in Urgency:
        yield order(urgency=urgency.value)
