"""Orders over the API: what is taken, what is refused by name, and that a refused one makes nothing."""

from decimal import Decimal

import pytest

from generation.models import Batch, Item
from providers.tests.api.api_client import error_of
from providers.tests.factories import make_model

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_an_order_makes_a_batch_with_its_items(api, user, groq):
    response = api.post("/api/batches", {"count": 3, "provider": "groq", "model": "good", "seed": 7})

    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["status"], body["count"], body["generated"], body["failed"]) == ("pending", 3, 0, 0)
    assert (body["attempts"], body["tokens"], body["switches"]) == (0, 0, 0)
    assert (body["provider"], body["model"], body["seed"], body["item_budget"]) == ("groq", "good", 7, 6)
    assert (body["started_at"], body["finished_at"], body["wake_at"]) == (None, None, None)
    assert Item.objects.filter(batch_id=body["id"]).count() == 3
    assert Batch.objects.get().created_by == user


def test_an_order_keeps_what_was_asked_for(api, groq):
    asked = {
        "jurisdictions": ["uk"],
        "topics": ["Breach of Contract"],
        "difficulties": ["basic", "expert"],
        "sample_types": ["case_analysis"],
        "instruction": "Use recent cases.",
        "item_budget": 2,
    }

    body = api.post("/api/batches", {"count": 2, **asked}).json()

    assert {name: body[name] for name in asked} == asked
    assert api.get(f"/api/batches/{body['id']}").json() == body


def test_a_mix_may_be_one_word_and_may_be_named_in_the_singular(api, groq):
    order = {"count": 1, "jurisdictions": "uk", "topic": "Breach of Contract", "difficulty": ["basic"]}

    body = api.post("/api/batches", order).json()

    assert body["jurisdictions"] == ["uk"]
    assert body["topics"] == ["Breach of Contract"]
    assert body["difficulties"] == ["basic"]


def test_weights_are_kept_as_they_were_given(api, groq):
    weights = {"jurisdictions": {"uk": 3, "us": 1}, "difficulty": {"basic": 0}}

    body = api.post("/api/batches", {"count": 40, "jurisdictions": ["uk", "us"], "weights": weights}).json()

    assert body["weights"] == {"jurisdictions": {"uk": 3, "us": 1}, "difficulties": {"basic": 0}}
    items = Item.objects.filter(batch_id=body["id"])
    assert (items.filter(jurisdiction="us").count(), items.filter(difficulty="basic").count()) == (10, 0)


@pytest.mark.parametrize("weights", [[], "uk:3", 3, {"jurisdictions": 3}, {"jurisdictions": {"uk": "3"}}, {"x": {}}])
def test_weights_that_make_no_sense_are_refused_at_their_field(api, groq, weights):
    response = api.post("/api/batches", {"count": 1, "weights": weights})

    assert (response.status_code, list(error_of(response)["fields"])) == (400, ["weights"])


def test_null_and_empty_ask_for_nothing_in_particular(api, groq):
    order: dict[str, object] = {
        "count": 1,
        "provider": None,
        "model": "",
        "topics": [],
        "sample_types": None,
        "seed": None,
    }

    response = api.post("/api/batches", order)

    assert response.status_code == 201, response.content
    assert response.json()["topics"] == response.json()["sample_types"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": -5}, "count"),
        ({"count": 10_000_000}, "count"),
        ({"count": 100_001}, "count"),
        ({"count": "5"}, "count"),
        ({"count": 2.5}, "count"),
        ({"count": True}, "count"),
        ({"count": None}, "count"),
        ({"provider": "nope"}, "provider"),
        ({"provider": 5}, "provider"),
        ({"model": "nope"}, "model"),
        ({"topics": ["Astrology"]}, "topics"),
        ({"topics": [5]}, "topics.0"),
        ({"topics": {"a": 1}}, "topics"),
        ({"topic": "Astrology"}, "topics"),
        ({"topic": "Breach of Contract", "topics": []}, "topic"),
        ({"jurisdictions": ["mars"]}, "jurisdictions"),
        ({"difficulties": ["impossible"]}, "difficulties"),
        ({"sample_types": ["poem"]}, "sample_types"),
        ({"item_budget": 0}, "item_budget"),
        ({"seed": -1}, "seed"),
        ({"instruction": 5}, "instruction"),
        ({"when_full": "run"}, "when_full"),
        ({"when_full": ""}, "when_full"),
        ({"token_cap": 0}, "token_cap"),
        ({"token_cap": 1.5}, "token_cap"),
        ({"cost_cap": 0}, "cost_cap"),
        ({"cost_cap": "2"}, "cost_cap"),
        ({"cost_cap": 2}, "cost_cap"),
        ({"confirm": "yes"}, "confirm"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_order_is_refused_by_name_and_makes_nothing(api, groq, changes, field):
    error = error_of(api.post("/api/batches", {"count": 1, **changes}))

    assert list(error["fields"]) == [field]
    assert error["message"].startswith(f"{field}: ")
    assert not Batch.objects.exists()


def test_an_order_without_a_count_is_refused(api, groq):
    assert list(error_of(api.post("/api/batches", {}))["fields"]) == ["count"]


def test_without_a_usable_provider_the_remedy_is_named(api):
    assert "No provider is on" in error_of(api.post("/api/batches", {"count": 1}))["fields"]["provider"][0]


def test_an_order_may_cap_the_spending_and_say_what_to_do_where_a_route_is_full(api, groq):
    make_model("groq", "priced", input_price=1, output_price=2)
    order = {"count": 1, "when_full": "stay", "token_cap": 9000, "cost_cap": 0.1}
    body = api.post("/api/batches", order).json()
    assert {name: body[name] for name in order} == order
    assert Batch.objects.get().cost_cap == Decimal("0.1")
