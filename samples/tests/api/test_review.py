"""Decisions over the API, and files of what was decided."""

import pytest
from django.test import Client

from samples import actions
from samples.tests.factories import make_sample
from samples.tests.people import make_user

pytestmark = pytest.mark.django_db


def test_the_api_reviews_and_refuses_a_stale_decision(signed_in, bob):
    sample = make_sample()
    path = f"/api/samples/{sample.pk}/review"
    told = signed_in.post(path, {"status": "approved", "seen": "unreviewed"}, "application/json").json()
    assert (told["review"], told["reviewed_by"]) == ("approved", "ann")
    stale = signed_in.post(path, {"status": "rejected", "seen": "unreviewed"}, "application/json")
    assert stale.status_code == 409


def test_the_api_reviews_many(signed_in):
    pks = [make_sample().pk for _ in range(3)]
    body = {"ids": [*pks, 999_999], "status": "needs_work", "note": "Cite more"}
    assert signed_in.post("/api/samples/review", body, "application/json").json() == {"reviewed": 3}


@pytest.mark.parametrize(
    ("body", "field"),
    [({"status": "good"}, "status"), ({}, "status"), ({"status": "approved", "x": 1}, "x")],
)
def test_the_api_names_what_is_wrong(signed_in, body, field):
    answer = signed_in.post(f"/api/samples/{make_sample().pk}/review", body, "application/json")
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]


def test_the_api_wants_the_permission():
    client = Client()
    client.force_login(make_user("viewer", "view_sample"))
    answer = client.post(f"/api/samples/{make_sample().pk}/review", {"status": "approved"}, "application/json")
    assert answer.status_code == 403
    assert "Can review sample" in answer.json()["error"]["message"]


@pytest.mark.parametrize("file_format", ["jsonl", "csv", "chat"])
def test_the_api_exports_a_filter(signed_in, file_format):
    make_sample(review="approved", question="Kept?")
    make_sample(question="Left?")
    answer = signed_in.get("/api/samples/export", {"review": "approved", "format": file_format})
    text = b"".join(answer.streaming_content).decode()
    assert "Kept?" in text
    assert "Left?" not in text


def test_the_api_refuses_a_format_that_it_does_not_know(signed_in):
    answer = signed_in.get("/api/samples/export", {"format": "pdf"})
    assert answer.json()["error"]["fields"]["format"] == ["'pdf' is not known. Use one of: jsonl, csv, chat."]


def test_a_list_of_a_day_and_a_reviewer(signed_in, ann):
    wanted = make_sample()
    actions.review(wanted.pk, "approved", ann)
    make_sample()
    told = signed_in.get("/api/samples", {"reviewer": "ann", "created_from": "2020-01-01"}).json()
    assert [entry["id"] for entry in told["samples"]] == [wanted.pk]
