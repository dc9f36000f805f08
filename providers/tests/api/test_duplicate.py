"""Duplicate with another key, over the API."""

import pytest
from django.contrib.auth.models import Permission, User

from providers import actions
from providers.models import ProviderConfig
from providers.permissions import DUPLICATING
from providers.tests.api.api_client import KEY, error_of, logged_in, model_ids
from providers.tests.factories import provider_ids

pytestmark = pytest.mark.django_db

PATH = "/api/providers/groq/duplicate"
OTHER = "gsk_planted-secret-5678"


def test_the_answer_is_the_new_provider_with_its_models(api, groq):
    response = api.post(PATH, {"api_key": OTHER})
    body = response.json()
    assert (response.status_code, body["id"], body["order"], body["api_key_last4"]) == (201, "groq-2", 1, "5678")
    assert [model["model_id"] for model in body["models"]] == model_ids("groq")
    assert OTHER not in response.content.decode()


def test_names_and_secret_settings_may_be_given(api, groq):
    body = {"api_key": OTHER, "id": "b", "name": "B", "config": {"headers": {"X-Org": "two"}}}
    assert api.post(PATH, body).json()["name"] == "B"
    assert ProviderConfig.objects.get(pk="b").config == {"headers": {"X-Org": "two"}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "api_key"),
        ({"api_key": KEY}, "api_key"),
        ({"api_key": None}, "api_key"),
        ({"api_key": ""}, "api_key"),
        ({"api_key": OTHER, "id": "groq"}, "id"),
        ({"api_key": OTHER, "id": 5}, "id"),
        ({"api_key": OTHER, "base_url": "https://elsewhere.example"}, "base_url"),
        ({"api_key": OTHER, "config": {"headers": {"Host": "x"}}}, "config"),
    ],
)
def test_what_is_refused_is_named_and_leaves_nothing(api, groq, body, field):
    actions.set_secrets("groq", api_key=KEY)
    assert list(error_of(api.post(PATH, body))["fields"]) == [field]
    assert provider_ids() == ["groq"]


def test_a_provider_that_is_not_there_is_not_found(api, groq):
    assert "Known: groq" in error_of(api.post("/api/providers/nobody/duplicate", {"api_key": OTHER}), 404)["message"]


@pytest.mark.parametrize("missing", DUPLICATING)
def test_it_needs_the_permissions_for_all_that_it_does(groq, missing):
    user = User.objects.create_user("ann")
    wanted = [name.partition(".")[2] for name in DUPLICATING if name != missing]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    assert missing in error_of(logged_in(user).post(PATH, {"api_key": OTHER}), 403)["message"]
