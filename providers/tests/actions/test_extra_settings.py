"""Secrets where they are encrypted, and rows from before that was asked."""

import json

import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.configuration.snapshot import load
from providers.models import Model, Provider, ProviderConfig
from providers.routing.route import RouteChoice, chain
from providers.tests.admin.admin_pages import change_url, form_of, model, page, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
KEY = "sk-planted-0123456789-abcd"


def refused_extra(extra):
    with pytest.raises(ValidationError) as error:
        actions.update_provider("groq", {"extra_config": extra})
    return " ".join(error.value.message_dict["extra_config"])


def refused_secret(config):
    with pytest.raises(ValidationError) as error:
        actions.set_secrets("groq", config=config)
    return " ".join(error.value.message_dict["config"])


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ({"headers": {"X-Team-Token": "abc"}}, "headers.X-Team-Token"),
        ({"headers": {"X-Note": f"use {KEY}"}}, "headers.X-Note"),
        ({"extra_body": {"provider": {"apiKey": "abc"}}}, "extra_body.provider.apiKey"),
        ({"list": [{"a": {"password": "abc"}}]}, "list.0.a.password"),
        ({KEY: True}, "(not shown)"),
    ],
)
def test_a_secret_in_extra_settings_is_refused_with_its_path_and_the_remedy(groq, extra, path):
    said = refused_extra(extra)
    assert said.startswith(f"{path}: this looks like a secret")
    assert "Move it into the provider's secret settings" in said
    assert KEY not in said
    with pytest.raises(ValidationError, match="looks like a secret"):
        actions.update_model(model("llama").pk, {"extra_config": extra})
    with pytest.raises(ValidationError, match="looks like a secret"):
        actions.create_model("groq", {"model_id": "new", "extra_config": extra})
    with pytest.raises(ValidationError, match="looks like a secret"):
        actions.create_provider({"id": "x", "name": "X", "base_url": "https://x.example/v1", "extra_config": extra})


def test_a_header_is_checked_in_both_kinds_of_settings(groq):
    assert "this is no header name" in refused_extra({"headers": {"X Title": "a"}})
    assert "this is no header name" in refused_secret({"headers": {"X Title": "a"}})


def test_a_secret_header_wins_whatever_its_letter_case(groq):
    actions.update_provider("groq", {"extra_config": {"headers": {"x-team": "open", "X-Title": "legalds"}}})
    actions.set_secrets("groq", api_key=KEY, config={"headers": {"X-Team": "hidden"}})
    assert chain(load())[0].endpoint.headers == (("X-Team", "hidden"), ("X-Title", "legalds"))


def test_secret_settings_take_what_was_refused_and_it_goes_out_and_is_scrubbed(groq):
    actions.set_secrets(
        "groq", api_key=KEY, config={"headers": {"X-Team-Token": "abc"}, "extra_body": {"a": {"api_key": "def"}}}
    )
    actions.update_model(model("llama").pk, {"extra_config": {"extra_body": {"seed": 7}}})
    route = chain(load(), RouteChoice("groq", "llama"))[0]
    assert dict(route.endpoint.headers) == {"X-Team-Token": "abc"}
    assert route.facts.extra_body == {"seed": 7, "a": {"api_key": "def"}}
    assert {"abc", "def"} <= set(route.endpoint.secrets)
    assert "def" not in repr(route.facts)


@pytest.mark.parametrize("kept", ["text", None, [1], {}])
def test_a_secret_body_that_is_no_object_is_refused_and_one_from_before_is_passed_over(groq, kept):
    actions.set_secrets("groq", api_key=KEY, config={"extra_body": {}})
    if kept != {} and kept is not None:
        assert "extra_body must be a JSON object" in refused_secret({"extra_body": kept})
    ProviderConfig.objects.filter(pk="groq").update(config={"extra_body": kept})
    assert chain(load(), RouteChoice("groq", "llama"))[0].facts.extra_body == {}


# --- rows that were stored before ---------------------------------------------------------------------------------
OLD = {"headers": {"X-Team-Token": KEY, "Connection": "close"}}


@pytest.fixture
def old(groq):
    Provider.objects.filter(pk="groq").update(extra_config=OLD)
    Model.objects.filter(model_id="llama").update(extra_config={"extra_body": {"api_key": KEY}})
    groq.refresh_from_db()
    return groq


def test_what_was_stored_before_still_goes_out_and_the_rest_of_the_row_can_be_changed(old, admin_client):
    actions.set_secrets("groq", api_key=KEY)
    actions.update_provider("groq", {"name": "Other", "extra_config": OLD})
    actions.set_model_enabled(model("llama").pk, True)
    response = admin_client.post(change_url(old), form_of(admin_client, old, requests_per_minute="7"))
    assert response.status_code == 302
    assert Provider.objects.get(pk="groq").requests_per_minute == 7
    assert dict(chain(load())[0].endpoint.headers)["X-Team-Token"] == KEY


def test_what_was_stored_before_cannot_be_stored_anew_with_another_value(old):
    assert "headers.X-Team-Token: this looks like a secret" in refused_extra({"headers": {"X-Team-Token": "other"}})


def test_the_page_of_such_a_row_warns_and_says_where_to_enter_it(old, admin_client):
    for client in (admin_client, viewer("view_provider")):
        shown = page(client, change_url(old))
        assert "A secret stands in the extra settings" in shown
        assert "headers.X-Team-Token" in shown
    assert "extra_body.api_key" in page(admin_client, change_url(model("llama")))


def test_the_page_of_any_other_row_does_not(groq, admin_client):
    actions.update_provider("groq", {"extra_config": {"headers": {"X-Title": "legalds"}, "timeout_s": 5}})
    assert "A secret stands" not in page(admin_client, change_url(groq))


def test_the_form_shows_the_refusal_at_its_field(groq, admin_client):
    typed = form_of(admin_client, groq, extra_config=json.dumps({"headers": {"X-Team-Token": "abc"}}))
    response = admin_client.post(change_url(groq), typed)
    assert "headers.X-Team-Token: this looks like a secret" in str(
        response.context["adminform"].form.errors["extra_config"]
    )


def test_the_api_answers_with_the_path(groq, admin_client):
    body = {"extra_config": {"extra_body": {"nested": [{"access_token": "abc"}]}}}
    response = admin_client.patch("/api/providers/groq", body, "application/json")
    assert response.status_code == 400
    assert "extra_body.nested.0.access_token" in response.json()["error"]["fields"]["extra_config"][0]
