"""How urgent a batch is, over the API: ordered, shown, changed."""

import pytest

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_batch
from providers.routing.limits.urgency import Urgency
from providers.tests.api.api_client import error_of
from providers.tests.calling.store.scripted_store import wait_urgently

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def change(api, batch, body):
    return api.patch(f"/api/batches/{batch.pk}", body, format="json")


@pytest.mark.parametrize(
    ("sent", "shown"), [({}, "normal"), ({"urgency": "low"}, "low"), ({"urgency": None}, "normal")]
)
def test_an_order_says_how_urgent_it_is(api, groq, sent, shown):
    answer = api.post("/api/batches", {"count": 1, **sent}, format="json")
    assert (answer.status_code, answer.json()["urgency"]) == (201, shown)


def test_the_list_shows_it_in_words(api):
    make_batch(urgency=Urgency.URGENT)
    assert api.get("/api/batches").json()["batches"][0]["urgency"] == "urgent"


def test_it_can_be_changed_while_the_batch_runs(api):
    batch = make_batch(status=BatchStatus.RUNNING)
    answer = change(api, batch, {"urgency": "urgent"})
    assert (answer.status_code, answer.json()["urgency"]) == (200, "urgent")
    assert api.get(f"/api/batches/{batch.pk}").json()["urgency"] == "urgent"


@pytest.mark.parametrize(
    ("body", "field", "remedy"),
    [
        ({"urgency": "at once"}, "urgency", "low, normal, urgent"),
        ({"urgency": 2}, "urgency", "Give a string"),
        ({}, "urgency", "It is missing"),
        ({"urgency": "low", "count": 5}, "count", "Use: urgency"),
    ],
)
def test_what_is_wrong_with_a_change_is_told_at_its_field(api, body, field, remedy):
    batch = make_batch()
    answer = change(api, batch, body)
    assert answer.status_code == 400
    assert remedy in error_of(answer)["fields"][field][0]
    assert Batch.objects.get().urgency == Urgency.NORMAL


def test_a_batch_that_has_ended_keeps_its_own(api):
    answer = change(api, make_batch(status=BatchStatus.COMPLETED), {"urgency": "low"})
    assert "is completed and cannot be made low" in error_of(answer, 409)["message"]


def test_a_batch_that_is_not_there_is_said_to_be_so(api):
    answer = api.patch("/api/batches/77", {"urgency": "low"}, format="json")
    assert "no batch 77" in error_of(answer, 404)["message"]


@pytest.mark.parametrize(("urgency", "told"), [(Urgency.LOW, 1), (Urgency.NORMAL, 1), (Urgency.URGENT, 0)])
def test_a_batch_that_gives_way_says_so_and_what_to_do(api, groq, urgency, told):
    batch = make_batch(status=BatchStatus.RUNNING, urgency=urgency)
    wait_urgently("groq")
    troubles = api.get(f"/api/batches/{batch.pk}").json()["troubles"]
    assert len(troubles) == told
    assert all("lets a more urgent batch go first" in trouble["words"] for trouble in troubles)
    assert all("made as urgent" in trouble["advice"] for trouble in troubles)


def test_the_schema_documents_the_change_with_examples(api):
    schema = api.get("/api/schema?format=json").json()
    change = schema["paths"]["/api/batches/{id}"]["patch"]
    examples = change["requestBody"]["content"]["application/json"]["examples"]
    assert {"urgency": "urgent"} in [example["value"] for example in examples.values()]
