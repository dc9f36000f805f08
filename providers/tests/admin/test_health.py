"""What the admin shows of suspensions, faults and holds."""

import pytest

from providers import actions
from providers.llm.errors import ErrorKind
from providers.tests.admin.admin_pages import MODELS, PROVIDERS, change_url, model, page, viewer
from providers.tests.calling.store.scripted_store import count_trips, fail, hold

pytestmark = pytest.mark.django_db


def test_a_suspended_provider_says_until_when_and_why(admin_client, groq):
    fail("groq", "key was revoked")
    html = page(admin_client, PROVIDERS)
    assert "auth: key was revoked" in html


def test_a_model_is_suspended_with_its_provider(admin_client, groq):
    fail("groq", "key was revoked")
    assert page(admin_client, MODELS).count("auth: key was revoked") == 3


@pytest.mark.parametrize("scope", ["groq", "groq/llama"])
def test_pages_show_a_fault_that_suspends_nothing_yet(admin_client, groq, scope):
    fail(scope, "server: 503", kind=ErrorKind.SERVER, opens_after=3)
    row = model("llama") if "/" in scope else groq
    for url in (MODELS if "/" in scope else PROVIDERS, change_url(row)):
        html = page(admin_client, url)
        assert "1 failure in a row" in html
        assert "server: 503" in html


def test_pages_show_that_a_vendor_asked_to_wait(admin_client, groq):
    hold("groq", 30, "rate_limited: slow down")
    for url in (PROVIDERS, change_url(groq)):
        html = page(admin_client, url)
        assert "asked to wait" in html
        assert "rate_limited: slow down" in html


def test_the_providers_page_shows_its_own_suspension_and_those_of_its_models(admin_client, groq):
    fail("groq", "key was revoked")
    fail("groq/qwen", "gone", kind=ErrorKind.NOT_FOUND)
    html = page(admin_client, change_url(groq))
    assert "auth: key was revoked" in html
    assert "not_found: gone" in html


def test_a_models_page_shows_that_its_provider_is_suspended(admin_client, groq):
    fail("groq", "key was revoked")
    assert "auth: key was revoked" in page(admin_client, change_url(model("llama")))


def test_who_may_only_look_sees_suspensions_too(groq):
    fail("groq", "key was revoked")
    client = viewer("view_provider", "view_model")
    for row in (groq, model("llama")):
        assert "auth: key was revoked" in page(client, change_url(row))


def test_a_list_asks_the_store_once_and_a_row_once_more_for_each_panel(admin_client, groq, monkeypatch):
    trips = count_trips(monkeypatch)
    for url, most in ((PROVIDERS, 1), (MODELS, 1), (change_url(groq), 3), (change_url(model("llama")), 2)):
        trips.clear()
        page(admin_client, url)
        assert len(trips) <= most


def test_the_providers_page_asks_no_more_when_its_models_grow(admin_client, groq, django_assert_max_num_queries):
    for number in range(9):
        actions.create_model("groq", {"model_id": f"m{number}"})
    with django_assert_max_num_queries(32):
        page(admin_client, change_url(groq))


def test_the_lists_work_while_redis_is_away(admin_client, groq, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "Groq" in page(admin_client, PROVIDERS)
    assert "llama" in page(admin_client, MODELS)
    assert "Redis is away" in page(admin_client, change_url(groq))
