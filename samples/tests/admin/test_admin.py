"""The admin of samples: find them, read them, throw them away."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from legalds.tests.pages import markup
from samples.admin import sample as admin
from samples.models import Sample
from samples.tests.admin.sample_pages import LIST
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {row.pk for row in response.context["cl"].result_list}


def detail(client, sample):
    return client.get(reverse("admin:samples_sample_change", args=[sample.pk])).content.decode()


def test_words_of_the_answer_find_a_sample(admin_client):
    wanted = make_sample(answer="The doctrine of frustration discharges the contract.")
    make_sample()
    assert found(admin_client, q="frustrated doctrines") == {wanted.pk}


def test_a_search_that_finds_too_many_says_so(admin_client, monkeypatch):
    monkeypatch.setattr(admin, "SEARCH_MAX", 2)
    for _ in range(3):
        make_sample()
    response = admin_client.get(LIST, {"q": "contract"})
    assert response.context["cl"].result_count == 2
    assert "Narrow the search" in response.content.decode()


@pytest.mark.parametrize("words", ['"', "or and -", "a' & | !", "\x00", "   "])
def test_no_search_words_break_the_list(admin_client, words):
    make_sample()
    assert admin_client.get(LIST, {"q": words}).status_code == 200


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ({"jurisdiction__exact": "us"}, {"jurisdiction": "us"}),
        ({"difficulty__exact": "advanced"}, {"difficulty": "advanced"}),
        ({"sample_type__exact": "educational"}, {"sample_type": "educational"}),
        ({"topic": "Negligence"}, {"topic": "Negligence"}),
        ({"provider": "cerebras"}, {"provider": "cerebras"}),
        ({"batch": "7"}, {"batch_id": 7}),
        ({"model": "llama"}, {"model": "llama"}),
        ({"practice_area": "Tort Law"}, {"practice_area": "Tort Law"}),
        ({"review__exact": "approved"}, {"review": "approved"}),
        ({"note": "yes"}, {"review_note": "Why"}),
    ],
)
def test_each_filter_finds_its_samples(admin_client, query, facts):
    wanted = make_sample(**facts)
    make_sample()
    assert found(admin_client, **query) == {wanted.pk}


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "1.5"])
def test_what_is_no_batch_finds_nothing(admin_client, value):
    make_sample(batch_id=1)
    assert found(admin_client, batch=value) == set()


def test_days_narrow_the_list_from_the_first_to_the_last(admin_client):
    days = [make_sample() for _ in range(3)]
    for sample, day in zip(days, (9, 10, 11), strict=True):
        Sample.objects.filter(pk=sample.pk).update(created_at=datetime(2026, 3, day, 23, 59, tzinfo=UTC))
    assert found(admin_client, **{"from": "2026-03-10", "to": "2026-03-10"}) == {days[1].pk}
    assert found(admin_client, **{"from": "tomorrow"}) == set()


def test_a_typed_filter_keeps_the_others(admin_client):
    make_sample()
    html = admin_client.get(LIST, {"jurisdiction__exact": "uk", "topic": "Negligence"}).content.decode()
    assert '<input type="hidden" name="jurisdiction__exact" value="uk">' in html


def test_the_texts_are_escaped_and_keep_their_lines(admin_client):
    sample = make_sample(answer="First.\n\nOne,\ntwo.\n\n<script>alert(1)</script>")
    html = detail(admin_client, sample)
    assert '<p class="s-prose">First.</p>' in html
    assert '<p class="s-prose">One,\ntwo.</p>' in html
    assert '<p class="s-prose">&lt;script&gt;alert(1)&lt;/script&gt;</p>' in html


def test_samples_are_read_not_written(admin_client):
    sample = make_sample()
    assert admin_client.get(reverse("admin:samples_sample_add")).status_code == 403
    answer = admin_client.post(reverse("admin:samples_sample_change", args=[sample.pk]), {"question": "Changed?"})
    assert answer.status_code == 403
    assert Sample.objects.get().question == sample.question


def test_a_sample_can_be_thrown_away(admin_client):
    sample = make_sample()
    admin_client.post(reverse("admin:samples_sample_delete", args=[sample.pk]), {"post": "yes"})
    assert not Sample.objects.exists()


@pytest.mark.parametrize("rows", [5, 50])
@pytest.mark.parametrize(("query", "queries"), [({}, 8), ({"q": "contract"}, 9)])
def test_the_list_does_not_ask_more_when_it_grows(admin_client, django_assert_max_num_queries, rows, query, queries):
    for _ in range(rows):
        make_sample()
    with django_assert_max_num_queries(queries):
        found(admin_client, **query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "There are no samples yet"),
        ({"topic": "Nothing"}, "Take a filter away to see more."),
        ({"q": "nowhere"}, "A phrase goes in"),
    ],
)
def test_an_empty_list_says_what_to_do(admin_client, query, words):
    html = markup(admin_client.get(LIST, query))
    assert words in html
    assert "Start reviewing" not in html
