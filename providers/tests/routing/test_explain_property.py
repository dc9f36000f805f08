"""What is explained is what happens: for random states, the route that a real failover calls first is the one named.

Over the oracle in virtual time, so that waits of minutes cost nothing; over Redis with waits that are short or
longer than any test.
"""

import asyncio
from random import Random

import pytest

from providers.calling.failover import Failover
from providers.calling.gateway import Gateway
from providers.llm.errors import ErrorKind
from providers.llm.types import Completion, CompletionRequest, Message, Usage
from providers.routing.admission import Admitted, Obstacle
from providers.routing.breaker import Trip
from providers.routing.config import Limits, ModelEntry, ProviderEntry, Snapshot
from providers.routing.estimates import Estimates
from providers.routing.explaining.explanation import Explanation, Question, Turn, explain
from providers.routing.limits.amounts import Amounts
from providers.routing.limits.budget import Reservation
from providers.routing.outcomes import Answer
from providers.routing.policy import WhenFull
from providers.routing.report import Failure, Hold, Report
from providers.routing.route import RouteChoice, chain
from providers.tests.calling.store.store_rig import by_the_servers_clock
from providers.tests.calling.virtual_time import TravellingLoop
from providers.tests.oracle.store import MemoryStore

ASKED = CompletionRequest((Message("user", "x" * 400),))
USAGE = Estimates().usage("", "", ASKED)
FREE, LONG = 0.0, 500.0
SEEDS = range(200)
BLOCK = 25
SEEDS_ON_REDIS = range(12)


class GoodClient:
    async def complete(self, model, request):
        return Completion("good", Usage(1, 1), 0.1)

    async def list_models(self):
        return ()

    async def aclose(self):
        return None


def some_snapshot(rng: Random) -> Snapshot:
    return Snapshot(1, tuple(some_provider(rng, f"p{number}") for number in range(rng.randint(1, 4))))


def some_provider(rng: Random, name: str) -> ProviderEntry:
    def limits():
        return Limits(
            rng.choice((None, 2, 3, 40)), rng.choice((None, 2000, 4000, 90_000)), rng.choice((None, None, 3, 500))
        )

    models = tuple(
        ModelEntry(f"m{number}", enabled=rng.random() > 0.15, limits=limits()) for number in range(rng.randint(0, 4))
    )
    return ProviderEntry(
        name,
        name.title(),
        "openai",
        "http://127.0.0.1",
        enabled=rng.random() > 0.15,
        requires_key=rng.random() > 0.5,
        api_key=rng.choice((None, "k")),
        limits=limits(),
        limits_are_per_model=rng.random() > 0.5,
        is_smooth=rng.random() > 0.7,
        max_concurrency=rng.choice((None, None, 1, 3)),
        champion_model=rng.choice((None, "m1")),
        models=models,
    )


def some_question(rng: Random, snapshot: Snapshot) -> Question:
    provider = rng.choice((None, *(entry.id for entry in snapshot.providers)))
    choice = RouteChoice(provider, rng.choice((None, None, "m0", "m2")))
    return Question(choice, rng.choice(list(WhenFull)), USAGE.total_tokens)


async def happen(rng: Random, store, routes, waits) -> None:
    """Calls, faults and holds of others, before the item comes."""
    for route in routes:
        for _ in range(rng.choice((0, 0, 1, 4))):
            admitted = await store.admit(route.admission(USAGE))
            if isinstance(admitted, Admitted) and rng.random() > 0.5:
                await store.book(
                    admitted.reservation, Report(rng.choice((None, Amounts(500), Amounts(3000))), latency_s=0.1)
                )
        scope, wait_s = rng.choice(route.scopes), rng.choice(waits)
        nobody = Reservation("nobody's")
        if wait_s and rng.random() > 0.6:
            await store.book(nobody, Report(hold=Hold(scope, wait_s, "slow down")))
        elif wait_s and rng.random() > 0.6:
            trip = Trip(rng.choice((1, 3)), round(wait_s * 1000), 10**9)
            await store.book(nobody, Report(failure=Failure(scope, ErrorKind.SERVER, "503", trip)))


async def first_called(gateway: Gateway, routes, when_full: WhenFull, within_s: float) -> str | None:
    """The route that a failover calls first, if it calls any in time."""
    failover = Failover(gateway, lambda: routes, budget=1, when_full=when_full)
    try:
        async with asyncio.timeout(within_s):
            found = await failover.complete(ASKED)
    except TimeoutError:
        return None
    finally:
        await gateway.aclose()
    return found.route.key if isinstance(found, Answer) else None


def due_s(explanation: Explanation) -> float:
    assert explanation.at_s is not None
    return explanation.at_s


def named(explanation: Explanation) -> str | None:
    return explanation.next.route.key if explanation.next else None


async def told_and_called(rng: Random):
    """What is explained, what a failover then calls, and after how long."""
    loop = asyncio.get_running_loop()
    store = MemoryStore(loop.time, lease_s=1000.0)  # nobody renews the others' calls
    await store.restore((), rng.choice((0, 0, 0, 2)))
    snapshot = some_snapshot(rng)
    question = some_question(rng, snapshot)
    routes = chain(snapshot, question.choice)
    await happen(rng, store, routes, (FREE, 0.5, 2.0, 5.0, 40.0, LONG))
    await asyncio.sleep(rng.choice((0, 0.3, 3, 30)))
    explanation = explain(snapshot, question, await store.outlook([route.admission(USAGE) for route in routes]))
    gateway = Gateway(store, client_factory=lambda _: GoodClient(), clock=loop.time)
    started = loop.time()
    within_s = due_s(explanation) + 5 if explanation.next else min(60.0, explanation.at_s or 60.0)
    return explanation, await first_called(gateway, routes, question.when_full, within_s), loop.time() - started


def travelled(seed: int):
    with asyncio.Runner(loop_factory=TravellingLoop) as runner:
        return runner.run(told_and_called(Random(seed)))


@pytest.mark.parametrize("block", range(0, len(SEEDS), BLOCK))
def test_the_route_named_next_is_the_one_that_an_errand_calls(block):
    for seed in SEEDS[block : block + BLOCK]:
        explanation, called, took_s = travelled(seed)
        assert called == named(explanation), f"seed {seed}"
        if called:
            assert took_s == pytest.approx(explanation.at_s, abs=1.5), f"seed {seed}"


def test_the_random_states_are_of_all_kinds():
    """Else the test above would say little."""
    explained = [travelled(seed)[0] for seed in SEEDS[:100]]
    routes = [each for explanation in explained for each in explanation.routes]
    assert {each.turn for each in routes} == set(Turn)
    assert {obstacle.code for obstacle in Obstacle} <= {reason.code for each in routes for reason in each.reasons}
    led_elsewhere = [each for each in explained if each.next and each.next.place > 1]
    waited = [each for each in explained if each.next and due_s(each) > 3]
    assert min(len(led_elsewhere), len(waited), sum(each.next is None for each in explained)) > 5


@pytest.mark.redis
@pytest.mark.parametrize("seed", SEEDS_ON_REDIS)
def test_over_redis_too(seed):
    """Waits are none, well within a short one, or longer than the test: what is asked takes time there."""
    rng = Random(seed)

    async def main():
        async with by_the_servers_clock(4) as (store, _):
            snapshot = some_snapshot(rng)
            question = some_question(rng, snapshot)
            routes = chain(snapshot, question.choice)
            await happen(rng, store, routes, (FREE, 1.0, LONG))
            outlooks = await store.outlook([route.admission(USAGE) for route in routes])
            explanation = explain(snapshot, question, outlooks)
            if explanation.next and due_s(explanation) > 8:
                return None, None
            gateway = Gateway(store, client_factory=lambda _: GoodClient())
            within_s = due_s(explanation) + 3 if explanation.next else 1.0
            return named(explanation), await first_called(gateway, routes, question.when_full, within_s)

    expected, called = asyncio.run(main())
    assert called == expected
