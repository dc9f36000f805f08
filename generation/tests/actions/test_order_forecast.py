"""What would come of an order, read from configuration, shared store and ledger."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generation.actions import BatchOrder
from generation.actions.forecast import forecast
from generation.models import Attempt, Batch, Item
from generation.selectors.measurements import measured
from generation.tests.factories import SPEC
from providers.calling import shared_store
from providers.routing.admission import StoreUnavailable
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def forecast_of(**order):
    return forecast(BatchOrder(**order))


def make_providers(count, models=1, **limits):
    for number in range(count):
        make_provider(f"p{number}", models=models, name=f"Provider {number}", requires_key=False, **limits)


def make_calls(provider, model, *outcomes, times=1, age_days=0, **fields):
    batch, _ = Batch.objects.get_or_create(count=1, seed=1)
    item, _ = Item.objects.get_or_create(batch=batch, number=1, defaults=SPEC)
    values = {"prompt_tokens": 600, "completion_tokens": 400, "latency_ms": 2_000}
    values |= {"sample_type": item.sample_type} | fields
    at = timezone.now() - timedelta(days=age_days)
    Attempt.objects.bulk_create(
        Attempt(item=item, batch=batch, provider=provider, model=model, outcome=outcome, started_at=at, **values)
        for outcome in outcomes
        for _ in range(times)
    )


def test_without_calls_it_goes_by_the_prompt_and_the_usual_answer():
    make_providers(1)
    told = forecast_of(count=100).estimate
    assert told.calls == 0
    assert 50_000 < told.tokens.low < told.tokens.high < 400_000


def test_measured_calls_of_the_last_days_are_what_counts():
    make_providers(1)
    make_calls("p0", "m0", "ok", times=100)
    make_calls("p0", "m0", "ok", times=50, age_days=9, completion_tokens=9_000)
    make_calls("p0", "m0", "rate_limited", "server", times=10, prompt_tokens=0, completion_tokens=0)
    facts = measured([("p0", "m0")])["p0", "m0"]
    assert [(entry.calls, entry.accepted, entry.completion_tokens) for entry in facts] == [(100, 100, 40_000)]
    told = forecast_of(count=100, sample_types=("case_analysis",)).estimate
    assert told.calls == 100
    assert told.tokens.low < 115_000 < told.tokens.high


def test_it_starts_where_nothing_stands_in_the_way():
    make_providers(2)
    told = forecast_of(count=10)
    assert (told.start.route.key, told.start.hurdles) == ("p0/m0", ())


def test_a_suspended_route_is_passed_over_and_named(monkeypatch):
    make_providers(2)
    states = shared_store.states(["p0", "p0/m0", "p1", "p1/m0"])
    state = states["p0"]
    suspended = type(state)(**{**vars_of(state), "suspended_for_s": 600.0, "reason": "the key was refused"})
    monkeypatch.setattr(shared_store, "look", lambda scopes, buckets: ({**states, "p0": suspended}, {}))
    told = forecast_of(count=10)
    assert told.start.route.key == "p1/m0"
    assert [(hurdle.route.key, hurdle.reason) for hurdle in told.start.hurdles] == [("p0/m0", "the key was refused")]
    assert [route.key for route, _ in told.estimate.routes] == ["p1/m0"]


def vars_of(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_redis_away_is_said_and_keeps_nothing_from_being_shown(monkeypatch):
    make_providers(1)

    def away(*_):
        raise StoreUnavailable("away")

    monkeypatch.setattr(shared_store, "look", away)
    told = forecast_of(count=10)
    assert told.start.store_is_away
    assert told.estimate is not None


def test_who_waits_is_served_by_one_route_who_does_not_by_several():
    make_providers(3, requests_per_minute=10)
    waiting = forecast_of(count=1_000, when_full="stay").estimate
    going_on = forecast_of(count=1_000, when_full="spill").estimate
    assert [len(told.routes) for told in (waiting, going_on)] == [1, 3]
    assert waiting.seconds.low > 2 * going_on.seconds.high


def test_nobody_starts_where_nobody_can():
    told = forecast_of(count=10)
    assert (told.start, told.estimate) == (None, None)
    assert told.spread.count == 10


def test_what_cannot_serve_the_order_is_no_route_of_it():
    make_providers(1)
    assert forecast_of(count=10, provider="nobody").start is None
    assert forecast_of(count=10, model="nothing").start is None


def test_topics_outside_the_jurisdictions_leave_the_rest_of_the_preview():
    make_providers(1)
    told = forecast_of(count=10, jurisdictions=("us",), topics=("Fraud", "Due Process"))
    assert told.spread.left_out == ("Fraud",)
    assert told.estimate is not None
    assert forecast_of(count=10, jurisdictions=("us",), topics=("Fraud",)).spread is None


@pytest.mark.parametrize("providers", [5, 50])
def test_it_asks_as_little_of_many_providers_and_calls_as_of_few(providers):
    make_providers(providers, requests_per_minute=30, requests_per_day=1_000)
    for number in range(5):
        make_calls(f"p{number}", "m0", "ok", times=310)
    with CaptureQueriesContext(connection) as queries:
        told = forecast_of(count=100_000)
    assert len(queries) == 8
    assert told.estimate.calls == 5 * 300  # no more are read of each route


def test_the_ledger_is_read_by_its_index():
    make_providers(1)
    make_calls("p0", "m0", "ok", times=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE attempts")
    with CaptureQueriesContext(connection) as queries:
        measured([("p0", "m0")])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "attempts_route" in plan
    assert "Sort  (" not in plan.partition("attempts_route")[2]
