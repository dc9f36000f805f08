"""Where the words of a search stand."""

import pytest

from legalds.tests.pages import markup
from samples.admin.found import found_spans
from samples.citations.marking import Span
from samples.tests.admin.sample_pages import LIST
from samples.tests.factories import make_sample


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("the \x01offer\x02 was", [Span("the "), Span("offer", is_stressed=True), Span(" was")]),
        ("\x01offer\x02", [Span("offer", is_stressed=True)]),
        ("no mark", [Span("no mark")]),
        ("", []),
    ],
)
def test_marked_words_are_told_from_the_others(headline, expected):
    assert list(found_spans(headline)) == expected


@pytest.mark.django_db
def test_a_search_shows_its_words_escaped(admin_client):
    make_sample(answer="If 1 < 2 & 3 then <b>frustration</b> discharges it.")
    html = markup(admin_client.get(LIST, {"q": "frustrated"}))
    assert '<mark class="s-found">frustration</mark>' in html
    assert "1 &lt; 2 &amp; 3" in html
    assert "<b>frustration" not in html


@pytest.mark.django_db
def test_a_list_without_a_search_marks_nothing(admin_client):
    make_sample()
    assert "s-found" not in admin_client.get(LIST).content.decode()
