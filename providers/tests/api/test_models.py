"""Models over the API: shown, changed, put in order."""

import pytest

from providers import actions
from providers.models import Model
from providers.tests.api.api_client import error_of, make_provider, model_ids, model_pk

pytestmark = pytest.mark.django_db


def test_a_model_carries_its_numbers_as_numbers(api, groq):
    pk = model_pk("fast")

    prices = {"input_price": 0.15, "cached_input_price": 0.015, "output_price": 2}
    body = api.put(f"/api/models/{pk}", {**prices, "max_tokens": 800}).json()

    assert (body["id"], body["model_id"], body["provider"], body["fallback_priority"]) == (pk, "fast", "groq", 0)
    assert ({name: body[name] for name in prices}, body["max_tokens"]) == (prices, 800)
    assert (body["enabled"], body["supports_json_schema"], body["is_thinking_model"]) == (True, False, False)
    assert (body["context_window"], body["requests_per_minute"], body["extra_config"]) == (None, None, {})


def test_models_are_listed_by_provider_then_priority(api, groq):
    make_provider("mistral", models=("large",))

    body = api.get("/api/models/all").json()

    assert [row["model_id"] for row in body["models"]] == ["fast", "good", "cheap", "large"]
    assert body["count"] == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("provider=mistral", ["large"]),
        ("enabled_only=true", ["fast", "cheap"]),
        ("enabled_only=1&provider=groq", ["fast", "cheap"]),
        ("enabled_only=True", ["fast", "cheap"]),
        ("enabled_only=TRUE", ["fast", "cheap"]),
        ("enabled_only=False", ["fast", "good", "cheap", "large"]),
        ("enabled_only=false", ["fast", "good", "cheap", "large"]),
    ],
)
def test_models_can_be_narrowed(api, groq, query, expected):
    make_provider("mistral", models=("large",), enabled=False)
    actions.set_model_enabled(model_pk("good"), False)

    body = api.get(f"/api/models/all?{query}").json()

    assert [row["model_id"] for row in body["models"]] == expected


@pytest.mark.parametrize("query", ["provider=nope", "provider=%00", "enabled_only=perhaps", "colour=red", "limit=5"])
def test_an_unknown_filter_or_value_is_refused_by_name(api, groq, query):
    assert list(error_of(api.get(f"/api/models/all?{query}"))["fields"]) == [query.split("=")[0]]


def test_the_list_of_models_costs_two_queries_however_long(api, django_assert_num_queries):
    make_provider("groq", models=[f"m{number}" for number in range(12)])

    with django_assert_num_queries(2):
        api.get("/api/models/all")


def test_a_model_is_created_at_its_place_and_deleted(api, groq):
    created = api.post("/api/models", {"provider": "groq", "model_id": "new", "fallback_priority": 1})
    assert created.status_code == 201, created.content
    assert model_ids() == ["fast", "new", "good", "cheap"]

    assert api.delete(f"/api/models/{created.json()['id']}").status_code == 204
    assert model_ids() == ["fast", "good", "cheap"]


def test_a_model_may_be_sent_back_as_it_came(api, groq):
    body = api.get(f"/api/models/{model_pk('good')}").json()

    response = api.put(f"/api/models/{body['id']}", {**body, "display_name": "Good"})

    assert response.status_code == 200, response.content
    assert response.json() | {"updated_at": ""} == body | {"display_name": "Good", "updated_at": ""}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider": "other"}, "provider"),
        ({"id": 999999}, "id"),
        ({"id": None}, "id"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "800"}, "max_tokens"),
        ({"input_price": "0.1"}, "input_price"),
        ({"input_price": -1}, "input_price"),
        ({"cached_input_price": -1}, "cached_input_price"),
        ({"model_id": "with space"}, "model_id"),
        ({"model_id": "cheap"}, None),
        ({"fallback_priority": "first"}, "fallback_priority"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_model_value_is_refused_and_changes_nothing(api, groq, body, field):
    before = list(Model.objects.values())

    error = error_of(api.put(f"/api/models/{model_pk('fast')}", body))

    assert field is None or list(error["fields"]) == [field]
    assert list(Model.objects.values()) == before


@pytest.mark.parametrize("body", [{"provider": "nope", "model_id": "x"}, {"model_id": "x"}, {"provider": "groq"}])
def test_a_model_that_cannot_be_created_says_why(api, groq, body):
    assert error_of(api.post("/api/models", body))["fields"]
    assert Model.objects.count() == 3


def test_an_unknown_model_is_not_found_and_the_known_ones_are_named(api, groq):
    for response in (
        api.get("/api/models/999999"),
        api.put("/api/models/999999", {"enabled": True}),
        api.delete("/api/models/999999"),
        api.post("/api/models/999999/toggle"),
        api.put("/api/models/999999/priority", {"fallback_priority": 0}),
        api.get(f"/api/models/{10**30}"),
    ):
        assert f"{model_pk('fast')} (fast)" in error_of(response, 404)["message"]


def test_a_model_is_toggled(api, groq):
    assert api.post(f"/api/models/{model_pk('fast')}/toggle").json()["enabled"] is False
    assert api.post(f"/api/models/{model_pk('fast')}/toggle", {"enabled": False}).json()["enabled"] is False


@pytest.mark.parametrize(
    ("place", "after"),
    [(0, ["cheap", "fast", "good"]), (1, ["fast", "cheap", "good"]), (99, ["fast", "good", "cheap"])],
)
def test_a_priority_moves_a_model(api, groq, place, after):
    response = api.put(f"/api/models/{model_pk('cheap')}/priority", {"fallback_priority": place})

    assert response.json()["fallback_priority"] == after.index("cheap")
    assert model_ids() == after


@pytest.mark.parametrize("body", [{}, {"fallback_priority": "0"}, {"fallback_priority": None}, {"priority": 0}])
def test_a_wrong_priority_is_refused(api, groq, body):
    assert error_of(api.put(f"/api/models/{model_pk('cheap')}/priority", body))["fields"]
    assert model_ids() == ["fast", "good", "cheap"]


def test_a_reorder_puts_the_named_first_and_answers_the_list(api, groq):
    response = api.post("/api/models/reorder", {"provider_id": "groq", "model_order": ["cheap", "good"]})

    assert response.status_code == 200
    assert [row["model_id"] for row in response.json()["models"]] == ["cheap", "good", "fast"]
    assert [row["fallback_priority"] for row in response.json()["models"]] == [0, 1, 2]
    assert model_ids() == ["cheap", "good", "fast"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider_id": "groq", "model_order": []}, "model_order"),
        ({"provider_id": "groq", "model_order": ["good", "good"]}, "model_order"),
        ({"provider_id": "groq", "model_order": ["nope"]}, "model_order"),
        ({"provider_id": "groq", "model_order": "good"}, "model_order"),
        ({"provider_id": "groq", "model_order": [1]}, "model_order.0"),
        ({"provider_id": "groq"}, "model_order"),
        ({"provider_id": "nope", "model_order": ["good"]}, "provider_id"),
        ({"model_order": ["good"]}, "provider_id"),
    ],
)
def test_a_wrong_reorder_is_refused_by_name_and_changes_nothing(api, groq, body, field):
    assert list(error_of(api.post("/api/models/reorder", body))["fields"]) == [field]
    assert model_ids() == ["fast", "good", "cheap"]


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("fast", 'Give a list of model ids, such as ["small-model", "large-model"].'),
        (None, 'It cannot be null. Give a list of model ids, such as ["small-model", "large-model"].'),
    ],
)
def test_an_order_that_is_no_list_is_told_what_one_looks_like(api, groq, order, message):
    error = error_of(api.post("/api/models/reorder", {"provider_id": "groq", "model_order": order}))
    assert error["fields"] == {"model_order": [message]}


def test_a_filter_that_holds_a_percent_sign_is_quoted_as_it_is(api):
    response = api.get("/api/models", {"provider": "50%_off"})
    assert response.status_code == 400
    assert "There is no provider '50%_off'" in response.content.decode()
