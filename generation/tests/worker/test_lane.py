"""A lane at work: what it does when told to stop, when Redis or PostgreSQL is away, and when a limit is reached."""

import threading
import time
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from generation import actions, tasks
from generation.actions import BatchOrder, start_batch
from generation.choices import BatchStatus, ItemStatus
from generation.engine.parsing import Draft
from generation.models import Attempt, Batch, Item
from generation.worker.items import batches, claims, places, planner
from generation.worker.lane.lane import run_lane
from generation.worker.results import saving
from generation.worker.running.inline import work_off
from providers import actions as provider_actions
from providers.routing.call import Call
from samples.models import Sample


@pytest.fixture
def in_background():
    """Run a function in a thread that ends before the test does."""
    threads = []

    def start(function, *args, **kwargs):
        def run():
            try:
                function(*args, **kwargs)
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def wait_until(condition, timeout_s=10.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def start(batch):
    batches.open_batch(batch.pk)
    return batch.pk


def order(count, **fields):
    return start_batch(BatchOrder(count=count, **fields), queue=False)


def test_a_stop_keeps_the_calls_in_flight_and_starts_no_other(vendors, in_background, settings):
    settings.GENERATION_CALLS_PER_LANE = 2
    sandbox = vendors(a=["slow-700ms"])
    batch = order(20)
    lane = in_background(work_off, batch.pk, deadline=time.monotonic() + 30)
    wait_until(lambda: len(sandbox.calls) >= 2)
    actions.stop_batch(batch.pk)
    lane.join(5)
    batch.refresh_from_db()
    assert batch.status == BatchStatus.STOPPED
    assert batch.generated == batch.attempts == len(sandbox.calls) <= 4
    assert Item.objects.filter(batch=batch, status=ItemStatus.LEASED).count() == 0


def test_a_resumed_batch_makes_exactly_the_missing_samples(vendors, in_background, settings):
    settings.GENERATION_CALLS_PER_LANE = 2
    sandbox = vendors(a=["slow-300ms"])
    batch = order(6)
    lane = in_background(work_off, batch.pk, deadline=time.monotonic() + 30)
    wait_until(lambda: sandbox.calls)
    actions.stop_batch(batch.pk)
    lane.join(5)
    actions.resume_batch(batch.pk)
    work_off(batch.pk, deadline=time.monotonic() + 20)
    batch.refresh_from_db()
    assert (batch.status, batch.generated, len(sandbox.calls)) == (BatchStatus.COMPLETED, 6, 6)
    assert [sample.item_number for sample in Sample.objects.of_batch(batch.pk)] == [1, 2, 3, 4, 5, 6]


def test_two_lanes_of_one_batch_share_the_work_and_double_nothing(vendors, in_background):
    sandbox = vendors(a=["slow-100ms"])
    batch = order(40)
    threads = [in_background(run_lane, place) for place in places.prepare(batch)]
    for thread in threads:
        thread.join(20)
    batch.refresh_from_db()
    assert (batch.status, batch.generated, len(sandbox.calls)) == (BatchStatus.COMPLETED, 40, 40)


def test_no_more_calls_leave_than_the_limit_allows_and_the_wait_is_shown(vendors, in_background):
    sandbox = vendors(a=["good"])
    provider_actions.update_provider("a", {"requests_per_minute": 3})
    batch = order(5)
    in_background(work_off, batch.pk, deadline=time.monotonic() + 6)
    wait_until(lambda: "limit of 3 requests" in Batch.objects.get(pk=batch.pk).status_reason)
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
    in_background(work_off, batch.pk, deadline=time.monotonic() + 4)
    wait_until(lambda: "Redis is away" in Batch.objects.get(pk=batch.pk).status_reason)
    assert sandbox.calls == []


def test_a_result_that_cannot_be_saved_is_held_until_it_can(vendors, run_batch, monkeypatch):
    sandbox = vendors(a=["good"])
    save, refusals = saving.save, iter([True, True])

    def flaky(*args):
        if next(refusals, False):
            raise OperationalError("the database is away")
        save(*args)

    monkeypatch.setattr(saving, "save", flaky)
    batch = run_batch(count=2)
    assert (batch.status, batch.generated, len(sandbox.calls)) == (BatchStatus.COMPLETED, 2, 2)


def test_results_are_held_while_the_database_is_read_only(vendors, run_batch, monkeypatch):
    sandbox = vendors(a=["good"])
    save, refusals = saving.save, iter([True, True])

    def demoted(*args):
        if next(refusals, False):
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = on")
        save(*args)

    monkeypatch.setattr(saving, "save", demoted)
    batch = run_batch(count=2)
    assert (batch.status, batch.generated, len(sandbox.calls)) == (BatchStatus.COMPLETED, 2, 2)


def test_a_message_that_meets_a_database_that_is_away_is_no_bug(monkeypatch, caplog):
    def away(place):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks, "run_lane", away)
    tasks.work(1, 0, 0)
    assert [record.exc_info for record in caplog.records] == [None]


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


def test_one_result_that_the_database_refuses_does_not_cost_the_others(vendors, run_batch, monkeypatch):
    vendors(a=["good"])
    make = saving._attempt

    def poisoned(item, call):
        attempt = make(item, call)
        attempt.prompt_tokens = 2**40 if item.number == 2 else attempt.prompt_tokens
        return attempt

    monkeypatch.setattr(saving, "_attempt", poisoned)
    batch = run_batch(count=5)
    assert (batch.status, batch.generated, batch.failed) == (BatchStatus.COMPLETED_WITH_FAILURES, 4, 1)


def test_a_batch_that_is_deleted_while_it_runs_ends_its_lane(vendors, in_background):
    sandbox = vendors(a=["slow-500ms"])
    batch = order(4)
    thread = in_background(work_off, batch.pk, deadline=time.monotonic() + 20)
    wait_until(lambda: sandbox.calls)
    Batch.objects.get(pk=batch.pk).delete()
    thread.join(8)
    assert not thread.is_alive()


def test_after_a_stop_an_item_makes_no_further_call(vendors, in_background):
    sandbox = vendors(a=["slow-300ms"])
    sandbox.state.set_behaviour("malformed", model="slow-300ms")
    sandbox.state.latency_s = 0.4
    batch = order(4, item_budget=50)
    thread = in_background(work_off, batch.pk, deadline=time.monotonic() + 20)
    wait_until(lambda: len(sandbox.calls) >= 4)
    actions.stop_batch(batch.pk)
    stopped_at = time.time()
    thread.join(8)
    assert [call for call in sandbox.calls if call.time > stopped_at + 1] == []
    assert Item.objects.filter(batch=batch, status=ItemStatus.PENDING).count() == 4


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


def test_a_day_limit_pauses_the_batch_and_another_provider_wakes_it(vendors, run_batch):
    vendors(a=["good"], b=["fenced"])
    provider_actions.update_provider("a", {"requests_per_day": 1})
    provider_actions.set_provider_enabled("b", False)
    paused = run_batch(count=2, timeout_s=4)
    assert (paused.status, paused.generated) == (BatchStatus.PAUSED, 1)
    assert "limit of 1 requests" in paused.status_reason
    provider_actions.set_provider_enabled("b", True)
    work_off(paused.pk, deadline=time.monotonic() + 10)
    paused.refresh_from_db()
    assert paused.status == BatchStatus.COMPLETED


def test_a_draft_that_was_paid_for_is_kept_though_another_lane_has_its_item_by_now(vendors, run_batch):
    vendors(a=["good"])
    made = run_batch(count=1)
    late = order(1)
    batches.open_batch(late.pk)
    item = claims.claim(late, uuid4(), 1)[0]
    draft = Draft("Q?", "A.", "C", "R")
    call = Call(uuid4(), "a", "good", timezone.now(), 0.1)
    saving.save(late.pk, uuid4(), [saving.Result(item, (call,), 0, draft)])
    saving.save(late.pk, item.lease_token or uuid4(), [saving.Result(item, (call,), 0, draft)])
    late.refresh_from_db()
    assert (late.generated, late.attempts, Sample.objects.of_batch(late.pk).count()) == (1, 1, 1)
    assert made.generated == 1


def test_calls_in_flight_at_the_deadline_are_waited_for_and_kept(vendors, run_batch):
    sandbox = vendors(a=["slow-700ms"])
    batch = run_batch(count=100, timeout_s=1)
    assert batch.generated == batch.attempts == len(sandbox.calls) > 0


def test_a_broken_connection_does_not_end_a_batch_that_is_worked_off_here(vendors, in_background):
    vendors(a=["slow-300ms"])
    batch = order(40)
    thread = in_background(work_off, batch.pk, deadline=time.monotonic() + 25)
    wait_until(lambda: Batch.objects.get(pk=batch.pk).generated > 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    thread.join(25)
    batch.refresh_from_db()
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 40)


def test_a_wait_that_a_stop_cut_short_is_not_waited_again(vendors, in_background):
    vendors(a=["good"])
    provider_actions.update_provider("a", {"requests_per_minute": 1})
    batch = order(2)
    thread = in_background(work_off, batch.pk, deadline=time.monotonic() + 20)
    wait_until(lambda: Batch.objects.get(pk=batch.pk).status_reason)
    actions.stop_batch(batch.pk)
    thread.join(8)
    assert Item.objects.get(batch=batch, status=ItemStatus.PENDING).retry_at is None


def test_a_lost_lease_never_makes_a_second_sample(vendors, run_batch):
    vendors(a=["good"])
    batch = run_batch(count=1)
    item = Item.objects.get(batch=batch)
    saving.save(batch.pk, uuid4(), [saving.Result(item, (), 0, end=saving.Failed("late"))])
    item.refresh_from_db()
    assert (item.status, Sample.objects.of_batch(batch.pk).count()) == (ItemStatus.DONE, 1)


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
    monkeypatch.setattr("generation.worker.lane.beat.BEAT_S", 60.0)
    vendors(a=["good"])
    batch = order(500)
    place = places.prepare(batch)[0]
    in_background(run_lane, place).join(60)
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.COMPLETED
    of_the_work = [sql for sql in statements if "items" in sql or "samples" in sql or "attempts" in sql]
    assert len(of_the_work) / 500 * 50 <= 12
