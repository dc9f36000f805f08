"""Score and findings in the admin: in the list, by filter, on the page, and checked again."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from samples.admin import bulk
from samples.models import Sample
from samples.quality import checking
from samples.tests.admin.sample_pages import LIST, url
from samples.tests.factories import make_sample
from samples.tests.rules import rule

pytestmark = pytest.mark.django_db

FOUND = [{"rule": "filler", "severity": "flag", "field": "answer", "message": "it says <nothing>"}]


@pytest.fixture
def scored():
    return [
        make_sample(score=score, findings=findings) for score, findings in ((0.4, FOUND), (0.8, None), (None, None))
    ]


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [sample.pk for sample in response.context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"score_min": "0.5"}, [1]),
        ({"score_max": "0.5"}, [0]),
        ({"score_min": "0.1", "score_max": "0.9"}, [1, 0]),
        ({"score_min": "half"}, []),
        ({"flagged": "filler"}, [0]),
        ({"flagged": "any"}, [0]),
        ({"flagged": "refusal"}, []),
    ],
)
def test_samples_are_found_by_score_and_by_broken_rule(admin_client, scored, query, places):
    assert found(admin_client, **query) == [scored[place].pk for place in places]


def test_the_list_shows_score_and_broken_rules(admin_client, scored):
    page = admin_client.get(LIST).content.decode()
    assert "0.40" in page
    assert "not checked" in page
    assert ">filler<" in page


def test_the_page_shows_the_score_with_its_parts_and_what_was_found(admin_client):
    sample = make_sample(score=0.41, score_parts={"flags": 0.7, "length": 0.2}, findings=FOUND)
    page = admin_client.get(url("change", sample)).content.decode()
    assert "0.41" in page
    assert page.index("Length") < page.index("Flags")
    assert "it says &lt;nothing&gt;" in page


def test_the_page_of_a_sample_that_was_never_checked_says_so(admin_client):
    assert "not checked" in admin_client.get(url("change", make_sample())).content.decode()


def check_again(client, *samples):
    data = {"action": "check_again", ACTION_CHECKBOX_NAME: [sample.pk for sample in samples]}
    return client.post(LIST, data, follow=True).content.decode()


def test_ticked_samples_are_checked_again(signed_in, monkeypatch):
    monkeypatch.setattr(checking, "RULES", (rule("filler", word="Offer"),))
    checked, other = make_sample(), make_sample()
    page = check_again(signed_in, checked)
    assert "1 checked: 0 break a rule that rejects. Found: filler 1." in page
    checked.refresh_from_db()
    other.refresh_from_db()
    assert ([each["rule"] for each in checked.held], other.score) == (["filler"], None)


def test_more_than_a_page_can_wait_for_are_left_to_the_command(signed_in, monkeypatch):
    monkeypatch.setattr(bulk, "CHECKED_MAX", 1)
    page = check_again(signed_in, make_sample(), make_sample())
    assert "manage.py check_samples --apply" in page
    assert not Sample.objects.filter(score__isnull=False).exists()
