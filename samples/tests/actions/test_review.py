"""The rule of decisions: who decided what, what stale ones meet, and what Undo brings back."""

import pytest
from django.core.exceptions import ValidationError

from samples import actions
from samples.choices import ReviewStatus
from samples.models import Review
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def test_a_decision_stands_on_the_sample_and_in_its_history(ann):
    sample = make_sample()
    actions.review(sample.pk, "rejected", ann, note=" The case is invented. ")
    sample.refresh_from_db()
    assert (sample.review, sample.review_note, sample.reviewed_by) == ("rejected", "The case is invented.", ann)
    assert [(entry.status, entry.by) for entry in sample.reviews.all()] == [("rejected", ann)]


def test_who_decides_on_what_was_decided_already_is_told_by_whom(ann, bob):
    sample = make_sample()
    seen = sample.review_seen
    actions.review(sample.pk, "approved", bob)
    with pytest.raises(actions.ReviewConflict, match="bob has set sample"):
        actions.review(sample.pk, "rejected", ann, seen=seen)
    sample.refresh_from_db()
    assert sample.review == "approved"


def test_undo_brings_back_what_was_decided_before(ann, bob):
    sample = make_sample()
    actions.review(sample.pk, "needs_work", bob, note="Too short")
    actions.review(sample.pk, "approved", ann)
    back = actions.undo(sample.pk, ann)
    assert (back.review, back.review_note) == ("needs_work", "Too short")


def test_undo_of_the_first_decision_leaves_it_unreviewed(ann):
    sample = make_sample()
    actions.review(sample.pk, "approved", ann)
    assert actions.undo(sample.pk, ann).review == ReviewStatus.UNREVIEWED


def test_undo_gives_the_decision_back_to_who_had_made_it(ann, bob):
    sample = make_sample()
    earlier = actions.review(sample.pk, "needs_work", bob)
    actions.review(sample.pk, "approved", ann)
    back = actions.undo(sample.pk, ann)
    assert (back.reviewed_by, back.reviewed_at) == (bob, earlier.reviewed_at)
    assert [entry.is_undo for entry in sample.reviews.all()] == [True, False, False]
    with pytest.raises(actions.ReviewConflict, match="bob has set"):
        actions.undo(sample.pk, ann)


def test_what_was_taken_back_is_not_what_the_next_undo_brings_back(ann):
    sample = make_sample()
    for status in ("rejected", "approved"):
        actions.review(sample.pk, status, ann)
    actions.undo(sample.pk, ann)
    actions.review(sample.pk, "needs_work", ann)
    assert [actions.undo(sample.pk, ann).review for _ in range(2)] == ["rejected", "unreviewed"]


def test_a_sample_that_nobody_reviews_any_more_has_no_reviewer(ann):
    sample = make_sample()
    actions.review(sample.pk, "approved", ann, note="Fine")
    actions.undo(sample.pk, ann)
    sample.refresh_from_db()
    assert (sample.review_note, sample.reviewed_by, sample.reviewed_at) == ("", None, None)
    with pytest.raises(actions.ReviewConflict, match="none to take back"):
        actions.undo(sample.pk, ann)


def test_undo_pressed_twice_takes_one_decision_back(ann):
    sample = make_sample()
    actions.review(sample.pk, "rejected", ann)
    seen = actions.review(sample.pk, "approved", ann).review_seen
    actions.undo(sample.pk, ann, seen=seen)
    with pytest.raises(actions.ReviewConflict):
        actions.undo(sample.pk, ann, seen=seen)
    sample.refresh_from_db()
    assert sample.review == "rejected"


def test_what_another_one_decided_is_not_undone(ann, bob):
    sample = make_sample()
    actions.review(sample.pk, "approved", bob)
    with pytest.raises(actions.ReviewConflict):
        actions.undo(sample.pk, ann)


@pytest.mark.parametrize(
    ("status", "note", "field"),
    [("good", "", "status"), ("approved", "x" * 4001, "note"), ("approved", "\x00", "note")],
)
def test_a_wrong_decision_names_its_field_and_writes_nothing(ann, status, note, field):
    sample = make_sample()
    with pytest.raises(ValidationError) as caught:
        actions.review(sample.pk, status, ann, note=note)
    assert field in caught.value.message_dict
    assert not Review.objects.exists()
