"""Saving on PostgreSQL: once, whatever is retried, and by two connections at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation import actions
from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch
from generation.worker.items import claims
from generation.worker.results import saving
from generation.worker.results.saving import Failed, Result
from providers.llm.types import Usage
from providers.routing.call import Call
from samples.models import Sample
from samples.quality.draft import Draft

pytestmark = pytest.mark.django_db

DRAFT = Draft("Q?", "A.", "C", "R")


def call(**fields):
    return Call(uuid4(), "a", "good", datetime.now(UTC), 0.25, usage=Usage(10, 20), status=200, **fields)


def draft(number):
    return replace(DRAFT, question=f"Q{number}?")


def claimed(count, end=None):
    """So many results: with a draft for each, or with the end that is given."""
    batch, token = make_batch(count=count, status=BatchStatus.RUNNING), uuid4()
    items = claims.claim(batch, token, count)
    return batch, token, [Result(item, (call(),), 0, end or draft(item.number)) for item in items]


def test_a_group_is_saved_in_a_handful_of_statements():
    batch, token, results = claimed(50)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        saving.save(batch.pk, token, results)
    statements = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 10
    assert Sample.objects.of_batch(batch.pk).count() == 50


def test_a_group_whose_commit_was_not_confirmed_may_be_saved_again():
    batch, token, results = claimed(3)
    for _ in range(2):
        saving.save(batch.pk, token, results)
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, batch.tokens, Attempt.objects.count()) == (3, 3, 90, 3)


def test_cached_tokens_and_those_of_thinking_are_kept_with_the_call_and_added_up():
    batch, token, results = claimed(2)
    counted = Usage(10, 20, cached_tokens=8, reasoning_tokens=15)
    thinking = [replace(result, calls=(replace(result.calls[0], usage=counted),)) for result in results]
    for _ in range(2):
        saving.save(batch.pk, token, thinking)
    batch.refresh_from_db()
    assert (batch.tokens, batch.cached_tokens, batch.reasoning_tokens) == (60, 16, 30)
    assert set(Attempt.objects.values_list("cached_tokens", "reasoning_tokens")) == {(8, 15)}


def test_what_was_known_to_cost_is_added_up_once():
    batch, token, results = claimed(1)
    priced = [Result(results[0].item, (call(cost=Decimal("0.25")), call(cost=None)), 0, draft(1))]
    for _ in range(2):
        saving.save(batch.pk, token, priced)
    batch.refresh_from_db()
    assert (batch.cost, batch.unpriced) == (Decimal("0.25"), 1)
    assert batch.spending.words == "at least $0.25, 1 call has no known cost"


def test_of_a_batch_that_was_deleted_the_calls_are_kept_and_nothing_else():
    batch, token, results = claimed(2)
    pk = batch.pk
    batch.delete()
    for _ in range(2):
        saving.save(pk, token, results)
    assert list(Attempt.objects.values_list("batch_id", "sample_type")) == [(pk, "case_analysis")] * 2
    assert not Sample.objects.exists()


def test_each_item_gets_its_own_sample():
    batch, token, results = claimed(5)
    saving.save(batch.pk, token, results[::-1])
    items = Item.objects.filter(batch=batch).select_related("sample")
    assert [item.sample.item_number for item in items if item.sample] == [1, 2, 3, 4, 5]


def test_a_failure_counts_for_the_holder_and_for_nobody_else():
    batch, token, results = claimed(2, end=Failed("no"))
    saving.save(batch.pk, uuid4(), results)
    assert Batch.objects.get(pk=batch.pk).failed == 0
    saving.save(batch.pk, token, results)
    assert Batch.objects.get(pk=batch.pk).failed == 2
    assert set(Item.objects.values_list("status", "failure")) == {(ItemStatus.FAILED, "no")}


def test_a_failure_that_is_saved_again_after_a_person_put_the_item_back_undoes_nothing():
    batch, token, results = claimed(1, end=Failed("no"))
    saving.save(batch.pk, token, results)
    Batch.objects.update(status=BatchStatus.COMPLETED_WITH_FAILURES)
    actions.retry_failed(batch.pk)
    saving.save(batch.pk, token, results)
    assert Item.objects.get().status == ItemStatus.PENDING
    assert Batch.objects.get().failed == 0


def test_a_value_too_long_for_its_column_is_refused_and_not_cut():
    batch, token, results = claimed(1)
    too_long = Call(uuid4(), "a" * 51, "good", datetime.now(UTC))
    refused = saving.save_all(batch.pk, token, [Result(results[0].item, (too_long,), 0, end=Failed("no"))])
    assert [result.calls for result in refused] == [(too_long,)]
    assert Attempt.objects.count() == 0


def test_of_a_result_that_cannot_be_stored_the_calls_are_booked(monkeypatch):
    batch, token, results = claimed(2)
    make = saving._sample

    def poisoned(item, *rest):
        sample = make(item, *rest)
        sample.tokens = 2**40 if item.number == 1 else sample.tokens
        return sample

    monkeypatch.setattr(saving, "_sample", poisoned)
    assert saving.save_all(batch.pk, token, results) == results[:1]
    batch.refresh_from_db()
    assert (batch.generated, batch.failed, batch.attempts) == (1, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_lanes_that_save_the_same_items_at_once_make_one_sample_each():
    batch, token, results = claimed(20)
    again = [Result(result.item, (call(),), 0, result.end) for result in results]
    start = threading.Barrier(2)

    def lane(group):
        try:
            start.wait(5)
            saving.save(batch.pk, token, group)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as lanes:
        list(lanes.map(lane, (results, again[::-1])))
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, Sample.objects.of_batch(batch.pk).count()) == (20, 40, 20)
