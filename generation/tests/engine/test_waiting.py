"""On what a batch waits: what the items of a lane wait for longest, and the lane that has waited longest."""

from uuid import uuid4

import pytest

from generation.choices import BatchStatus
from generation.engine.waiting import longest, outages, waiting_words
from generation.models import Batch, Lane
from generation.tests.factories import make_batch
from generation.worker.items import batches, places
from providers.routing.admission import ScopeState
from providers.routing.policy import Waiting

LIMIT = "groq is at its limit of 5500 tokens in 60 s for 60 s"
OUTAGE = ScopeState("groq", 30.0, failures=3, reason="connection: Host not found: nowhere.")


# --- one lane ----------------------------------------------------------------
def test_what_has_been_waited_for_longest_is_told_and_not_what_most_wait_for():
    waits = [Waiting("short", 90.0, 10), Waiting("long", 10.0, 1)]
    assert longest(waits, 11) == Waiting("long", 10.0, 1)


@pytest.mark.parametrize("in_work", [0, 12])
def test_nothing_is_told_while_an_item_goes_on_or_none_is_in_work(in_work):
    assert longest([Waiting("short", 90.0, 11)], in_work) is None


def test_an_outage_is_not_hidden_by_a_wait_for_a_limit():
    told = waiting_words([OUTAGE], Waiting(LIMIT, 10.0))
    assert told == f"groq is suspended: connection: Host not found: nowhere; {LIMIT}"


def test_an_outage_is_told_until_a_call_succeeds_and_a_single_failure_is_none():
    is_probed = ScopeState("groq/a", half_open=True, failures=3)
    assert outages({"groq/a": is_probed, "groq/b": ScopeState("groq/b", failures=1)}) == [is_probed]


def test_models_of_a_provider_that_is_out_are_not_told_as_well():
    states = {state.scope: state for state in (ScopeState("groq/a", 20.0), OUTAGE, ScopeState("other/a", 9.0))}
    assert [state.scope for state in outages(states)] == ["groq", "other/a"]


def test_many_outages_are_told_in_short():
    down = [ScopeState(f"p{number}", 30.0, reason="server") for number in range(5)]
    assert waiting_words(down, Waiting("x", 0.0)).count(";") == 4
    assert "2 more are suspended" in waiting_words(down, Waiting("x", 0.0))


# --- the lanes of a batch ------------------------------------------------------
@pytest.fixture
def two_lanes():
    """Two lanes at work on a running batch."""
    batch = make_batch(count=4, status=BatchStatus.RUNNING)
    Lane.objects.bulk_create([Lane(batch=batch, slot=slot) for slot in range(2)])
    tokens = [uuid4(), uuid4()]
    for slot, token in enumerate(tokens):
        assert places.take(places.Place(batch.pk, slot, 0), token)
    return batch.pk, *tokens


def reason_of(pk):
    return Batch.objects.get(pk=pk).status_reason


def wait(pk, token, reason, waited_s=0.0):
    places.show_waiting(token, reason, waited_s)
    batches.show_waiting(pk)


@pytest.mark.django_db
@pytest.mark.parametrize("is_first_told_last", [True, False])
def test_the_lane_that_has_waited_longest_gives_the_reason_whoever_tells_last(two_lanes, is_first_told_last):
    pk, one, other = two_lanes
    told = [(one, "outage", 90.0), (other, "limit", 3.0)]
    for token, reason, waited_s in reversed(told) if is_first_told_last else told:
        wait(pk, token, reason, waited_s)
    assert reason_of(pk) == "outage"


@pytest.mark.django_db
def test_a_batch_with_a_lane_that_goes_on_waits_for_nothing(two_lanes):
    pk, one, other = two_lanes
    wait(pk, one, "outage", 90.0)
    assert reason_of(pk) == ""
    wait(pk, other, "limit", 3.0)
    wait(pk, one, "")
    assert reason_of(pk) == ""


@pytest.mark.django_db
def test_a_lane_that_leaves_takes_its_reason_with_it(two_lanes):
    pk, one, other = two_lanes
    wait(pk, one, "outage", 90.0)
    wait(pk, other, "limit", 3.0)
    places.leave(one, comes_back=False)
    batches.show_waiting(pk)
    assert reason_of(pk) == "limit"
    places.leave(other, comes_back=False)
    batches.show_waiting(pk, "Every route has failed.")
    assert reason_of(pk) == "Every route has failed."


@pytest.mark.django_db
def test_the_reason_of_a_batch_that_does_not_run_stays(two_lanes):
    pk, one, _ = two_lanes
    batches.pause_batch(pk, "No route can work now", None)
    wait(pk, one, "limit")
    assert reason_of(pk) == "No route can work now"
