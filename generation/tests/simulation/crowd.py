"""Equal batches that all want one route: what each of them gets of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from generation.models import Batch
from generation.tests.simulation.fleet import CountingStore, Fleet, Order, keep_lane, run_in_virtual_time
from generation.tests.simulation.vendors import WINDOWS, Behaviour, Meter, VendorModel, Vendors
from generation.tests.simulation.world import limits_of
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.policy import WhenFull

ENDLESS = 10_000_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """``places``: calls at once, by a person's word."""

    batches: int
    latency_s: float
    minutes: float
    limits: Mapping[str, int]
    places: int | None = None
    warm_up_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Shares:
    """What each batch made after the warm-up."""

    made: tuple[int, ...]
    asked: int
    admitted: int

    @property
    def off_their_mean(self) -> float:
        return max(abs(each * len(self.made) / sum(self.made) - 1) for each in self.made)


def share_out(crowd: Crowd, seed: int = 1) -> Shares:
    return run_in_virtual_time(_share_out(crowd, seed))


async def _share_out(crowd: Crowd, seed: int) -> Shares:
    rng = Random(seed)
    vendors, store = Vendors([_model(crowd)], rng), CountingStore(rng)
    await store.restore((), 0)
    fleet = Fleet(vendors, store, until=60 * crowd.minutes)
    orders = [Order.of(_batch(number), _snapshot(crowd)) for number in range(1, crowd.batches + 1)]
    await asyncio.gather(*(keep_lane(fleet, order, rng) for order in orders))
    return Shares(tuple(order.made_since(crowd.warm_up_s) for order in orders), store.asked, store.admitted)


def _batch(number: int) -> Batch:
    return Batch(pk=number, seed=number, count=ENDLESS, provider="p", model="m", when_full=WhenFull.STAY.value)


def _snapshot(crowd: Crowd) -> Snapshot:
    entry = ProviderEntry(
        "p",
        "p",
        "openai",
        "http://127.0.0.1",
        requires_key=False,
        limits=limits_of(crowd.limits),
        max_concurrency=crowd.places,
        models=(ModelEntry("m"),),
    )
    return Snapshot(1, (entry,))


def _model(crowd: Crowd) -> VendorModel:
    meters = tuple(Meter(name, *WINDOWS[name], limit) for name, limit in crowd.limits.items())
    return VendorModel("p/m", Behaviour(crowd.latency_s), meters)
