"""Score and findings over the API."""

import pytest

from samples.quality import checking
from samples.tests.factories import make_sample
from samples.tests.rules import rule

pytestmark = pytest.mark.django_db

FOUND = [{"rule": "filler", "severity": "flag", "field": "answer", "message": "it says nothing"}]


def ids(response):
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["samples"]]


def test_a_sample_tells_its_score_its_parts_and_what_was_found(signed_in):
    sample = make_sample(score=0.5, score_parts={"length": 0.5}, findings=FOUND, as_at="2026-11-01")
    told = signed_in.get(f"/api/samples/{sample.pk}").json()
    assert {name: told[name] for name in ("score", "score_parts", "findings", "as_at")} == {
        "score": 0.5,
        "score_parts": {"length": 0.5},
        "findings": FOUND,
        "as_at": "2026-11-01",
    }


def test_one_that_was_never_checked_has_none(signed_in):
    told = signed_in.get(f"/api/samples/{make_sample().pk}").json()
    assert (told["score"], told["score_parts"], told["findings"]) == (None, None, [])


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("score_min=0.5", [1]),
        ("score_max=0.5", [0]),
        ("score_min=0&score_max=1", [1, 0]),
        ("flagged=filler", [0]),
        ("flagged=any", [0]),
    ],
)
def test_samples_are_found_by_score_and_by_broken_rule(signed_in, query, places):
    samples = [make_sample(score=score, findings=held) for score, held in ((0.4, FOUND), (0.8, None), (None, None))]
    assert ids(signed_in.get(f"/api/samples?{query}")) == [samples[place].pk for place in places]


@pytest.mark.parametrize("query", ["score_min=half", "score_max=2", "score_min=-0.1", "score_min=nan"])
def test_what_is_no_score_is_refused(signed_in, query):
    response = signed_in.get(f"/api/samples?{query}")
    assert response.status_code == 400
    assert "Give a number from 0 to 1." in str(response.json())


def test_a_rule_that_there_is_may_find_nothing_and_one_that_is_none_is_refused(signed_in, monkeypatch):
    monkeypatch.setattr(checking, "RULES", (rule("refusal"),))
    assert ids(signed_in.get("/api/samples?flagged=refusal")) == []
    response = signed_in.get("/api/samples?flagged=spelling")
    assert response.status_code == 400
    assert "'spelling' is no rule. Use one of: any, refusal." in str(response.json())
