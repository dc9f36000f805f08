"""What dead routes cost a batch with many calls at once: a few calls each, and nothing of what was ordered."""

from collections import Counter
from itertools import combinations

import pytest

from generation.choices import BatchStatus
from legalds.tests.sweeps import sweep

COLD_CALLS = 4


@pytest.fixture(autouse=True)
def many_calls_at_once(settings):
    settings.GENERATION_CALLS_PER_LANE = 50


def calls_by_model(sandbox):
    return Counter(call.model for call in sandbox.calls)


def test_a_champion_that_is_always_down_costs_four_calls_at_most(vendors, run_batch):
    sandbox = vendors(a=["503", "good"])
    sandbox.state.latency_s = 0.05
    batch = run_batch(count=120)
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 120)
    assert calls_by_model(sandbox)["503"] <= COLD_CALLS


def test_a_revoked_key_costs_its_provider_four_calls_at_most(vendors, run_batch):
    sandbox = vendors(a=["good", "fenced"], b=["prose"])
    sandbox.state.set_behaviour("401", key="key-of-a")
    batch = run_batch(count=120)
    assert batch.generated == 120
    assert sum(call.key == "key-of-a" for call in sandbox.calls) <= COLD_CALLS


def test_with_all_routes_dead_each_costs_four_calls_at_most_and_the_batch_says_why_it_is_paused(
    vendors, run_until_paused
):
    sandbox = vendors(a=["503", "a--503"], b=["b--503"])
    batch = run_until_paused(60)
    assert batch.status == BatchStatus.PAUSED
    assert "server" in batch.status_reason
    assert max(calls_by_model(sandbox).values()) <= COLD_CALLS


EVERY_DAY = ("abc", "ace", "cde")  # the first ones, every other, the last ones


@pytest.mark.parametrize("dead", sweep(map("".join, combinations("abcde", 3)), EVERY_DAY))
def test_three_dead_providers_of_five_leave_the_work_to_the_rest(vendors, run_batch, dead):
    sandbox = vendors(**{name: [f"{name}--503" if name in dead else f"{name}--good"] for name in "abcde"})
    batch = run_batch(count=30)
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 30)
    assert all(count <= COLD_CALLS for model, count in calls_by_model(sandbox).items() if model.endswith("503"))
