"""Toggles and secrets over the API, and who may write."""

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from providers import actions
from providers.models import Provider, ProviderConfig
from providers.tests.api.api_client import KEY, error_of, logged_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("body", "after"), [({}, False), (None, False), ({"enabled": True}, True)])
def test_a_toggle_sets_or_turns_round(api, groq, body, after):
    response = (
        api.post("/api/providers/groq/toggle", body) if body is not None else api.post("/api/providers/groq/toggle")
    )

    assert response.status_code == 200
    assert response.json()["enabled"] is after


def test_an_empty_form_turns_round_too(api, groq):
    Provider.objects.update(enabled=False)

    response = api.generic("POST", "/api/providers/groq/toggle", "", content_type="application/x-www-form-urlencoded")

    assert response.json()["enabled"] is True


@pytest.mark.parametrize("body", [{"enabled": "yes"}, {"on": True}])
def test_a_toggle_refuses_other_bodies(api, groq, body):
    error_of(api.post("/api/providers/groq/toggle", body))

    assert Provider.objects.get().enabled


def test_a_key_is_stored_and_never_comes_back(api, groq):
    response = api.put("/api/providers/groq/config", {"api_key": f" {KEY}\n", "config": {"region": "hidden-place"}})

    assert response.status_code == 200
    assert response.json()["api_key_configured"] is True
    assert response.json()["api_key_last4"] == "1234"
    stored = ProviderConfig.objects.get()
    assert (stored.api_key, stored.config) == (KEY, {"region": "hidden-place"})
    for path in ("providers/groq", "providers/all", "providers/stats"):
        told = api.get(f"/api/{path}").content.decode() + response.content.decode()
        assert KEY not in told
        assert "hidden-place" not in told


def test_what_is_left_out_stays_and_null_removes(api, groq):
    actions.set_secrets("groq", api_key=KEY, config={"region": "x"})

    response = api.put("/api/providers/groq/config", {"api_key": None})

    assert response.json()["api_key_configured"] is False
    assert ProviderConfig.objects.get().config == {"region": "x"}


@pytest.mark.parametrize(
    "body", [{}, {"key": KEY}, {"api_key": 5}, {"api_key": [KEY]}, {"config": "text"}, {"api_key": f"{KEY} {KEY}"}]
)
def test_a_wrong_secret_is_refused_without_repeating_it(api, groq, body):
    response = api.put("/api/providers/groq/config", body)

    assert error_of(response)["message"]
    assert KEY not in response.content.decode()
    assert not ProviderConfig.objects.exists()


WRITES = [
    ("post", "providers", "add_provider"),
    ("put", "providers/groq", "change_provider"),
    ("delete", "providers/groq", "delete_provider"),
    ("post", "providers/groq/toggle", "change_provider"),
    ("put", "providers/groq/config", "change_providerconfig"),
    ("post", "models", "add_model"),
    ("post", "models/reorder", "change_model"),
    ("put", "models/1/priority", "change_model"),
]


@pytest.mark.parametrize(("method", "path", "permission"), WRITES)
def test_a_write_needs_its_permission(groq, method, path, permission):
    user = User.objects.create_user("ann")
    assert getattr(logged_in(user), method)(f"/api/{path}", {}).status_code == 403

    user.user_permissions.add(Permission.objects.get(codename=permission))
    user = User.objects.get()
    assert getattr(logged_in(user), method)(f"/api/{path}", {}).status_code != 403


READS = [
    *((path, "provider") for path in ("providers/all", "providers", "providers/groq", "providers/stats")),
    *((path, "model") for path in ("models/all", "models")),
    ("changes", "configurationchange"),
]


@pytest.mark.parametrize(("path", "kind"), READS)
def test_reading_needs_the_permission_to_view(groq, path, kind):
    assert APIClient().get(f"/api/{path}").status_code == 401
    user = User.objects.create_user("ann")
    refused = logged_in(user).get(f"/api/{path}")
    assert f"You need the permission providers.view_{kind}." in error_of(refused, 403)["message"]

    user.user_permissions.add(Permission.objects.get(codename=f"view_{kind}"))
    assert logged_in(User.objects.get()).get(f"/api/{path}").status_code == 200


def test_who_may_change_may_look(groq):
    user = User.objects.create_user("ann")
    user.user_permissions.add(Permission.objects.get(codename="change_provider"))
    assert logged_in(user).get("/api/providers/groq").status_code == 200


@pytest.mark.parametrize(("method", "path", "permission"), WRITES)
def test_writing_needs_a_login(groq, method, path, permission):
    assert getattr(APIClient(), method)(f"/api/{path}", {}).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "providers/all"),
        ("delete", "providers/stats"),
        ("get", "models/reorder"),
        ("get", "providers/x/toggle"),
    ],
)
def test_a_wrong_method_is_refused(api, method, path):
    assert "not allowed" in error_of(getattr(api, method)(f"/api/{path}"), 405)["message"]
