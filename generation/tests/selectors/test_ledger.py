"""What the ledger tells of calls made before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from generation.choices import BatchStatus
from generation.models import Attempt, Batch
from generation.selectors import ledger
from generation.tests.factories import make_batch
from generation.worker.items import claims

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def attempt(batch, *, ago=timedelta(0), **fields):
    values = {"provider": "a", "model": "m", "outcome": "ok", "prompt_tokens": 1, "completion_tokens": 5}
    item = batch.items.first()
    values["sample_type"] = item.sample_type
    return Attempt.objects.create(
        batch=batch, item=item, call_id=uuid4(), started_at=timezone.now() - ago, **(values | fields)
    )


def test_calls_of_the_time_asked_for_come_with_the_id_of_their_reservation():
    batch = make_batch()
    attempt(batch, ago=HOUR * 25)
    last = attempt(batch, ago=HOUR, outcome="timeout")
    found = list(ledger.past_calls(HOUR * 24))
    assert [(call.id, call.provider_id, call.model_id) for call in found] == [(str(last.call_id), "a", "m")]


@pytest.mark.parametrize(
    ("outcome", "tokens", "is_unknown"),
    [("timeout", 0, True), ("connection", 0, True), ("timeout", 3, False), ("server", 0, False), ("ok", 3, False)],
)
def test_what_an_unanswered_call_took_is_unknown_unless_its_vendor_told(outcome, tokens, is_unknown):
    attempt(make_batch(), outcome=outcome, prompt_tokens=tokens, completion_tokens=0)
    assert [call.is_unknown for call in ledger.past_calls(HOUR)] == [is_unknown]


def test_a_call_of_late_is_activity():
    batch = make_batch()
    attempt(batch, ago=HOUR)
    assert not ledger.was_active(HOUR / 6)
    attempt(batch, ago=HOUR / 12)
    assert ledger.was_active(HOUR / 6)


def test_items_in_work_are_activity_unless_their_batch_has_only_just_begun():
    batch = make_batch(status=BatchStatus.RUNNING, started_at=Now())
    claims.claim(batch, uuid4(), 1)
    assert not ledger.was_active(HOUR)
    Batch.objects.filter(pk=batch.pk).update(started_at=Now() - HOUR)
    assert ledger.was_active(HOUR)


def test_good_answers_come_oldest_first_with_their_sample_type(django_assert_num_queries):
    batch = make_batch()
    for tokens in (1, 2, 3):
        attempt(batch, completion_tokens=tokens)
    attempt(batch, outcome="bad_output")
    with django_assert_num_queries(1):
        answers = ledger.recent_answers(limit=3)
    assert answers == [("a/m", "case_analysis", 2), ("a/m", "case_analysis", 3)]
