"""How a provider or a model is doing, on its page, and the button that tests it."""

import pytest
from django.test import Client
from django.urls import reverse

from providers import actions
from providers.calling import shared_store
from providers.llm.errors import ErrorKind
from providers.tests.admin.admin_pages import change_url, make_provider, model, page, viewer
from providers.tests.calling.store.scripted_store import count_trips, fail, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(sandbox):
    limits = {"requests_per_minute": 20, "tokens_per_minute": 9000, "requests_per_day": 500}
    return make_provider("served", "good", "401", base_url=sandbox.url, requires_key=False, **limits)


def state_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_state", args=[row.pk])


def press(client, row, *, js=True, **values):
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_test", args=[row.pk])
    return client.post(url, values, headers={"HX-Request": "true"} if js else {}, follow=True)


def test_the_live_part_shows_the_use_of_every_budget(admin_client, served):
    press(admin_client, served)
    html = page(admin_client, state_url(served))
    for told in ("0 of 4", "1 of 20", "of 9,000", "1 of 500", "not suspended"):
        assert told in html
    assert "<html" not in html


def test_budgets_of_models_that_have_own_ones_stand_below(admin_client, served):
    actions.update_model(model("good").pk, {"requests_per_minute": 7})
    html = page(admin_client, state_url(served))
    assert "Budgets of its models (1)" in html
    assert "0 of 7" in page(admin_client, state_url(model("good")))


def test_where_each_model_has_its_own_limits_their_meters_are_shown(admin_client, served):
    actions.update_provider("served", {"limits_scope": "model"})
    assert "Budgets of its models (6)" in page(admin_client, state_url(served))


def test_suspensions_holds_and_faults_are_told(admin_client, served):
    fail("served", "auth: revoked")
    hold("served", 40, "rate_limited: slow down")
    html = page(admin_client, state_url(served))
    for told in ("suspended", "auth: revoked", "asked to wait", "slow down", "1 failure in a row"):
        assert told in html
    assert "its provider is suspended" in page(admin_client, state_url(model("good")))


def test_the_live_part_takes_one_trip_and_few_queries_however_many_models(
    admin_client, served, monkeypatch, django_assert_num_queries
):
    trips = count_trips(monkeypatch)
    for more in (0, 45):
        actions.create_models("served", [f"m{n}" for n in range(more)]) if more else None
        trips.clear()
        with django_assert_num_queries(6):  # session, user, provider, models, limits of both
            page(admin_client, state_url(served))
        assert trips == ["look"]


def test_the_live_part_works_while_redis_is_away(admin_client, served, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "Redis is away" in page(admin_client, state_url(served))
    assert "Redis is away" in page(admin_client, change_url(served))


def test_a_test_answers_with_its_outcome_in_words(admin_client, served):
    response = press(admin_client, served)
    assert "Works: good answered in" in response.content.decode()
    assert response["HX-Trigger"] == "tested"


def test_without_javascript_the_outcome_is_a_message_of_the_page(admin_client, served):
    html = press(admin_client, served, js=False, model="401").content.decode()
    assert "The key was refused (401)" in html
    assert "How it is doing" in html


def test_a_model_is_tested_on_its_own_page(admin_client, served):
    assert "Test this model" in page(admin_client, change_url(model("401")))
    assert "The key was refused" in press(admin_client, model("401")).content.decode()


def test_a_test_of_a_suspended_provider_lifts_the_suspension(admin_client, served):
    fail("served", "auth: revoked")
    press(admin_client, served)
    assert not shared_store.states(["served"])["served"].is_suspended


def test_a_model_that_vanished_is_no_crash(admin_client, served):
    assert "It is gone meanwhile." in press(admin_client, served, model="gone").content.decode()


def test_who_may_only_look_sees_the_state_and_no_button(served):
    client = viewer("view_provider", "view_model")
    for row in (served, model("good")):
        assert "not suspended" in page(client, state_url(row))
        assert "/test/" not in page(client, change_url(row))
        assert press(client, row).status_code == 403


def test_a_test_is_a_post_with_the_csrf_token(admin_client, admin_user, served):
    url = reverse("admin:providers_provider_test", args=["served"])
    assert admin_client.get(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert strict.post(url).status_code == 403


def test_strangers_and_those_without_permission_see_no_state(client, served):
    assert client.get(state_url(served)).status_code == 302
    assert viewer("view_batch").get(state_url(served)).status_code == 403


def test_the_next_steps_are_shown_until_they_are_done(admin_client, served):
    assert "Next steps" not in page(admin_client, change_url(served))
    fresh = make_provider("fresh")
    html = page(admin_client, change_url(fresh))
    assert "Enter the API key" in html
    assert "Fetch models" in html


def test_a_fault_of_a_model_stands_on_its_page(admin_client, served):
    fail("served/good", "not_found: gone", kind=ErrorKind.NOT_FOUND)
    assert "not_found: gone" in page(admin_client, state_url(model("good")))
