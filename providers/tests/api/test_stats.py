"""GET /api/providers/stats."""

import asyncio

import pytest

from providers import actions
from providers.calling import shared_store
from providers.configuration.snapshot import load
from providers.llm.errors import ErrorKind
from providers.routing.admission import Admission
from providers.routing.limits.amounts import Amounts
from providers.routing.route import RouteChoice, chain
from providers.tests.api.api_client import KEY, make_provider, model_pk
from providers.tests.calling.store.scripted_store import fail

pytestmark = pytest.mark.django_db


def test_stats_count_what_there_is(api, groq):
    make_provider("mistral", enabled=False)
    actions.set_secrets("groq", api_key=KEY)
    actions.set_model_enabled(model_pk("good"), False)

    body = api.get("/api/providers/stats").json()

    assert body["totals"] == {
        "providers": 2,
        "providers_enabled": 1,
        "models": 3,
        "models_enabled": 2,
        "keys_configured": 1,
    }
    assert body["providers"][0]["api_key_configured"] is True
    assert body["providers"][0]["requests_this_minute"] is None


@pytest.mark.parametrize("scope", ["account", "model"])
def test_stats_show_what_was_used_in_this_minute(api, groq, scope):
    limits = {"requests_per_minute": 5, "tokens_per_minute": 1000, "limits_scope": scope}
    actions.update_provider("groq", {**limits, "requires_key": False})
    spend("groq", "fast", tokens=30)
    spend("groq", "good", tokens=40)

    row = api.get("/api/providers/stats").json()["providers"][0]

    assert (row["requests_this_minute"], row["tokens_this_minute"]) == (2, 70)


def spend(provider_id, model_id, tokens):
    route = next(route for route in chain(load(), RouteChoice(provider_id, model_id)))

    async def admit():
        async with shared_store.open_store() as store:
            await store.restore((), 0)
            await store.admit(Admission((), route.buckets, Amounts(tokens)))

    asyncio.run(admit())


def test_stats_show_what_is_suspended_and_why(api, groq):
    fail("groq", "key refused")
    fail("groq/good", "gone", kind=ErrorKind.NOT_FOUND)

    row = api.get("/api/providers/stats").json()["providers"][0]

    assert (row["breaker"], row["last_error"], row["suspended_reason"]) == ("open", "auth", "key refused")
    assert row["models_suspended"] == 1


def test_stats_cost_four_queries_however_many(api, django_assert_num_queries):
    for number in range(4):
        make_provider(f"p{number}", models=("a", "b"), requests_per_minute=5)

    with django_assert_num_queries(4):
        api.get("/api/providers/stats")
