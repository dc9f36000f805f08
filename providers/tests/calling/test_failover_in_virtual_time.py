"""Whole batches of items on their way through scripted vendors, in virtual time: what a vendor's trouble costs, that
nothing is lost by it, and how soon it is over. A batch that cannot go on looks again as a paused one does."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from providers.calling.failover import Failover
from providers.calling.gateway import Gateway
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Completion, CompletionRequest, Message, Usage
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.outcomes import Answer, BudgetUsedUp, NoRoute, PutBack, TooLong
from providers.routing.route import chain
from providers.routing.tried_routes import TriedRoutes
from providers.tests.calling.virtual_time import TravellingLoop
from providers.tests.oracle.store import MemoryStore

LATENCY_S = 0.2
WAKE_S = 5.0  # a paused batch is woken by a look every few seconds, and its lane has to start
BUDGET = 6
SERVER, LIMITED, REFUSED = ErrorKind.SERVER, ErrorKind.RATE_LIMITED, ErrorKind.BAD_REQUEST

Behave = Callable[[str, str, float], Fault | None]


class World:
    """Vendors that behave as ``behave(route, item, seconds since the start)`` says: a fault, or None for an answer."""

    def __init__(self, behave: Behave, latency_s: float = LATENCY_S):
        self.behave, self.latency_s = behave, latency_s
        self.calls: Counter[str] = Counter()
        self.answered_at: dict[str, float] = {}
        self.started_at = asyncio.get_running_loop().time()

    def now_s(self):
        return asyncio.get_running_loop().time() - self.started_at

    def client(self, endpoint):
        return Vendor(self, endpoint.provider_id)


class Vendor:
    def __init__(self, world, provider_id):
        self.world, self.provider_id = world, provider_id

    async def complete(self, model, request):
        route, item = f"{self.provider_id}/{model.model_id}", request.messages[0].content
        self.world.calls[route] += 1
        await asyncio.sleep(self.world.latency_s)
        if fault := self.world.behave(route, item, self.world.now_s()):
            raise LLMError(fault)
        self.world.answered_at[item] = self.world.now_s()
        return Completion("good", Usage(10, 20), self.world.latency_s)

    async def aclose(self):
        return None


def provider(name, *models, **fields):
    entries = tuple(ModelEntry(model) for model in models)
    return ProviderEntry(name, name, "openai", "http://127.0.0.1", requires_key=False, models=entries, **fields)


async def make(item, gateway, routes, slots):
    """None once it is made, else why it failed. While it waits its slot is another's."""
    faults = 0
    while True:
        failover = Failover(
            gateway, lambda: routes, BUDGET, item=item, rng=Random(item), tried=TriedRoutes(faults=faults)
        )
        async with slots:
            outcome = await failover.complete(CompletionRequest((Message("user", item),)))
        faults = failover.faults
        match outcome:
            case Answer():
                return None
            case BudgetUsedUp(reason=reason) | TooLong(reason=reason):
                return reason
            case NoRoute(retry_after_s=retry_after_s):
                await asyncio.sleep((retry_after_s or 0.0) + WAKE_S)
            case PutBack(seconds=seconds):
                await asyncio.sleep(seconds)


async def batch(world, providers, count, at_once):
    """Reasons of the items that failed, after all came to their end within some virtual hours."""
    routes = chain(Snapshot(1, providers))
    store = MemoryStore(asyncio.get_running_loop().time)
    await store.restore((), 0)
    gateway = Gateway(store, client_factory=world.client, clock=asyncio.get_running_loop().time)
    slots = asyncio.Semaphore(at_once)
    async with asyncio.timeout(4 * 3600):
        ends = await asyncio.gather(*(make(str(number), gateway, routes, slots) for number in range(count)))
    await gateway.aclose()
    return {str(number): reason for number, reason in enumerate(ends) if reason}


def in_virtual_time(behave, providers, count, latency_s=LATENCY_S, at_once=16):
    async def main():
        world = World(behave, latency_s)
        return world, await batch(world, providers, count, at_once)

    with asyncio.Runner(loop_factory=TravellingLoop) as runner:
        return runner.run(main())


EIGHT = tuple(f"m{number}" for number in range(8))


@pytest.mark.parametrize("dead", EIGHT)
@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")], ids=["one provider", "three providers"])
def test_a_batch_goes_on_within_a_minute_after_its_providers_are_back(names, dead):
    away_from, back_at = 2.0, 102.0

    def behave(route, item, now_s):
        is_away = away_from < now_s < back_at
        return Fault(SERVER, 503, detail="down") if is_away or route == f"a/{dead}" else None

    world, failures = in_virtual_time(behave, tuple(provider(name, *EIGHT) for name in names), 400)
    assert not failures
    after = sorted(at for at in world.answered_at.values() if at > back_at)
    assert after, "the batch was over before the outage"
    assert after[0] < back_at + 60
    assert after[-1] < back_at + 120


def test_a_champion_that_is_dead_for_ever_costs_few_calls_and_its_provider_is_not_suspended():
    world, failures = in_virtual_time(
        lambda route, item, now_s: Fault(SERVER, 503) if route == "a/m0" else None, (provider("a", *EIGHT),), 300
    )
    assert not failures
    assert world.calls["a/m0"] <= 6
    assert max(world.answered_at.values()) < 30


@pytest.mark.parametrize("retry_after_s", [None, 0.0, 1.0, 432.0])
def test_a_model_over_its_own_limit_gives_way_to_its_siblings(retry_after_s):
    fault = Fault(LIMITED, 429, retry_after_s=retry_after_s)
    world, failures = in_virtual_time(
        lambda route, item, now_s: fault if route == "a/m0" else None, (provider("a", "m0", "m1", "m2"),), 300
    )
    assert not failures
    assert world.calls["a/m0"] <= 12
    assert max(world.answered_at.values()) <= 60


def test_an_account_that_is_really_full_gets_no_storm_of_probes():
    def behave(route, item, now_s):
        return Fault(LIMITED, 429, retry_after_s=60.0 - now_s % 60) if 1 < now_s < 600 else None

    world, failures = in_virtual_time(behave, (provider("a", *EIGHT),), 100)
    assert not failures
    refused = sum(world.calls.values()) - 100
    assert refused <= 40
    assert max(world.answered_at.values()) < 2 * 600  # waits double


@pytest.mark.parametrize("kind", [REFUSED, ErrorKind.CONTEXT_LENGTH])
def test_a_route_that_refuses_everybody_costs_few_calls_and_no_item(kind):
    fault = Fault(kind, 400, detail="Invalid model name passed in model=m0")
    world, failures = in_virtual_time(
        lambda route, item, now_s: fault if route == "a/m0" else None, (provider("a", "m0", "m1"),), 300
    )
    assert not failures
    assert world.calls["a/m0"] <= 12


@pytest.mark.parametrize("at_once", [1, 16])
def test_where_every_route_refuses_everybody_no_item_is_lost_until_somebody_mends_it(at_once):
    mended_at = 1800.0

    def behave(route, item, now_s):
        return Fault(REFUSED, 400, detail="no such parameter") if now_s < mended_at else None

    _world, failures = in_virtual_time(behave, (provider("a", *EIGHT),), 40, at_once=at_once)
    assert not failures


def test_an_item_that_every_route_refuses_fails_and_the_others_pass():
    _world, failures = in_virtual_time(
        lambda route, item, now_s: Fault(REFUSED, 400, detail="no") if item == "3" else None,
        (provider("a", "m0", "m1"),),
        20,
    )
    assert set(failures) == {"3"}
    assert "no" in failures["3"]


@pytest.mark.parametrize("poisonous", [{"3"}, {"3", "5"}, {"19"}])
@pytest.mark.parametrize("models", [("m0",), ("m0", "m1")])
def test_an_item_that_alone_meets_an_outage_fails_in_time_and_closes_no_route(poisonous, models):
    world, failures = in_virtual_time(
        lambda route, item, now_s: Fault(SERVER, 500, detail="exceeded") if item in poisonous else None,
        (provider("a", *models),),
        20,
    )
    assert set(failures) == poisonous
    assert len(world.answered_at) == 20 - len(poisonous)


def test_one_failure_in_three_loses_nothing():
    rng = Random(7)
    _world, failures = in_virtual_time(
        lambda route, item, now_s: Fault(SERVER, 500) if rng.random() < 0.33 else None,
        (provider("a", "m0", "m1"),),
        300,
    )
    assert not failures
