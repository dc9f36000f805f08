"""What all calls of a batch came to, reading only the new ones."""

from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis import RedisError

from generation.models import Attempt, Item
from generation.selectors.route_totals import percentile_ms, tally
from generation.tests.factories import make_batch

pytestmark = pytest.mark.django_db


def call(batch, outcome="ok", **fields):
    facts = {"provider": "groq", "model": "llama", "prompt_tokens": 10, "completion_tokens": 5, "latency_ms": 100}
    facts |= {"item": Item.objects.get(batch=batch, number=1), "batch": batch, "started_at": timezone.now()}
    return Attempt.objects.create(**{**facts, "outcome": outcome, **fields})


def test_calls_are_counted_by_route_and_outcome():
    batch = make_batch()
    call(batch, cost=Decimal("0.01"), cached_tokens=8)
    call(batch, is_switch=True, cost=Decimal("0.02"), cached_tokens=2, reasoning_tokens=4)
    call(batch, "server")
    call(make_batch())
    counted = tally(batch).calls
    good = counted["groq", "llama", "ok"]
    assert (good.count, good.switched_here, good.tokens, good.cost) == (2, 1, 30, Decimal("0.03"))
    assert (good.cached_tokens, good.reasoning_tokens) == (10, 4)
    assert (counted["groq", "llama", "server"].count, counted["groq", "llama", "server"].unpriced) == (1, 1)


def test_a_second_look_adds_what_is_new_and_reads_nothing_else():
    batch = make_batch()
    call(batch)
    first = tally(batch)
    newest = call(batch, cost=Decimal("0.01"))
    with CaptureQueriesContext(connection) as queries:
        second = tally(batch)
    assert f"id > {first.last_id}" in queries[0]["sql"]
    assert (second.last_id, second.calls["groq", "llama", "ok"].count) == (newest.pk, 2)
    assert tally(batch) == second


def test_with_redis_away_all_calls_are_counted():
    batch = make_batch()
    call(batch)
    tally(batch)
    call(batch)
    with patch.object(cache, "get", side_effect=RedisError):  # the cache is not to be had another way
        assert tally(batch).calls["groq", "llama", "ok"].count == 2


def test_a_percentile_is_exact_to_three_per_cent():
    batch = make_batch()
    for latency_ms in (*[200] * 90, *[3_000] * 10):
        call(batch, latency_ms=latency_ms)
    steps = tally(batch).calls["groq", "llama", "ok"].steps
    assert percentile_ms(steps, 0.5) == pytest.approx(200, rel=0.03)
    assert percentile_ms(steps, 0.95) == pytest.approx(3_000, rel=0.03)
