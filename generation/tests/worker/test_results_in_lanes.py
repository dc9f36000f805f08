"""Results of lanes, whatever the database does: held until they can be saved, kept once, lost never."""

import time
from uuid import uuid4

from django.db import OperationalError, connection
from django.utils import timezone

from generation import tasks
from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.tests.worker.lanes import order, wait_until
from generation.worker.items import batches, claims
from generation.worker.results import attempts, saving
from generation.worker.running import host
from generation.worker.running.inline import work_off
from providers.routing.call import Call
from samples.models import Sample
from samples.quality.draft import Draft


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
    def away(place, **how):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks, "is_own", lambda installation: True)
    monkeypatch.setattr(host, "run_lane", away)
    tasks.work(1, 0, 0, "")
    assert [record.exc_info for record in caplog.records] == [None]


def test_one_result_that_the_database_refuses_does_not_cost_the_others(vendors, run_batch, monkeypatch):
    vendors(a=["good"])
    make = attempts._attempt

    def poisoned(item, call):
        attempt = make(item, call)
        attempt.prompt_tokens = 2**40 if item.number == 2 else attempt.prompt_tokens
        return attempt

    monkeypatch.setattr(attempts, "_attempt", poisoned)
    batch = run_batch(count=5)
    assert (batch.status, batch.generated, batch.failed) == (BatchStatus.COMPLETED_WITH_FAILURES, 4, 1)


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


def test_a_lost_lease_never_makes_a_second_sample(vendors, run_batch):
    vendors(a=["good"])
    batch = run_batch(count=1)
    item = Item.objects.get(batch=batch)
    saving.save(batch.pk, uuid4(), [saving.Result(item, (), 0, end=saving.Failed("late"))])
    item.refresh_from_db()
    assert (item.status, Sample.objects.of_batch(batch.pk).count()) == (ItemStatus.DONE, 1)
