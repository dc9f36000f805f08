"""Whole batches over HTTP: what fails is routed around, and the rows tell what happened."""

import time
from collections import Counter

import pytest
from django.db.models import F

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Item
from generation.worker.running.inline import work_off
from providers import actions
from samples.models import Sample

DOWN = ["503", "a--503"]


def outcomes(batch):
    rows = Attempt.objects.filter(batch=batch).values_list("provider", "model", "outcome")
    return Counter((f"{provider}/{model}", outcome) for provider, model, outcome in rows)


def test_a_batch_makes_what_was_ordered(vendors, run_batch):
    vendors(a=["good"])
    batch = run_batch(count=5, jurisdictions=("uk",), difficulties=("expert",))
    samples = Sample.objects.of_batch(batch.pk)
    assert (batch.status, batch.generated, batch.attempts, batch.switches) == (BatchStatus.COMPLETED, 5, 5, 0)
    parts = ("england_wales", "scotland", "northern_ireland")
    made = {(sample.jurisdiction, sample.difficulty, sample.provider) for sample in samples}
    assert made == {(part, "expert", "a") for part in parts}
    assert batch.tokens == sum(sample.tokens for sample in samples) > 0


def test_a_champion_that_is_down_is_failed_over_within_its_provider(vendors, run_batch):
    vendors(a=["503", "good"], b=["good"])
    batch = run_batch(count=4)
    assert batch.status == BatchStatus.COMPLETED
    assert outcomes(batch)[("a/good", "ok")] == 4
    assert batch.switches >= 1


def test_a_provider_that_is_down_is_failed_over_to_the_next(vendors, run_batch):
    vendors(a=DOWN, b=["good"])
    batch = run_batch(count=4)
    assert (batch.status, outcomes(batch)[("b/good", "ok")]) == (BatchStatus.COMPLETED, 4)


def test_three_providers_that_are_down_with_all_their_models_still_finish_on_the_fourth(vendors, run_batch):
    vendors(a=["503", "500", "a--503"], b=["reset", "b--503"], c=["500", "hang"], d=["good"])
    batch = run_batch(count=6)
    assert (batch.status, outcomes(batch)[("d/good", "ok")]) == (BatchStatus.COMPLETED, 6)


def test_an_item_calls_no_route_more_than_twice_and_leaves_a_provider_after_two_outages(vendors, run_batch):
    vendors(a=["503", "500", "a--503"], b=["good"])
    batch = run_batch(count=1)
    assert batch.attempts == 3
    assert outcomes(batch) == {("a/503", "server"): 1, ("a/500", "server"): 1, ("b/good", "ok"): 1}


@pytest.mark.parametrize(
    ("behaviour", "kind", "next_route"),
    [
        ("401", "auth", "b/good"),
        ("402", "billing", "b/good"),
        ("billing-400", "billing", "b/good"),
        ("403", "forbidden", "b/good"),
        ("404", "not_found", "a/good"),
        ("429-30s", "rate_limited", "a/good"),
        ("hang", "timeout", "a/good"),
        ("reset", "connection", "a/good"),
        ("500", "server", "a/good"),
        ("bad-request", "bad_request", "a/good"),
        ("context-length", "context_length", "a/good"),
        ("malformed", "bad_output", "a/good"),
        ("wrong-schema", "bad_output", "a/good"),
        ("truncated", "bad_output", "a/good"),
    ],
)
def test_each_behaviour_ends_in_its_kind_and_verdict(vendors, run_batch, behaviour, kind, next_route):
    vendors(a=[behaviour, "good"], b=["good"])
    batch = run_batch(count=1)
    last = Attempt.objects.filter(batch=batch).latest("pk")
    kinds = set(Attempt.objects.filter(batch=batch, model=behaviour).values_list("outcome", flat=True))
    assert (batch.status, kinds, f"{last.provider}/{last.model}") == (BatchStatus.COMPLETED, {kind}, next_route)


@pytest.mark.parametrize("behaviour", ["fenced", "thinking", "prose", "chunks"])
def test_dressed_answers_are_read_at_the_first_call(vendors, run_batch, behaviour):
    vendors(a=[behaviour])
    batch = run_batch(count=2)
    assert (batch.generated, batch.attempts) == (2, 2)


def test_ten_per_cent_errors_and_ten_per_cent_malformed_answers_still_deliver_all(vendors, run_batch):
    vendors(a=["mix-500:10-malformed:10", "good"])
    batch = run_batch(count=50)
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 50)
    assert Sample.objects.of_batch(batch.pk).count() == 50


def test_an_item_whose_answers_are_always_wrong_fails_when_both_its_budgets_are_spent(vendors, run_batch):
    vendors(a=["malformed"])
    batch = run_batch(count=1, item_budget=4)
    item = Item.objects.get(batch=batch)
    assert (batch.status, item.status, item.faults, batch.attempts) == (BatchStatus.FAILED, ItemStatus.FAILED, 4, 8)
    assert "bad_output" in item.failure


def test_a_wrong_answer_is_kept_with_its_attempt(vendors, run_batch):
    vendors(a=["wrong-schema", "good"])
    batch = run_batch(count=1)
    first = Attempt.objects.filter(batch=batch).earliest("pk")
    assert first.answer
    assert first.detail


def test_faults_of_routes_never_use_an_item_up(vendors, run_batch):
    vendors(a=["flaky-2"])
    batch = run_batch(count=1, item_budget=1)
    assert (batch.status, Item.objects.get(batch=batch).faults) == (BatchStatus.COMPLETED, 0)


def test_a_provider_asked_for_comes_first_and_the_others_stand_behind_it(vendors, run_batch):
    vendors(a=["good"], b=["503"])
    batch = run_batch(count=1, provider="b")
    assert outcomes(batch) == {("b/503", "server"): 2, ("a/good", "ok"): 1}


def test_a_model_asked_for_comes_first(vendors, run_batch):
    vendors(a=["good", "fenced"])
    assert outcomes(run_batch(count=1, provider="a", model="fenced")) == {("a/fenced", "ok"): 1}


def test_a_refused_key_suspends_the_provider_for_the_batches_after_it(vendors, run_batch):
    sandbox = vendors(a=["401"], b=["good"])
    run_batch(count=1)
    run_batch(count=3)
    assert [call.model for call in sandbox.calls].count("401") == 1


def test_with_every_route_suspended_the_batch_is_paused_and_says_why(vendors, run_until_paused):
    vendors(a=["401"], b=["404"])
    batch = run_until_paused(3)
    assert batch.status == BatchStatus.PAUSED
    assert "auth" in batch.status_reason
    assert "b/404 (not_found" in batch.status_reason
    assert Item.objects.filter(batch=batch, status=ItemStatus.PENDING).count() == 3


def test_a_paused_batch_finishes_by_itself_once_the_key_is_replaced(vendors, run_until_paused):
    sandbox = vendors(a=["good"])
    sandbox.state.set_behaviour("401", key="key-of-a")
    paused = run_until_paused(2)
    actions.set_secrets("a", api_key="a-better-key")
    assert paused.status == BatchStatus.PAUSED
    work_off(paused.pk, deadline=time.monotonic() + 60)
    paused.refresh_from_db()
    assert paused.status == BatchStatus.COMPLETED


def test_every_attempt_counts_in_the_batch(vendors, run_batch):
    vendors(a=["mix-500:20-malformed:20", "good"], b=["good"])
    batch = run_batch(count=20)
    attempts = Attempt.objects.filter(batch=batch)
    tokens = sum(attempts.values_list(F("prompt_tokens") + F("completion_tokens"), flat=True))
    switches = attempts.filter(is_switch=True).count()
    assert (batch.attempts, batch.tokens, batch.switches) == (attempts.count(), tokens, switches)


def test_an_items_own_faults_pause_no_batch_whose_provider_works(vendors, run_batch):
    vendors(a=["mix-bad-request:20"], b=["401"])
    batch = run_batch(count=30, timeout_s=20)
    reasons = Item.objects.filter(batch=batch, status=ItemStatus.FAILED).values_list("failure", flat=True)
    assert (batch.status, batch.generated, list(reasons)) == (BatchStatus.COMPLETED, 30, [])
