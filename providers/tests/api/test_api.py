"""Providers over the API: what is shown, what is taken, what is refused."""

import json

import pytest

from providers import actions
from providers.models import Provider
from providers.tests.api.api_client import KEY, error_of, make_provider

pytestmark = pytest.mark.django_db


def test_a_provider_carries_the_words_of_the_predecessor(api, groq):
    actions.set_secrets("groq", api_key=KEY)
    actions.update_provider("groq", {"champion_model": "good", "requests_per_minute": 25})

    body = api.get("/api/providers/groq").json()

    assert {name: body[name] for name in ("id", "name", "base_url", "adapter", "enabled")} == {
        "id": "groq",
        "name": "Groq",
        "base_url": "https://api.example.com/v1",
        "adapter": "openai",
        "enabled": True,
    }
    assert (body["requests_per_minute"], body["tokens_per_minute"], body["requests_per_day"]) == (25, None, None)
    assert (body["default_model"], body["champion_model"]) == (None, "good")
    assert (body["api_key_configured"], body["api_key_last4"]) == (True, "1234")
    assert body["extra_config"] == {}
    assert body["created_at"].endswith("Z")
    assert body["updated_at"].endswith("Z")
    assert [model["model_id"] for model in body["models"]] == ["fast", "good", "cheap"]


@pytest.mark.parametrize("path", ["providers/all", "providers"])
def test_the_list_holds_every_provider_in_order(api, groq, path):
    make_provider("mistral", adapter="mistral")

    body = api.get(f"/api/{path}").json()

    assert [row["id"] for row in body["providers"]] == ["groq", "mistral"]
    assert body["count"] == 2


def test_a_list_of_none_is_empty(api):
    assert api.get("/api/providers/all").json() == {"providers": [], "count": 0}
    assert api.get("/api/models/all").json() == {"models": [], "count": 0}


def test_the_list_costs_four_queries_however_long_and_reads_no_secret(api, django_assert_num_queries):
    for number in range(5):
        make_provider(f"p{number}", models=("a", "b"))
        actions.set_secrets(f"p{number}", api_key=KEY, config={"secret": KEY})

    with django_assert_num_queries(4) as queries:
        body = api.get("/api/providers/all").content.decode()

    read = " ".join(query["sql"] for query in queries)
    assert '"provider_configs"."api_key",' not in read
    assert '"provider_configs"."config"' not in read
    assert KEY not in body


def test_an_unknown_provider_is_not_found_and_the_known_ones_are_named(api, groq):
    for response in (
        api.get("/api/providers/nope"),
        api.put("/api/providers/nope", {"name": "x"}),
        api.delete("/api/providers/nope"),
        api.post("/api/providers/nope/toggle"),
        api.put("/api/providers/nope/config", {"api_key": KEY}),
    ):
        assert error_of(response, 404)["message"] == "There is no such provider. Known: groq."


def test_a_provider_is_created_and_deleted(api, groq):
    values = {"id": "local", "name": "Local", "base_url": "http://127.0.0.1:11434/v1", "requires_key": False}

    created = api.post("/api/providers", values)
    assert created.status_code == 201
    assert created.json()["requires_key"] is False
    assert created.json()["order"] == 1

    assert api.delete("/api/providers/local").status_code == 204
    assert list(Provider.objects.values_list("pk", flat=True)) == ["groq"]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_change_takes_a_part_of_the_object(api, groq, method):
    response = getattr(api, method)("/api/providers/groq", {"tokens_per_minute": 5500, "default_model": "cheap"})

    assert response.status_code == 200
    assert response.json()["tokens_per_minute"] == 5500
    assert response.json()["default_model"] == "cheap"
    assert response.json()["name"] == "Groq"


def test_an_object_may_be_sent_back_as_it_came(api, groq):
    actions.update_provider("groq", {"champion_model": "good", "requests_per_minute": 25})
    body = api.get("/api/providers/groq").json()

    response = api.put("/api/providers/groq", {**body, "name": "Groq Cloud"})

    assert response.status_code == 200, response.content
    assert response.json() | {"updated_at": ""} == body | {"name": "Groq Cloud", "updated_at": ""}


def test_pacing_and_a_ceiling_of_calls_are_shown_and_taken(api, groq):
    assert [api.get("/api/providers/groq").json()[name] for name in ("pacing", "max_concurrency")] == ["window", None]

    body = api.patch("/api/providers/groq", {"pacing": "smooth", "max_concurrency": 4}).json()

    assert (body["pacing"], body["max_concurrency"]) == ("smooth", 4)


def test_null_takes_a_champion_and_a_limit_away(api, groq):
    actions.update_provider("groq", {"champion_model": "good", "requests_per_minute": 25})

    body = api.put("/api/providers/groq", {"champion_model": None, "requests_per_minute": None}).json()

    assert (body["champion_model"], body["requests_per_minute"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"requests_per_minute": "25"}, "requests_per_minute"),
        ({"requests_per_minute": 2.5}, "requests_per_minute"),
        ({"requests_per_minute": True}, "requests_per_minute"),
        ({"requests_per_minute": -1}, "requests_per_minute"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"requests_per_minute": 10**12}, "requests_per_minute"),
        ({"enabled": "no"}, "enabled"),
        ({"enabled": None}, "enabled"),
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"base_url": "ftp://example.com"}, "base_url"),
        ({"adapter": "telepathy"}, "adapter"),
        ({"pacing": "rushed"}, "pacing"),
        ({"max_concurrency": "4"}, "max_concurrency"),
        ({"max_concurrency": 0}, "max_concurrency"),
        ({"default_model": "nope"}, "default_model"),
        ({"champion_model": 7}, "champion_model"),
        ({"extra_config": []}, "extra_config"),
        ({"extra_config": {"a": "\x00"}}, "extra_config"),
        ({"id": "other"}, "id"),
        ({"colour": "red"}, "colour"),
        ({"api_key": KEY}, "api_key"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_changes_nothing(api, groq, body, field):
    before = Provider.objects.values().get()

    response = api.put("/api/providers/groq", body)

    error = error_of(response)
    assert list(error["fields"]) == [field]
    assert error["message"].startswith(f"{field}: ")
    assert KEY not in response.content.decode()
    assert Provider.objects.values().get() == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": None}, "name: It cannot be null. Give a string."),
        ({"name": ""}, "name: It is empty. Give a string with at least one character."),
        ({"name": "a\x00b"}, "name: The text holds a NUL character. Remove it."),
        ({"name": "\ud800"}, "name: The text holds half a character (a lone surrogate). Remove it."),
        ({"order": None}, "order: It cannot be null. Give a whole number."),
        ({"enabled": None}, "enabled: It cannot be null. Give true or false."),
        ({"extra_config": None}, "extra_config: It cannot be null. Give a JSON object, such as {}."),
        ({"extra_config": [1]}, "extra_config: Give a JSON object, such as {}."),
        ({"extra_config": {"a": "\x00"}}, "extra_config: The text holds a NUL character. Remove it."),
    ],
)
def test_a_refusal_names_the_remedy(api, groq, body, message):
    assert (
        error_of(api.generic("PUT", "/api/providers/groq", json.dumps(body), "application/json"))["message"] == message
    )


def test_an_address_in_capitals_is_told_to_be_in_lower_case(api, groq):
    message = error_of(api.put("/api/providers/groq", {"base_url": "HTTP://host/v1"}))["message"]
    assert "must start with http:// or https:// in lower case" in message


def test_models_are_not_created_with_their_provider(api):
    values = {"id": "x", "name": "X", "base_url": "https://x.example/v1"}

    error = error_of(api.post("/api/providers", {**values, "models": [{"model_id": "m"}]}))

    assert list(error["fields"]) == ["models"]
    assert "POST /api/models" in error["message"]
    assert not Provider.objects.exists()
    assert api.post("/api/providers", {**values, "models": []}).status_code == 201


def test_a_method_that_a_path_does_not_take_is_answered_with_those_that_it_takes(api, groq):
    message = error_of(api.post("/api/providers/groq", {}), 405)["message"]
    assert message == 'Method "POST" not allowed. Use: GET, PUT, PATCH, DELETE.'


def test_an_unknown_field_names_the_known_ones(api, groq):
    message = error_of(api.put("/api/providers/groq", {"rpm": 5}))["message"]

    assert message.startswith("rpm: There is no such field. Use: id, name, base_url, ")
    assert "created_at" not in message


@pytest.mark.parametrize("body", ["[]", '"text"', "5", "null", "true"])
def test_a_body_that_is_no_object_is_refused(api, groq, body):
    response = api.generic("PUT", "/api/providers/groq", body, content_type="application/json")

    assert error_of(response) == {"message": "Send a JSON object, such as {}.", "fields": {}}


@pytest.mark.parametrize("pk", ["all", "stats", "a b", "", "groq"])
def test_an_id_that_cannot_be_is_refused(api, groq, pk):
    response = api.post("/api/providers", {"id": pk, "name": "X", "base_url": "https://x.example/v1"})

    assert list(error_of(response)["fields"]) == ["id"]
    assert Provider.objects.count() == 1


def test_what_a_new_provider_needs_is_named(api):
    error = error_of(api.post("/api/providers", {}))

    assert set(error["fields"]) == {"id", "name", "base_url"}
    assert error["fields"]["id"] == ["It is missing. Give a string."]
