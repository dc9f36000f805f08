"""Batches with caps, worked off by lanes over HTTP: what they spend, where they stop, and how they go on."""

import time
from decimal import Decimal

from django.db.models import Sum

from generation import actions
from generation.actions.cap_rules import CapChange
from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.worker.running.inline import work_off
from providers import actions as provider_actions
from providers.calling.store.redis_store import RedisStore
from providers.models import Model


def price(provider_id, model_id, amount=10):
    model = Model.objects.get(provider_id=provider_id, model_id=model_id)
    provider_actions.update_model(model.pk, {"input_price": amount, "output_price": amount})


def work(batch):
    work_off(batch.pk, deadline=time.monotonic() + 20)
    batch.refresh_from_db()
    return batch


def test_a_batch_pauses_at_its_cap_in_tokens_says_so_and_never_spends_more(vendors, run_batch):
    vendors(a=["good"])
    batch = run_batch(count=60, token_cap=20_000)
    assert (batch.status, batch.is_at_cap) == (BatchStatus.PAUSED, True)
    assert "cap of 20,000 tokens" in batch.status_reason
    assert 0 < batch.tokens <= 20_000
    assert not Item.objects.filter(batch=batch, status=ItemStatus.LEASED).exists()


def test_a_batch_whose_cap_is_raised_makes_exactly_what_is_missing(vendors, run_batch):
    vendors(a=["good"])
    batch = run_batch(count=20, token_cap=10_000)
    made = batch.generated
    actions.resume_batch(batch.pk, CapChange(token_cap=None))
    batch = work(batch)
    assert (batch.status, batch.generated, batch.attempts) == (BatchStatus.COMPLETED, 20, 20)
    assert 0 < made < 20


def test_with_a_cap_in_money_only_models_with_prices_are_called(vendors, run_batch):
    sandbox = vendors(a=["good", "fenced"])
    price("a", "fenced")
    batch = run_batch(count=3, cost_cap=Decimal(5))
    assert (batch.status, {call.model for call in sandbox.calls}) == (BatchStatus.COMPLETED, {"fenced"})
    assert batch.cost == Attempt.objects.filter(batch=batch).aggregate(total=Sum("cost"))["total"] > 0


def test_a_batch_pauses_at_its_cap_in_money(vendors, run_batch):
    vendors(a=["good"])
    price("a", "good")
    batch = run_batch(count=40, cost_cap=Decimal("0.2"))
    assert (batch.status, batch.is_at_cap) == (BatchStatus.PAUSED, True)
    assert 0 < batch.cost <= Decimal("0.2")


def test_wrong_answers_that_are_asked_again_stay_under_the_cap(vendors, run_batch):
    vendors(a=["malformed"])
    batch = run_batch(count=20, token_cap=15_000, item_budget=50)
    assert batch.is_at_cap
    assert batch.tokens <= 15_000
    assert Batch.objects.get(pk=batch.pk).attempts == Attempt.objects.filter(batch=batch).count()


def test_nobody_asks_the_store_once_a_lane_has_closed_it(vendors, run_batch, monkeypatch):
    """A connection opened then stays open, and its loop may never end."""
    seen: list[tuple[int, str]] = []
    for name in ("aclose", "states"):
        monkeypatch.setattr(RedisStore, name, _seen(seen, name, getattr(RedisStore, name)))
    vendors(a=["good"])
    run_batch(count=20, token_cap=10_000)
    last = dict(seen)
    assert last
    assert set(last.values()) == {"aclose"}


def _seen(seen, name, method):
    async def call(store, *args):
        seen.append((id(store), name))
        return await method(store, *args)

    return call
