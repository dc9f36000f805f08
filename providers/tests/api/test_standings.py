"""Retired models over the API: told, replaced, and what is known filled in."""

import pytest

from providers.models import Model
from providers.tests.factories import make_provider, model_ids, pk_of

pytestmark = pytest.mark.django_db
GROQ = "https://api.groq.com/openai/v1"
RETIRED = "llama-3.3-70b-versatile"


@pytest.fixture
def vendor():
    return make_provider("mine", models=[RETIRED, "own"], base_url=GROQ)


def test_the_standings_are_told_with_their_sources(api, vendor):
    body = api.get("/api/models/standings").json()
    assert body["prices"]["currency"] == "USD"
    (provider,) = body["providers"]
    assert (provider["provider"], provider["headline"], provider["read_at"]) == ("mine", "1 retired", None)
    retired, own = provider["models"]
    assert (retired["model_id"], retired["standing"], retired["is_sure"], retired["successor"]) == (
        RETIRED,
        "retired",
        True,
        "openai/gpt-oss-120b",
    )
    assert (retired["known"]["on"], retired["known"]["as_at"]) == ("2026-08-16", "2026-11-27")
    assert (own["known"], own["standing"], own["is_listed"]) == (None, "current", None)
    assert provider["free_limits"][-1] == {
        "scope": "model",
        "unit": "tokens",
        "amount": 200_000,
        "count": 1,
        "window": "day",
        "calendar": "",
        "words": "200,000 tokens a day and model",
    }


def test_all_retired_ones_are_replaced_where_none_are_named(api, vendor):
    answer = api.post("/api/models/replace", {}, format="json")
    assert answer.status_code == 200
    (done,) = answer.json()["replaced"]
    assert (done["provider"], done["model_id"], done["successor"], done["is_new"]) == (
        "mine",
        RETIRED,
        "openai/gpt-oss-120b",
        True,
    )
    assert model_ids("mine") == ["openai/gpt-oss-120b", RETIRED, "own"]
    assert api.post("/api/models/replace", {}, format="json").status_code == 400


@pytest.mark.parametrize("body", [{"models": []}, {"models": ["1"]}, {"models": [0]}, {"models": 1}, {"model": [1]}])
def test_a_wrong_order_changes_nothing(api, vendor, body):
    assert api.post("/api/models/replace", body, format="json").status_code == 400
    assert Model.objects.get(pk=pk_of("mine", RETIRED)).enabled


def test_what_is_known_is_filled_in(api, vendor):
    answer = api.post("/api/providers/mine/fill", {"limits": True}, format="json")
    assert answer.status_code == 200
    assert (answer.json()["requests_per_minute"], answer.json()["limits_scope"]) == (30, "model")
    refused = api.post("/api/providers/mine/fill", {}, format="json")
    assert (refused.status_code, "limits" in str(refused.json())) == (400, True)
    assert api.post("/api/providers/nobody/fill", {"facts": True}, format="json").status_code == 404
