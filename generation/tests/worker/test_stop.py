"""A batch that is stopped, resumed or deleted while a lane works on it."""

import time

from generation import actions
from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.worker.lanes import order, wait_until
from generation.worker.running.inline import work_off
from providers import actions as provider_actions
from samples.models import Sample


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


def test_a_batch_that_is_deleted_while_it_runs_ends_its_lane(vendors, in_background):
    sandbox = vendors(a=["slow-500ms"])
    batch = order(4)
    thread = in_background(work_off, batch.pk, deadline=time.monotonic() + 20)
    wait_until(lambda: sandbox.calls)
    pk = batch.pk
    Batch.objects.get(pk=pk).delete()
    thread.join(8)
    assert not thread.is_alive()
    assert Attempt.objects.filter(batch_id=pk).count() == len(sandbox.calls)


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


def test_a_wait_that_a_stop_cut_short_is_not_waited_again(vendors, in_background):
    vendors(a=["good"])
    provider_actions.update_provider("a", {"requests_per_minute": 1})
    batch = order(2)
    thread = in_background(work_off, batch.pk, deadline=time.monotonic() + 20)
    wait_until(lambda: Batch.objects.get(pk=batch.pk).status_reason)
    actions.stop_batch(batch.pk)
    thread.join(8)
    assert Item.objects.get(batch=batch, status=ItemStatus.PENDING).retry_at is None
