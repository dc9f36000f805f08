"""Why items failed for good, read from the ledger."""

import pytest

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.selectors import shortfall
from generation.selectors.shortfall import shortfall_of
from generation.tests.factories import make_attempt, make_batch
from generation.worker.items.batches import finish_if_done

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    """One sample is made, four items have failed: two by rules, one by answers without JSON, one by a refusal."""
    batch = make_batch(count=5, done=1, failed=4, status=BatchStatus.RUNNING)
    make_attempt(batch, 1, "bad_output", rules={"refusal": "never counted, for the item was made"})
    make_attempt(batch, 2, "bad_output", rules={"words": "it has 3 words", "sections": "Rule is missing"})
    make_attempt(batch, 2, "bad_output", rules={"words": "it has 4 words"})
    make_attempt(batch, 3, "server")
    make_attempt(batch, 3, "bad_output", rules={"words": "it has 5 words"})
    make_attempt(batch, 4, "bad_output", detail="the answer is empty")
    make_attempt(batch, 5, "bad_request", detail="too odd")
    Item.objects.filter(batch=batch, number=5).update(failure="a/b: bad_request: too odd")
    return batch


def test_reasons_are_counted_by_rule_with_an_example_each(batch):
    told = shortfall_of(batch)
    assert (told.count, told.made, told.short) == (5, 1, 4)
    assert [(reason.code, reason.items, reason.answers) for reason in told.reasons] == [
        ("words", 2, 3),
        ("bad_request", 1, 1),
        ("sections", 1, 1),
        ("unreadable", 1, 1),
    ]
    examples = {reason.code: (reason.example_item, reason.example) for reason in told.reasons}
    assert examples == {
        "words": (3, "it has 5 words"),
        "bad_request": (5, "a/b: bad_request: too odd"),
        "sections": (2, "Rule is missing"),
        "unreadable": (4, "the answer is empty"),
    }


def test_an_item_for_which_no_call_was_made_says_so():
    batch = make_batch(count=1, failed=1)
    Item.objects.update(failure="5 workers died while they held it.")
    [reason] = shortfall_of(batch).reasons
    assert (reason.code, reason.name, reason.items, reason.answers) == ("no_call", "No call was made", 1, 0)
    assert reason.example == "5 workers died while they held it."


def test_a_batch_without_a_failed_item_is_not_short_and_is_not_asked(django_assert_num_queries):
    batch = make_batch(done=1)
    with django_assert_num_queries(0):
        assert shortfall_of(batch) is None


def test_of_very_many_only_the_first_are_looked_at(batch, monkeypatch):
    monkeypatch.setattr(shortfall, "COUNTED", 1)
    told = shortfall_of(batch)
    assert (told.short, told.counted) == (4, 1)
    assert {reason.code for reason in told.reasons} == {"words", "sections"}


def test_it_is_one_query(batch, django_assert_num_queries):
    with django_assert_num_queries(1):
        shortfall_of(batch)


def test_how_a_batch_ended_says_what_it_is_short_of(batch):
    assert finish_if_done(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.status_reason) == (
        BatchStatus.COMPLETED_WITH_FAILURES,
        "1 of 5 samples made, 4 short: mostly words",
    )


def test_a_batch_that_made_nothing_says_so_too():
    batch = make_batch(count=1, failed=1, status=BatchStatus.RUNNING)
    finish_if_done(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.status_reason) == (
        BatchStatus.FAILED,
        "0 of 1 samples made, 1 short: no call was made",
    )


def test_a_batch_that_made_all_has_nothing_to_say():
    batch = make_batch(count=1, done=1, status=BatchStatus.RUNNING)
    finish_if_done(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.status_reason) == (BatchStatus.COMPLETED, "")


def test_the_failed_items_of_others_are_not_read(batch):
    other = make_batch(count=1, failed=1)
    make_attempt(other, 1, "bad_output", rules={"filler": "it says nothing"})
    assert [reason.code for reason in shortfall_of(other).reasons] == ["filler"]
    assert Attempt.objects.filter(batch=batch).exists()
    assert Batch.objects.count() == 2
    assert Item.objects.filter(status=ItemStatus.FAILED).count() == 5
