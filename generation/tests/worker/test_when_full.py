"""Where the preferred route has no place for one more call: stay, spill, or stay while the wait is short."""

from collections import Counter
from itertools import pairwise

import pytest

from providers import actions


@pytest.fixture
def full_first(vendors, settings):
    """The first provider takes one call at a time, and takes its time over it."""
    settings.GENERATION_CALLS_PER_LANE = 4
    sandbox = vendors(a=["slow-300ms"], b=["good"])
    actions.update_provider("a", {"max_concurrency": 1})
    return sandbox


def calls(sandbox):
    return Counter(call.key for call in sandbox.calls)


@pytest.mark.parametrize("when_full", ["stay", "auto"])
def test_an_item_waits_for_the_first_choice_while_the_wait_is_short(full_first, run_batch, when_full):
    assert run_batch(count=4, when_full=when_full).generated == 4
    assert calls(full_first) == {"key-of-a": 4}


def test_an_item_that_spills_uses_the_next_route_at_once(full_first, run_batch):
    assert run_batch(count=6, when_full="spill").generated == 6
    assert calls(full_first)["key-of-b"] >= 3


def test_a_persons_ceiling_of_calls_at_once_holds(full_first, run_batch):
    batch = run_batch(count=5, when_full="stay")
    times = sorted(call.time for call in full_first.calls)
    assert batch.generated == 5
    assert all(late - early >= 0.29 for early, late in pairwise(times))


@pytest.mark.parametrize("when_full", ["spill", "auto"])
def test_an_item_waits_for_a_full_route_rather_than_be_refused_again_by_one_it_has_tried(
    vendors, run_batch, settings, when_full
):
    settings.GENERATION_CALLS_PER_LANE = 4
    sandbox = vendors(a=["bad-request"], b=["slow-300ms"])
    actions.update_provider("b", {"max_concurrency": 1})
    batch = run_batch(count=6, when_full=when_full, item_budget=2)
    assert (batch.generated, batch.failed) == (6, 0)
    assert calls(sandbox)["key-of-b"] == 6
    assert calls(sandbox)["key-of-a"] <= 6
