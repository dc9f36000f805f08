"""Limits as lists over the API: of a provider, of a model, of the whole installation."""

import pytest

from providers import actions
from providers.models import Limit
from providers.tests.api.api_client import error_of, model_pk

pytestmark = pytest.mark.django_db
A_DAY = {"scope": "account", "unit": "tokens", "amount": 200_000, "window": "1 day", "time_zone": None}
MIDNIGHT = {
    "scope": "model",
    "unit": "requests",
    "amount": 250,
    "window": "1 day",
    "time_zone": "America/Los_Angeles",
}
BUDGET = {"scope": "installation", "unit": "money", "amount": 5.0, "window": "1 month", "time_zone": "UTC"}
OTHER = {"id": "other", "name": "Other", "base_url": "https://other.example/v1"}


def test_a_provider_takes_and_shows_the_whole_list(api, groq):
    assert api.get("/api/providers/groq").json()["limits"] == []
    body = api.put("/api/providers/groq", {"limits": [A_DAY, MIDNIGHT]}).json()
    assert body["limits"] == [A_DAY, MIDNIGHT]
    assert api.patch("/api/providers/groq", {"limits": [MIDNIGHT]}).json()["limits"] == [MIDNIGHT]
    assert api.put("/api/providers/groq", {"limits": []}).json()["limits"] == []


def test_a_model_takes_and_shows_its_own(api, groq):
    path = f"/api/models/{model_pk('good')}"
    short = {"unit": "output", "amount": 8_000, "window": "30 seconds"}
    assert api.patch(path, {"limits": [short]}).json()["limits"] == [{**short, "scope": "model", "time_zone": None}]
    assert api.get("/api/providers/groq").json()["models"][1]["limits"] == api.get(path).json()["limits"]


def test_a_change_of_something_else_leaves_them(api, groq):
    actions.update_provider("groq", {"limits": [A_DAY]})
    assert api.put("/api/providers/groq", {"name": "Groq Cloud"}).json()["limits"] == [A_DAY]


def test_an_object_with_limits_may_be_sent_back_as_it_came(api, groq):
    actions.update_provider("groq", {"limits": [A_DAY, {**MIDNIGHT, "unit": "money", "amount": 0.000001}]})
    rows = set(Limit.objects.values_list("pk", flat=True))
    body = api.get("/api/providers/groq").json()
    assert api.put("/api/providers/groq", body).json()["limits"] == body["limits"]
    assert set(Limit.objects.values_list("pk", flat=True)) == rows


def test_what_is_new_comes_with_its_limits(api, groq):
    assert api.post("/api/providers", {**OTHER, "limits": [A_DAY]}).json()["limits"] == [A_DAY]
    created = api.post("/api/models", {"provider": "other", "model_id": "m", "limits": [MIDNIGHT]})
    assert created.json()["limits"] == [MIDNIGHT]


def test_what_is_left_out_of_one_follows_its_provider(api, groq):
    actions.update_provider("groq", {"limits_scope": "model"})
    body = api.put("/api/providers/groq", {"limits": [{"unit": "input", "amount": 5, "window": "1 hour"}]}).json()
    assert [limit["scope"] for limit in body["limits"]] == ["model"]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (None, "It cannot be null. Give a list of limits; an empty list for none."),
        ("200000 tokens", "Give a list of limits, such as"),
        ({}, "Give a list of limits, such as"),
        ([A_DAY, {**A_DAY, "window": "1 week", "amount": "200000"}], "Limit 2: Give an amount above 0, as a number."),
        ([{**A_DAY, "amount": 10**300}], "Limit 1: Give an amount above 0, as a number."),
        ([{**A_DAY, "time_zone": 0}], "Limit 1: Give window as text"),
        ([{**A_DAY, "window": "1 d\x00ay"}], "The text holds a NUL character."),
        ([BUDGET], "'installation' is no scope here. Choose one of: account, model."),
        ([{**A_DAY, "unit": "requests"}], "Limit 1: Set requests_per_day instead: it is this very limit."),
        ([[]], "Limit 1: Give a list of limits"),
    ],
)
@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_wrong_one_is_refused_by_number_and_changes_nothing(api, groq, method, limits, words):
    actions.update_provider("groq", {"limits": [MIDNIGHT]})
    error = error_of(getattr(api, method)("/api/providers/groq", {"name": "Other", "limits": limits}))
    assert list(error["fields"]) == ["limits"]
    assert words in error["message"]
    body = api.get("/api/providers/groq").json()
    assert (body["name"], body["limits"]) == ("Groq", [MIDNIGHT])


def test_a_new_row_with_a_wrong_one_is_not_made(api, groq):
    assert list(error_of(api.post("/api/providers", {**OTHER, "limits": {}}))["fields"]) == ["limits"]
    assert api.get("/api/providers/other").status_code == 404


# --- of the installation -------------------------------------------------------
def test_the_installation_takes_and_shows_its_own(api):
    assert api.get("/api/limits").json() == {"limits": []}
    sent = {"limits": [{name: BUDGET[name] for name in ("unit", "amount", "window", "time_zone")}]}
    assert api.put("/api/limits", sent).json() == {"limits": [BUDGET]}
    assert api.get("/api/limits").json() == {"limits": [BUDGET]}
    assert api.put("/api/limits", {"limits": []}).json() == {"limits": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "limits"),
        ({"limits": [A_DAY]}, "limits"),
        ({"limits": None}, "limits"),
        ({"limits": [], "money": 5}, "money"),
    ],
)
def test_what_is_wrong_with_those_of_the_installation_is_named(api, body, field):
    api.put("/api/limits", {"limits": [BUDGET]})
    assert list(error_of(api.put("/api/limits", body))["fields"]) == [field]
    assert api.get("/api/limits").json() == {"limits": [BUDGET]}


def test_the_trail_says_by_which_way_they_came(api):
    api.put("/api/limits", {"limits": [BUDGET]})
    change = api.get("/api/changes").json()["changes"][0]
    assert (change["subject"], change["way"]) == ("overall", "api")
    assert change["summary"] == "limits none -> 5 US dollars per month in UTC"
