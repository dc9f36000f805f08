"""A lane at work: what its limits, its configuration, its plan and its deadline make of it, and what it costs."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest
from django.db.backends.signals import connection_created
from django.db.models import Count
from django.db.models.functions import Now

from generation import actions
from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item, Lane
from generation.tests.worker.lanes import order, wait_until
from generation.worker.items import places, planner
from generation.worker.items.places import Place
from generation.worker.lane import lane
from generation.worker.lane.lane import run_lane
from generation.worker.lane.making import make
from generation.worker.running.inline import work_off
from providers import actions as provider_actions
from providers.routing.limits import ramp


def test_two_lanes_of_one_batch_share_the_work_and_double_nothing(vendors, in_background):
    sandbox = vendors(a=["slow-100ms"])
    batch = order(40)
    threads = [in_background(run_lane, place) for place in places.prepare(batch)]
    for thread in threads:
        thread.join(20)
    batch.refresh_from_db()
    assert (batch.status, batch.generated, len(sandbox.calls)) == (BatchStatus.COMPLETED, 40, 40)


def test_two_lanes_of_one_batch_both_have_calls_in_flight_until_its_last_items(
    vendors, in_background, settings, monkeypatch
):
    settings.GENERATION_CALLS_PER_LANE = 8
    monkeypatch.setattr(ramp, "COLD_CALLS", 100)  # places in plenty: who finds a free one is not what this is about
    vendors(a=["slow-100ms"])
    begun, ended, both = set(), [], threading.Event()

    async def make_once_both_are_there(item, lane):
        begun.add(lane.lease_token)
        if len(begun) == 2:
            both.set()
        await asyncio.to_thread(both.wait)
        result = await make(item, lane)
        ended.append(lane.lease_token)
        return result

    monkeypatch.setattr(lane, "make", make_once_both_are_there)
    threads = [in_background(run_lane, place) for place in places.prepare(order(160))[:2]]
    for thread in threads:
        thread.join(30)
    assert len(ended) == 160
    assert len(set(ended[-40:])) == 2  # less than this may be in flight in one lane while the other claims its last


def test_a_lane_that_comes_later_gets_its_part_of_what_another_has_claimed_ahead(vendors, in_background, settings):
    settings.GENERATION_CALLS_PER_LANE, settings.SHUTDOWN_GRACE_S = 4, 0
    vendors(a=["slow-60s"])
    halt = threading.Event()
    batch = order(40)
    first, second = places.prepare(batch)[:2]
    in_background(run_lane, first, is_halted=halt.is_set)
    wait_until(lambda: leased(batch) == [40], 60)
    in_background(run_lane, second, is_halted=halt.is_set)
    wait_until(lambda: leased(batch) == [20, 20], 60)
    halt.set()


def leased(batch):
    """How many items each lane holds."""
    held = Item.objects.filter(batch=batch, status=ItemStatus.LEASED).values("lease_token")
    return sorted(held.annotate(items=Count("pk")).values_list("items", flat=True))


@pytest.fixture
def left_out(vendors, monkeypatch, settings):
    """Another batch has waited for long, and a lane looks for such at once."""
    settings.GENERATION_CALLS_PER_LANE = 1
    monkeypatch.setattr(lane, "CLAIMING_S", 0.0)
    vendors(a=["slow-100ms"])
    places.prepare(order(1))
    Lane.objects.update(seen_at=Now() - timedelta(seconds=30))


@pytest.mark.usefixtures("left_out")
def test_a_lane_makes_room_for_a_batch_on_which_nobody_works_and_comes_back():
    batch = order(500)
    assert run_lane(places.prepare(batch)[0], look_for_guests=lambda: None) == Place(batch.pk, 0, 1)
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.RUNNING


@pytest.mark.usefixtures("left_out")
def test_a_lane_makes_no_room_in_a_process_that_is_there_for_its_batch_alone():
    batch = order(20)
    assert run_lane(places.prepare(batch)[0]) is None
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.COMPLETED


def test_no_more_calls_leave_than_the_limit_allows_and_the_wait_is_shown(vendors, in_background):
    sandbox = vendors(a=["good"])
    provider_actions.update_provider("a", {"requests_per_minute": 3})
    batch = order(5)
    in_background(work_off, batch.pk, deadline=time.monotonic() + 60)
    wait_until(lambda: "limit of 3 requests" in Batch.objects.get(pk=batch.pk).status_reason, 30)
    actions.stop_batch(batch.pk)
    assert len(sandbox.calls) == 3


def test_a_batch_at_its_limit_spills_over_to_the_next_provider(vendors, run_batch):
    vendors(a=["good"], b=["good"])
    provider_actions.update_provider("a", {"requests_per_minute": 3})
    batch = run_batch(count=5)
    providers = sorted(Attempt.objects.filter(batch=batch).values_list("provider", flat=True))
    assert providers == ["a", "a", "a", "b", "b"]


def test_redis_away_means_that_no_call_leaves_and_the_batch_says_so(vendors, in_background, settings):
    sandbox = vendors(a=["good"])
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    batch = order(2)
    in_background(work_off, batch.pk, deadline=time.monotonic() + 60)
    wait_until(lambda: "Redis is away" in Batch.objects.get(pk=batch.pk).status_reason, 30)
    actions.stop_batch(batch.pk)
    assert sandbox.calls == []


def test_a_toggle_reaches_a_running_batch_within_a_second(vendors, in_background, settings):
    settings.GENERATION_CALLS_PER_LANE = 2
    sandbox = vendors(a=["slow-100ms"], b=["good"])
    batch = order(60)
    in_background(work_off, batch.pk, deadline=time.monotonic() + 30)
    wait_until(lambda: len(sandbox.calls) > 4)
    provider_actions.set_provider_enabled("a", False)
    told_at = time.time()
    wait_until(lambda: Batch.objects.get(pk=batch.pk).generated == 60, 20)
    late = [call for call in sandbox.calls if call.model == "slow-100ms" and call.time > told_at + 1]
    assert late == []
    assert any(call.model == "good" for call in sandbox.calls)


def test_a_batch_started_right_after_a_change_runs_on_the_new_configuration(vendors, run_batch):
    sandbox = vendors(a=["good"], b=["fenced"])
    run_batch(count=1)
    provider_actions.set_provider_enabled("a", False)
    run_batch(count=1)
    assert [call.model for call in sandbox.calls] == ["good", "fenced"]


def test_a_large_batch_is_planned_while_it_runs(vendors, run_batch, monkeypatch):
    monkeypatch.setattr(planner, "CHUNK", 3)
    vendors(a=["good"])
    batch = run_batch(count=8)
    assert (batch.status, batch.planned, batch.generated) == (BatchStatus.COMPLETED, 8, 8)
    assert list(batch.items.values_list("number", flat=True)) == list(range(1, 9))


def test_a_day_limit_pauses_the_batch_and_another_provider_wakes_it(vendors, run_until_paused):
    vendors(a=["good"], b=["fenced"])
    provider_actions.update_provider("a", {"requests_per_day": 1})
    provider_actions.set_provider_enabled("b", False)
    paused = run_until_paused(2)
    assert (paused.status, paused.generated) == (BatchStatus.PAUSED, 1)
    assert "limit of 1 requests" in paused.status_reason
    provider_actions.set_provider_enabled("b", True)
    work_off(paused.pk, deadline=time.monotonic() + 60)
    paused.refresh_from_db()
    assert paused.status == BatchStatus.COMPLETED


def test_calls_in_flight_at_the_deadline_are_waited_for_and_kept(vendors, run_batch):
    sandbox = vendors(a=["slow-700ms"])
    batch = run_batch(count=100, timeout_s=1)
    assert batch.generated == batch.attempts == len(sandbox.calls) > 0


@pytest.fixture
def statements():
    """The SQL of every connection that is opened from now on; BEGIN and COMMIT are not among it."""
    heard: list[str] = []

    def listen(execute, sql, params, many, context):
        heard.append(sql)
        return execute(sql, params, many, context)

    def opened(connection, **_):
        connection.execute_wrappers.append(listen)

    connection_created.connect(opened)
    yield heard
    connection_created.disconnect(opened)


def test_fifty_items_cost_twelve_statements_at_most(vendors, settings, monkeypatch, in_background, statements):
    settings.GENERATION_CALLS_PER_LANE = 100
    monkeypatch.setattr("generation.worker.results.outbox.LATE_S", 5.0)  # full groups, however busy the machine is
    monkeypatch.setattr("generation.worker.lane.duplicates.EVERY_S", 2.0)
    monkeypatch.setattr("generation.worker.lane.beat.BEAT_S", 60.0)
    vendors(a=["good"])
    batch = order(500)
    place = places.prepare(batch)[0]
    in_background(run_lane, place).join(60)
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.COMPLETED
    of_the_work = [sql for sql in statements if "items" in sql or "samples" in sql or "attempts" in sql]
    assert len(of_the_work) / 500 * 50 <= 12
