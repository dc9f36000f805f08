"""Calls outlive the batch that they were made for, and count wherever calls count."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from generation.models import Attempt, Batch, Item
from generation.selectors import ledger
from generation.selectors.measurements import measured
from generation.selectors.model_quality import model_qualities
from generation.selectors.recent_calls import cost_since, last_hour
from generation.tests.factories import make_attempt, make_batch
from providers.routing.explaining.money import Spending
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def deleted():
    """The key of a batch that made three calls, and is gone with its items."""
    make_provider("groq", models=["llama"])
    batch = make_batch(count=3)
    for number in (1, 2):
        make_attempt(batch, number, "ok", sample_type="simple_qa", cost=Decimal("0.5"))
    make_attempt(batch, 3, "bad_output", sample_type="simple_qa")
    batch_id = batch.pk
    batch.delete()
    return batch_id


def test_calls_keep_the_keys_of_what_was_deleted(deleted):
    assert not Item.objects.exists()
    assert list(Attempt.objects.values_list("batch_id", flat=True)) == [deleted] * 3


def test_they_are_restored_to_an_empty_store(deleted):
    assert len(list(ledger.past_calls(HOUR))) == 3
    assert ledger.was_active(HOUR)


def test_they_say_what_answers_will_take(deleted):
    assert ledger.recent_answers() == [("groq/llama", "simple_qa", 5)] * 2
    (facts,) = measured([("groq", "llama")])["groq", "llama"]
    assert (facts.sample_type, facts.calls, facts.accepted) == ("simple_qa", 3, 2)


def test_they_count_in_the_statistics_of_providers_and_models(deleted):
    assert last_hour().by_provider["groq"].calls == 3
    assert cost_since(timezone.now() - HOUR) == {"groq": Spending(Decimal(1), 1)}
    assert [(quality.accepted, quality.bad_output) for quality in model_qualities()] == [(2, 1)]


@pytest.mark.parametrize("items", [1, 120])
def test_a_batch_is_deleted_by_the_same_statements_however_many_items_it_has(items):
    make_batch(count=items)
    with CaptureQueriesContext(connection) as queries:
        Batch.objects.all().delete()
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 6


def test_a_call_from_before_sample_types_were_kept_teaches_no_type():
    make_attempt(make_batch(), 1, "ok")
    assert ledger.recent_answers() == []
    assert not measured([("groq", "llama")])
