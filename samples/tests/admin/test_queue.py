"""How much is left of a filter, in words."""

import pytest

from samples.admin.queue import Queue, ReviewProgress
from samples.models import Sample
from samples.tests.factories import make_sample


@pytest.mark.parametrize(
    ("left", "every", "words"),
    [
        (12, 480, "12 of 480 left"),
        (0, 3, "0 of 3 left"),
        (3, 3, "3 left"),
        (12, 5001, "12 of more than 5,000 left"),
        (5001, 5001, "more than 5,000 left"),
    ],
)
def test_progress_is_told_in_words(left, every, words):
    assert str(ReviewProgress(left, every, most=5000)) == words


@pytest.mark.django_db
def test_the_next_open_one_is_looked_for_from_the_top_again():
    top, _, last = make_sample(), make_sample(review="approved"), make_sample(review="approved")
    queue = Queue(Sample.objects.order_by("-pk"), top.pk)
    assert queue.next_open_pk is None
    Sample.objects.filter(pk=last.pk).update(review="unreviewed")
    assert queue.next_open_pk == last.pk


@pytest.mark.django_db
def test_a_search_is_counted_no_further_than_its_limit(monkeypatch):
    monkeypatch.setattr("samples.admin.queue.LEFT_MAX_IN_SEARCH", 2)
    for _ in range(5):
        make_sample()
    queue = Queue(Sample.objects.matching("contract").order_by("-pk"), 0, is_search=True)
    assert str(queue.progress) == "more than 2 left"
