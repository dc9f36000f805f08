"""An item is replaced once and only once, whatever is saved twice, late, or by two lanes at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now

from generation import actions
from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import SPEC, make_attempt, make_batch
from generation.worker.items import claims
from generation.worker.results import files, recovery, saving
from generation.worker.results.journal import Journal
from generation.worker.results.lines import Source
from generation.worker.results.saving import Failed, HandedBack, InWork, Result
from generation.worker.running import upkeep
from providers.configuration.snapshot import read_installation
from providers.llm.errors import ErrorKind
from providers.routing.call import Call
from samples.models import Sample
from samples.quality.draft import Draft

pytestmark = pytest.mark.django_db

USED_UP = Failed("a/good: bad_output: too short", is_budget_used_up=True)
DRAFT = Draft("Q?", "A.", "C", "R")


def call(kind=ErrorKind.BAD_OUTPUT):
    return Call(uuid4(), "a", "good", datetime.now(UTC), 0.25, kind)


def claimed(count=1):
    """A running batch, the lease, and for each item the result that its answers were rejected."""
    batch, token = make_batch(count=count, status=BatchStatus.RUNNING), uuid4()
    items = claims.claim(batch, token, count)
    return batch, token, [Result(item, (call(),), 1, USED_UP) for item in items]


def counters(batch):
    return Batch.objects.values_list("generated", "failed", "replaced").get(pk=batch.pk)


def fail_again(batch, token):
    """Claim the replaced items anew, and use their budgets up."""
    items = claims.claim(batch, token, 10)
    results = [Result(item, (call(),), 1, USED_UP, was_replaced=item.replaced_at is not None) for item in items]
    saving.save(batch.pk, token, results)
    return results


def test_it_becomes_another_one_of_its_kind_in_place():
    batch, token, results = claimed()
    saving.save(batch.pk, token, results)
    item = Item.objects.get(batch=batch)
    kept = {name: getattr(item, name) for name in SPEC if name != "scenario"}
    assert kept == {name: value for name, value in SPEC.items() if name != "scenario"}
    assert item.scenario != SPEC["scenario"]
    assert (item.number, item.status, item.faults, item.failure) == (1, ItemStatus.PENDING, 0, "")
    assert (item.lease_token, item.retry_at) == (None, None)
    assert item.replaced_at is not None
    assert counters(batch) == (0, 0, 1)


def test_the_second_time_it_fails_for_good():
    batch, token, results = claimed()
    saving.save(batch.pk, token, results)
    fail_again(batch, token)
    assert Item.objects.get(batch=batch).status == ItemStatus.FAILED
    assert counters(batch) == (0, 1, 1)


def test_a_group_that_is_saved_twice_replaces_once_and_fails_nothing():
    batch, token, results = claimed(3)
    for _ in range(2):
        saving.save(batch.pk, token, results)
    assert counters(batch) == (0, 0, 3)
    assert set(Item.objects.values_list("status", flat=True)) == {ItemStatus.PENDING}


def test_a_second_save_after_the_same_lane_has_claimed_it_again_takes_nothing_from_it():
    batch, token, results = claimed()
    saving.save(batch.pk, token, results)
    claims.claim(batch, token, 1)
    for end in (USED_UP, HandedBack(), InWork()):
        saving.save(batch.pk, token, [replace(results[0], end=end, faults=5)])
    assert Item.objects.values_list("status", "faults").get(batch=batch) == (ItemStatus.LEASED, 0)
    assert counters(batch) == (0, 0, 1)


def test_a_late_failure_of_another_lane_is_not_held_against_what_took_its_place():
    batch, late, results = claimed()
    Item.objects.filter(batch=batch).update(leased_until=Now())
    upkeep.hand_back_expired()
    token = uuid4()
    [item] = claims.claim(batch, token, 1)
    saving.save(batch.pk, token, [Result(item, (call(),), 1, USED_UP)])
    saving.save(batch.pk, late, results)
    assert counters(batch) == (0, 0, 1)
    assert Batch.objects.get(pk=batch.pk).attempts == 2


def test_a_late_draft_that_was_paid_for_is_taken_for_what_took_its_place():
    batch, token, results = claimed()
    saving.save(batch.pk, token, results)
    saving.save(batch.pk, token, [Result(results[0].item, (call(None),), 0, DRAFT)])
    assert counters(batch) == (1, 0, 1)
    assert Sample.objects.of_batch(batch.pk).count() == 1


@pytest.mark.parametrize("kind", [ErrorKind.BAD_REQUEST, ErrorKind.CONTEXT_LENGTH])
def test_refusals_alone_replace_nothing(kind):
    batch, token, [result] = claimed()
    saving.save(batch.pk, token, [replace(result, calls=(call(kind),))])
    assert counters(batch) == (0, 1, 0)


def test_a_rejected_answer_among_refusals_is_enough():
    batch, token, [result] = claimed()
    saving.save(batch.pk, token, [replace(result, calls=(call(), call(ErrorKind.BAD_REQUEST)))])
    assert counters(batch) == (0, 0, 1)


def test_a_failure_of_another_reason_replaces_nothing():
    batch, token, [result] = claimed()
    saving.save(batch.pk, token, [replace(result, end=Failed(saving.OWN_ERROR))])
    assert counters(batch) == (0, 1, 0)


def test_rejected_answers_of_an_earlier_claim_count_too():
    batch, token, [result] = claimed()
    make_attempt(batch, 1, "bad_output")
    saving.save(batch.pk, token, [replace(result, calls=())])
    assert counters(batch) == (0, 0, 1)


def test_a_person_who_retries_what_is_short_gets_a_fresh_budget_and_no_second_replacement():
    batch, token, results = claimed()
    saving.save(batch.pk, token, results)
    fail_again(batch, token)
    actions.retry_failed(batch.pk)
    assert counters(batch) == (0, 0, 1)
    fail_again(Batch.objects.get(pk=batch.pk), token)
    assert counters(batch) == (0, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_lanes_that_fail_the_same_items_at_once_replace_each_once():
    batch, _, results = claimed(20)
    Item.objects.hand_back()  # as upkeep does when a lease runs out: both results come to items that nobody holds
    again = [replace(result, calls=(call(),)) for result in results]
    start = threading.Barrier(2)

    def lane(group):
        try:
            start.wait(5)
            saving.save(batch.pk, uuid4(), group)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as lanes:
        list(lanes.map(lane, (results, again[::-1])))
    assert counters(batch) == (0, 0, 20)
    assert set(Item.objects.values_list("status", flat=True)) == {ItemStatus.PENDING}
    assert Attempt.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_lane_that_was_killed_after_it_was_saved_takes_nothing_from_the_replacement(settings, tmp_path):
    settings.LEGALDS_DATA = tmp_path
    batch, token, results = claimed(2)
    leave(batch, token, results)
    saving.save(batch.pk, token, results)
    recovery.take_up()
    assert (counters(batch), files.left()) == ((0, 0, 2), [])
    assert set(Item.objects.values_list("status", flat=True)) == {ItemStatus.PENDING}


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_lane_that_was_killed_before_it_was_saved_replaces_and_then_fails(settings, tmp_path):
    settings.LEGALDS_DATA = tmp_path
    batch, token, results = claimed(1)
    leave(batch, token, results)
    recovery.take_up()
    assert counters(batch) == (0, 0, 1)
    leave(batch, token, fail_again(batch, token))
    recovery.take_up()
    assert counters(batch) == (0, 1, 1)


def leave(batch: Batch, token: Any, results: list[Result]) -> None:
    """In a file, as a lane does that ends before it could save them."""
    journal = Journal(Source(batch.pk, batch.created_at, token), read_installation())
    for result in results:
        journal.ended(result)
    journal.close()
