"""Two batches that contend for one provider's calls at once: the more urgent one goes first, and no place is idle."""

import time
from itertools import takewhile

import pytest

from generation import actions
from generation.models import Batch
from generation.tests.worker.lanes import order, wait_until
from generation.worker.running.inline import work_off
from providers import actions as provider_actions
from providers.routing.limits.urgency import Urgency

FIRST, SECOND = "By the first batch.", "By the second batch."


@pytest.fixture
def two_at_once(vendors, settings):
    settings.GENERATION_CALLS_PER_LANE = 6
    sandbox = vendors(a=["slow-200ms"])
    provider_actions.update_provider("a", {"max_concurrency": 2})
    return sandbox


@pytest.fixture
def at_work(in_background):
    """Start a batch and work it off beside the test."""

    def start(count, instruction, **fields):
        batch = order(count, instruction=instruction, when_full="stay", **fields)
        in_background(work_off, batch.pk, deadline=time.monotonic() + 60)
        return batch

    return start


def who_called(sandbox):
    """Whose each call was, in the order in which they came."""
    calls = sorted(sandbox.calls, key=lambda call: call.time)
    return [SECOND if SECOND in str(call.body) else FIRST for call in calls]


def finished(*batches):
    return lambda: all(Batch.objects.get(pk=batch.pk).finished_at for batch in batches)


def test_an_urgent_batch_goes_before_one_that_keeps_the_provider_full(two_at_once, at_work):
    normal = at_work(30, FIRST)
    wait_until(lambda: len(two_at_once.calls) >= 6)
    urgent = at_work(5, SECOND, urgency="urgent")
    wait_until(finished(normal, urgent), 40)
    callers = who_called(two_at_once)
    from_then_on = callers[callers.index(SECOND) :]
    assert (callers.count(FIRST), callers.count(SECOND)) == (30, 5)
    assert from_then_on[:5].count(SECOND) >= 4
    assert callers.index(SECOND) < 20


def test_a_low_batch_waits_for_a_normal_one_until_it_is_made_urgent(two_at_once, at_work):
    normal = at_work(40, FIRST)
    wait_until(lambda: len(two_at_once.calls) >= 4)
    low = at_work(4, SECOND, urgency="low")
    wait_until(lambda: len(two_at_once.calls) >= 16)
    waited = who_called(two_at_once)
    actions.set_urgency(low.pk, "urgent")
    wait_until(finished(normal, low), 40)
    callers = who_called(two_at_once)
    assert waited.count(SECOND) <= 1
    assert callers[-1] == FIRST
    assert len(list(takewhile(lambda caller: caller == FIRST, callers))) < 36


def test_a_low_batch_alone_takes_all_there_is(two_at_once, at_work):
    low = at_work(6, FIRST, urgency="low")
    wait_until(finished(low), 20)
    assert Batch.objects.get().urgency == Urgency.LOW
    assert len(two_at_once.calls) == 6
