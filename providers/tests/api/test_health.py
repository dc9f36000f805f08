"""What the API shows of suspensions, faults and holds."""

import pytest

from providers.llm.errors import ErrorKind
from providers.tests.api.api_client import make_provider, model_pk
from providers.tests.calling.store.scripted_store import count_trips, fail, hold

pytestmark = pytest.mark.django_db


def test_a_suspension_is_shown_with_its_end_and_its_reason(api, groq):
    fail("groq", "key refused")
    fail("groq/good", "key refused")

    body = api.get("/api/providers/groq").json()

    assert body["suspended_until"].endswith("Z")
    assert body["suspended_reason"] == "key refused"
    assert [bool(model["suspended_until"]) for model in body["models"]] == [False, True, False]


def test_the_last_error_is_shown_before_it_suspends_anything(api, groq):
    fail("groq/good", "server: 503", kind=ErrorKind.SERVER, opens_after=3)

    for body in (api.get(f"/api/models/{model_pk('good')}").json(), api.get("/api/providers/groq").json()["models"][1]):
        assert (body["breaker"], body["suspended_until"]) == ("closed", None)
        assert (body["last_error"], body["last_error_reason"], body["failures"]) == ("server", "server: 503", 1)


def test_a_vendor_that_asked_to_wait_is_shown_as_such(api, groq):
    hold("groq", 30, "rate_limited: slow down")

    body = api.get("/api/providers/groq").json()

    assert (body["breaker"], body["last_error"], body["failures"]) == ("closed", None, 0)
    assert body["held_until"].endswith("Z")
    assert body["held_reason"] == "rate_limited: slow down"


def test_a_suspension_that_has_run_out_is_half_open(api, groq):
    fail("groq", "key refused", seconds=0.001)

    body = api.get("/api/providers/groq").json()

    assert (body["breaker"], body["suspended_until"], body["last_error"]) == ("half_open", None, "auth")


@pytest.mark.parametrize(
    ("path", "trips"),
    [
        ("providers/all", ["states"]),
        ("providers/p1", ["states"]),
        ("models/all", ["states"]),
        ("providers/stats", ["look"]),
    ],
)
def test_the_store_is_asked_once_however_many_rows_there_are(api, monkeypatch, path, trips):
    for number in range(4):
        make_provider(f"p{number}", models=("a", "b"), requests_per_minute=5)
    asked = count_trips(monkeypatch)

    api.get(f"/api/{path}")

    assert asked == trips


@pytest.mark.parametrize("path", ["providers/all", "providers/groq", "models/all", "providers/stats"])
def test_without_redis_suspensions_are_unknown_and_the_rest_is_shown(api, groq, settings, path):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    body = api.get(f"/api/{path}").json()

    row = body.get("providers", body.get("models", [body]))[0]
    names = ("breaker", "suspended_until", "suspended_reason", "last_error", "last_error_reason")
    assert [row[name] for name in (*names, "failures", "held_until", "held_reason")] == [None] * 8
