"""Each end of one item's failover is a type of its own."""

import asyncio

import pytest

from providers.calling.failover import Failover
from providers.calling.gateway import Gateway
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Completion, CompletionRequest, Message, Usage
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.outcomes import Answer, AtCap, BudgetUsedUp, NoRoute, PutBack, Stopped, TooLong
from providers.routing.route import chain
from providers.tests.calling.virtual_time import TravellingLoop
from providers.tests.oracle.store import MemoryStore

REQUEST = CompletionRequest((Message("user", "x" * 400),))
ONE = (ModelEntry("m0"),)


class Vendor:
    """Answers, or fails with the same fault each time."""

    def __init__(self, fault):
        self.fault = fault

    async def complete(self, model, request):
        if self.fault:
            raise LLMError(self.fault)
        return Completion("good", Usage(10, 20), 0.1)

    async def list_models(self):
        return ()

    async def aclose(self):
        return None


def end_of(fault=None, *, models=ONE, budget=6, **ways):
    """How a failover over these models of one provider ends, and the calls that were made."""
    entry = ProviderEntry("a", "a", "openai", "http://127.0.0.1", requires_key=False, models=models)
    routes = chain(Snapshot(1, (entry,)))

    async def main():
        store = MemoryStore(asyncio.get_running_loop().time)
        await store.restore((), 0)
        gateway = Gateway(store, client_factory=lambda _: Vendor(fault), clock=asyncio.get_running_loop().time)
        failover = Failover(gateway, lambda: routes, budget, **ways)
        outcome = await failover.complete(REQUEST)
        await gateway.aclose()
        return outcome, failover.calls

    with asyncio.Runner(loop_factory=TravellingLoop) as runner:
        return runner.run(main())


async def never(*_):
    return False


def test_a_good_answer_says_which_route_gave_it():
    outcome, calls = end_of()
    assert isinstance(outcome, Answer)
    assert (outcome.route.key, len(calls)) == ("a/m0", 1)


@pytest.mark.parametrize(
    ("given", "end", "count"),
    [
        ({"models": ()}, NoRoute("No provider is on and has its key."), 0),
        ({"models": (ModelEntry("m0", context_window=10),)}, TooLong(), 0),
        ({"may_call": lambda: False}, Stopped(), 0),
        ({"fault": Fault(ErrorKind.SERVER, 503), "pause": never}, Stopped(), 1),
        ({"fault": Fault(ErrorKind.SERVER, 503), "may_spend": never}, AtCap(), 1),
        (
            {"fault": Fault(ErrorKind.CONTENT_REFUSED, 200, detail="no"), "budget": 1},
            BudgetUsedUp("a/m0: content_refused: no"),
            1,
        ),
        (
            {"fault": Fault(ErrorKind.BAD_REQUEST, 400, detail="no")},
            PutBack("Every route has refused it. Last: a/m0: bad_request: no", 5.0),
            1,
        ),
    ],
    ids=["nothing is on", "too long", "stopped", "stopped in a pause", "at its cap", "budget used up", "refused"],
)
def test_what_ends_it_without_an_answer_has_a_type_of_its_own(given, end, count):
    outcome, calls = end_of(**given)
    assert (outcome, len(calls)) == (end, count)


def test_where_every_route_is_suspended_it_says_when_to_look_again():
    outcome, _ = end_of(Fault(ErrorKind.AUTH, 401, detail="wrong key"))
    assert isinstance(outcome, NoRoute)
    assert outcome.reason == "No route can work now: a/m0, a (auth: wrong key)"
    assert outcome.retry_after_s == pytest.approx(86_400, abs=5)
