"""Versions of the prompts' wording, over the API."""

import pytest

from generation.actions.prompts.versions import add_version, current_version
from generation.engine.wording.texts import NAMES, built_in
from generation.models import PromptVersion
from generation.tests.factories import make_batch
from legalds.tests.people import person
from providers.tests.api.api_client import error_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def send(api, address, body=None):
    return api.post(address, body or {}, format="json")


def test_the_releases_own_version_is_listed_before_anybody_has_made_one(api):
    body = api.get("/api/prompts").json()
    assert body["count"] == 1
    assert {name: body["prompts"][0][name] for name in ("number", "is_current", "is_built_in", "parent")} == {
        "number": 1,
        "is_current": True,
        "is_built_in": True,
        "parent": None,
    }


def test_one_version_has_its_texts_and_what_uses_it(api):
    make_batch(prompt_version=current_version())
    body = api.get("/api/prompts/1").json()
    assert {name: body[name] for name in NAMES} == built_in().content
    assert body["batches"] == 1


def test_a_new_version_has_what_was_sent_and_else_its_parents_texts(api):
    answer = send(api, "/api/prompts", {"system": "You are a judge.", "note": "Shorter."})
    body = answer.json()
    assert answer.status_code == 201
    assert (body["number"], body["parent"], body["note"], body["created_by"]) == (2, 1, "Shorter.", "root")
    assert (body["system"], body["sample"]) == ("You are a judge.", built_in().sample)
    assert body["is_current"] is False


def test_new_batches_take_the_version_that_was_made_the_current_one(api, groq):
    judge = add_version({"system": "You are a judge."})
    before = send(api, "/api/batches", {"count": 1}).json()
    assert send(api, "/api/prompts/2/current").json()["is_current"] is True
    after, named = (send(api, "/api/batches", {"count": 1, **more}).json() for more in ({}, {"prompt_version": 1}))
    assert [batch["prompt_version"] for batch in (before, after, named)] == [1, judge.number, 1]


def test_a_batch_that_is_older_than_versions_has_none(api):
    assert api.get(f"/api/batches/{make_batch().pk}").json()["prompt_version"] is None


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"sample": "Write $topik."}, "sample", "Line 1: $topik is not known. Did you mean $topic?"),
        ({"system": ""}, "system", "It is empty."),
        ({"system": 3}, "system", "Give a string."),
        ({"sytem": "Other."}, "sytem", "There is no such field."),
        ({}, "texts", "These are the texts of version 1"),
        ({"system": "Other.", "parent": 7}, "parent", "There is no prompt version 7."),
    ],
)
def test_what_is_wrong_with_a_new_version_is_told_at_its_field(api, body, field, said):
    current_version()
    answer = send(api, "/api/prompts", body)
    assert error_of(answer)["fields"][field][0].startswith(said)
    assert PromptVersion.objects.count() == 1


def test_an_order_for_a_version_that_there_is_not_is_refused(api, groq):
    fields = error_of(send(api, "/api/batches", {"count": 1, "prompt_version": 9}))["fields"]
    assert fields == {"prompt_version": ["There is no prompt version 9. GET /api/prompts lists them."]}


def test_a_preview_is_what_a_model_is_sent(api):
    body = api.get("/api/prompts/1/preview?sample_type=simple_qa&difficulty=basic&number=3&instruction=Be+brief").json()
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "Be brief" in body["messages"][1]["content"]
    assert (body["prompt_version"], body["item"]["sample_type"], body["item"]["number"]) == (1, "simple_qa", 3)
    assert body["schema"]["required"][0] == "question"
    assert body["tokens"] > 100


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("topic=Nothing", "topic", "There is no topic 'Nothing'."),
        ("number=0", "number", "Give a number from 1"),
        ("number=many", "number", "A valid integer is required."),
        ("seed=-1", "seed", "Give a number from 0"),
        ("type=simple_qa", "type", "There is no such parameter. Use: difficulty, instruction"),
    ],
)
def test_what_is_wrong_with_the_item_asked_for_is_told_at_its_field(api, query, field, said):
    assert error_of(api.get(f"/api/prompts/1/preview?{query}"))["fields"][field][0].startswith(said)


@pytest.mark.parametrize("address", ["/api/prompts/9", "/api/prompts/9/preview"])
def test_a_version_that_there_is_not_is_said_to_be_so(api, address):
    assert "no prompt version 9" in error_of(api.get(address), 404)["message"]
    assert "no prompt version 9" in error_of(send(api, "/api/prompts/9/current"), 404)["message"]


def test_a_viewer_reads_and_changes_nothing():
    api = logged_in(person("ann", "Viewer"))
    assert api.get("/api/prompts").status_code == 200
    assert send(api, "/api/prompts", {"system": "Other."}).status_code == 403
    assert send(api, "/api/prompts/1/current").status_code == 403
