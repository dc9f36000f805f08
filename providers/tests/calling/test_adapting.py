"""What a process keeps of refused parameters, and who goes first to a model that has never answered."""

import asyncio
from dataclasses import replace

import pytest

from providers.calling.adapting import Adapting, Learnt
from providers.calling.gateway import Gateway
from providers.llm.errors import ErrorKind, Fault, LLMError, RefusedParameterError
from providers.llm.types import Completion, CompletionRequest, JSONSchema, Message, Usage
from providers.routing.admission import Admitted
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.route import Route
from providers.tests.oracle.store import MemoryStore

REQUEST = CompletionRequest((Message("user", "hi"),), JSONSchema("a", {"type": "object"}), 9, 0.8)
ROUTE = Route(ProviderEntry("a", "A", "openai", "http://x"), ModelEntry("m", supports_json_schema=True), version=1)
GONE = {"temperature": "omitted"}


def refusal(parameter, kind=ErrorKind.BAD_REQUEST):
    return Fault(kind, 400, parameter=parameter)


def of(route, version, **adaptations):
    return replace(route, version=version, model=replace(route.model, adaptations=adaptations))


def refuse(adapting, parameter, route=ROUTE):
    return adapting.refused(route, adapting.facts(route), REQUEST, refusal(parameter))


# --- memory -------------------------------------------------------------------
def test_the_next_request_is_phrased_by_what_was_refused():
    adapting = Adapting()
    assert refuse(adapting, "temperature")
    assert adapting.facts(ROUTE).adaptations == GONE
    assert adapting.facts(replace(ROUTE, model=ModelEntry("other"))).adaptations == {}


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind is not ErrorKind.BAD_REQUEST])
def test_only_a_bad_request_is_adapted_to(kind):
    adapting = Adapting()
    assert not adapting.refused(ROUTE, ROUTE.facts, REQUEST, refusal("temperature", kind))


def test_a_refusal_that_names_nothing_of_ours_is_an_ordinary_one():
    adapting = Adapting()
    assert not any(refuse(adapting, name) for name in ("", "messages", "top_k"))
    assert adapting.facts(ROUTE) is ROUTE.facts


def test_fifty_refusals_of_one_form_are_one_step():
    adapting, sent = Adapting(), ROUTE.facts
    assert all(adapting.refused(ROUTE, sent, REQUEST, refusal("max_tokens")) for _ in range(50))
    assert adapting.facts(ROUTE).adaptations == {"max_tokens": "max_completion_tokens"}


def test_it_is_news_once_an_answer_has_proved_it():
    adapting = Adapting()
    refuse(adapting, "temperature")
    assert adapting.news == []
    for _ in range(50):
        adapting.answered(ROUTE, adapting.facts(ROUTE))
    assert adapting.news == [Learnt("a", "m", "openai", "http://x", GONE)]


def test_an_answer_to_what_is_configured_is_no_news():
    adapting = Adapting()
    refuse(adapting, "temperature")
    adapting.answered(ROUTE, ROUTE.facts)
    assert adapting.news == []


def test_from_the_version_that_holds_it_on_the_snapshot_decides():
    adapting = Adapting()
    refuse(adapting, "temperature")
    adapting.answered(ROUTE, adapting.facts(ROUTE))
    adapting.stored(adapting.news[0], 5)
    assert adapting.facts(of(ROUTE, 4)).adaptations == GONE
    assert adapting.facts(of(ROUTE, 5, **GONE)).adaptations == GONE
    assert adapting.facts(of(ROUTE, 6)).adaptations == {}  # somebody has made it forget


def test_what_was_forgotten_is_learnt_anew():
    adapting = Adapting()
    refuse(adapting, "temperature")
    adapting.answered(ROUTE, adapting.facts(ROUTE))
    adapting.stored(adapting.news.pop(), 5)
    forgotten = of(ROUTE, 6)
    assert refuse(adapting, "temperature", forgotten)
    adapting.answered(forgotten, adapting.facts(forgotten))
    assert [learnt.adaptations for learnt in adapting.news] == [GONE]


def test_another_address_is_another_vendor():
    adapting = Adapting()
    refuse(adapting, "temperature")
    moved = replace(ROUTE, provider=replace(ROUTE.provider, base_url="http://y"))
    assert adapting.facts(moved).adaptations == {}


# --- the gateway ----------------------------------------------------------------
class Picky:
    """Refuses what is named, one at a time, and remembers the calls."""

    def __init__(self, *refused):
        self.refused = refused
        self.sent = []

    async def complete(self, model, request):
        self.sent.append(model.adaptations)
        await asyncio.sleep(0)
        for name in self.refused:
            if name not in model.adaptations:
                raise LLMError(refusal(name))
        return Completion("good", Usage(1, 1), 0.1)

    async def aclose(self):
        return None


async def ask(gateway, route=ROUTE):
    """As an item does: again after each refused parameter, and where the way has changed."""
    while True:
        decision = await gateway.admit(route, REQUEST, patience_s=5.0)
        if isinstance(decision, Admitted):
            try:
                return await gateway.send(route, decision, REQUEST)
            except RefusedParameterError:
                continue


def run_many(client, count, **route_values):
    async def main():
        store = MemoryStore(lambda: 1000.0)
        await store.restore((), 0)
        gateway = Gateway(store, client_factory=lambda endpoint: client)
        answers = await asyncio.gather(*(ask(gateway) for _ in range(count)))
        states = await store.states(["a", "a/m"])
        await gateway.aclose()
        return answers, states, gateway.adapting.news

    return asyncio.run(main())


def test_ten_calls_to_a_new_model_waste_a_few_for_each_refused_parameter():
    client = Picky("temperature", "response_format")
    answers, states, news = run_many(client, 10)
    assert len(answers) == 10
    assert 12 <= len(client.sent) <= 10 + 2 * COLD_CALLS
    assert [learnt.adaptations for learnt in news] == [{"temperature": "omitted", "response_format": "json_object"}]
    assert {state.failures for state in states.values()} == {0}


def test_what_cannot_be_adapted_is_a_fault_like_any_other():
    client = Picky("messages")
    with pytest.raises(LLMError) as caught:
        run_many(client, 1)
    assert not isinstance(caught.value, RefusedParameterError)
    assert len(client.sent) == 1
