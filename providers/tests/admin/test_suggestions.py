"""Limits that the vendor tells, on the provider's page and over the API."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from providers import actions
from providers.calling.told_limits import Told
from providers.models import ToldLimit
from providers.status.suggestions import suggestions_of
from providers.tests.admin.admin_pages import change_url, make_provider, page, viewer
from providers.tests.api.api_client import error_of, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
URL = "https://api.example.com/v1"
API = "/api/providers/groq/suggestions"
TITLE = "What the vendor says of its limits"


@pytest.fixture
def groq():
    provider = make_provider("groq", "llama", requests_per_minute=25)
    at = ("groq", "llama", "openai", URL)
    actions.note_limits(
        [Told(*at, "requests", 60, 20, "headers"), Told(*at, "tokens", 86_400, 200_000, "body")],
    )
    return provider


def marks(provider):
    return [each.mark for each in suggestions_of(provider)]


def press(client, name, **fields):
    return client.post(reverse(f"admin:providers_provider_suggestions_{name}", args=["groq"]), fields, follow=True)


def test_the_page_says_what_is_told_and_what_is_set(admin_client, groq):
    shown = " ".join(page(admin_client, change_url(groq)).split())
    assert "Limits on this key seem to be 20 requests per minute and 200,000 tokens per day." in shown
    assert "(told by its headers, just now); set here: 25 requests per minute." in shown
    assert "(told by a refusal, just now); set here: no such limit." in shown


def test_it_says_since_when_it_is_told_so(admin_client, groq):
    ToldLimit.objects.update(seen_at=timezone.now() - timedelta(hours=3))
    assert "first 3 hours ago" in " ".join(page(admin_client, change_url(groq)).split())


def test_where_nothing_is_told_there_is_no_panel(admin_client, groq):
    ToldLimit.objects.all().delete()
    assert TITLE not in page(admin_client, change_url(groq))


def test_one_click_takes_them_over(admin_client, groq):
    answer = press(admin_client, "take", mark=marks(groq))
    assert "Set: 20 requests per minute and 200,000 tokens per day." in answer.content.decode()
    assert TITLE not in answer.content.decode()
    groq.refresh_from_db()
    assert (groq.requests_per_minute, groq.limits.count()) == (20, 1)


def test_another_click_dismisses_them(admin_client, groq):
    answer = press(admin_client, "dismiss", mark=marks(groq))
    assert TITLE not in answer.content.decode()
    groq.refresh_from_db()
    assert groq.requests_per_minute == 25


def test_a_click_on_what_was_shown_before_changes_nothing(admin_client, groq):
    answer = press(admin_client, "take", mark=marks(groq)[:1])
    assert "has changed meanwhile" in answer.content.decode()
    groq.refresh_from_db()
    assert groq.requests_per_minute == 25


def test_who_may_not_change_models_decides_on_none_of_their_limits(groq):
    actions.update_provider("groq", {"limits_scope": "model"})
    client = viewer("view_provider", "change_provider")
    assert "suggestions/take" not in page(client, change_url(groq))
    assert press(client, "take", mark=marks(groq)).status_code == 403
    assert (
        "change_model"
        in error_of(logged_in(User.objects.get(username="viewer")).post(API, {}, format="json"), 403)["message"]
    )


# --- API ------------------------------------------------------------------------
def test_the_api_tells_them_too(admin_user, groq):
    answer = logged_in(admin_user).get(API).json()
    assert answer["count"] == 2
    first = answer["suggestions"][0]
    assert {
        name: first[name] for name in ("model_id", "unit", "window", "amount", "amount_set", "is_lower", "told_by")
    } == {
        "model_id": "",
        "unit": "requests",
        "window": "1 minute",
        "amount": 20,
        "amount_set": 25,
        "is_lower": True,
        "told_by": "headers",
    }


def test_the_api_takes_over_and_dismisses(admin_user, groq):
    client = logged_in(admin_user)
    shown = [each["mark"] for each in client.get(API).json()["suggestions"]]
    assert "changed meanwhile" in error_of(client.post(API, {"marks": shown[:1]}, format="json"))["message"]
    assert client.post(API, {"marks": shown}, format="json").json()["requests_per_minute"] == 20
    assert "nothing to take over" in error_of(client.post(API, {}, format="json"))["message"]
    actions.note_limits([Told("groq", "llama", "openai", URL, "requests", 60, 10, "headers")])
    assert client.post(API, {"action": "dismiss"}, format="json").json()["requests_per_minute"] == 20
    assert client.get(API).json() == {"suggestions": [], "count": 0}


@pytest.mark.parametrize("body", [{"action": "raise"}, {"marks": "all"}, {"mark": []}])
def test_the_api_says_what_is_wrong_with_an_order(admin_user, groq, body):
    assert error_of(logged_in(admin_user).post(API, body, format="json"))


def test_there_is_nothing_of_a_provider_that_is_not_there(admin_user):
    assert error_of(logged_in(admin_user).get("/api/providers/gone/suggestions"), 404)
