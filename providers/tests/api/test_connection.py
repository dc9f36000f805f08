"""Test and offered over the API, and the command."""

from io import StringIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command

from providers import actions
from providers.tests.api.api_client import KEY, error_of, logged_in, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(sandbox):
    make_provider("served", models=("good", "401"), base_url=sandbox.url)
    actions.set_secrets("served", api_key=KEY)
    return sandbox


def may(*codenames):
    user = User.objects.create_user("ann")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return logged_in(user)


def test_a_test_tells_what_came_of_it(api, served):
    told = api.post("/api/providers/served/test").json()
    assert (told["works"], told["model"], told["kind"], told["remedy"]) == (True, "good", "", "")
    assert told["latency_ms"] >= 0


def test_a_failed_test_is_an_answer_too(api, served):
    response = api.post("/api/providers/served/test", {"model": "401"})
    told = response.json()
    assert (response.status_code, told["works"], told["kind"]) == (200, False, "auth")
    assert told["remedy"]
    assert KEY not in response.content.decode()


def test_a_model_that_is_not_there_is_an_error_that_lists_those_that_are(api, served):
    error = error_of(api.post("/api/providers/served/test", {"model": "gone"}))
    assert "good, 401" in error["fields"]["model"][0]


@pytest.mark.parametrize("body", [{"model": 1}, {"modell": "good"}])
def test_a_malformed_test_is_refused(api, served, body):
    error_of(api.post("/api/providers/served/test", body))
    assert served.calls == []


def test_a_provider_that_is_not_there_is_not_found(api):
    error_of(api.post("/api/providers/gone/test"), 404)
    error_of(api.post("/api/providers/gone/offered"), 404)


def test_what_is_offered_is_told_beside_what_is_here(api, served):
    told = api.post("/api/providers/served/offered").json()
    assert {"model_id": "good", "is_here": True, "is_chat": True} in told["models"]
    assert {"model_id": "whisper-sandbox", "is_here": False, "is_chat": False} in told["models"]
    assert (told["gone"], told["trouble"]) == (["401"], None)


def test_a_vendor_that_cannot_be_asked_is_told_with_the_remedy(api, served):
    served.state.set_behaviour("401", key=KEY)
    told = api.post("/api/providers/served/offered").json()
    assert (told["models"], told["trouble"]["kind"]) == ([], "auth")


def test_nothing_is_asked_for_who_may_only_read(served):
    client = may("view_provider", "view_model")
    assert client.post("/api/providers/served/test").status_code == 403
    assert client.post("/api/providers/served/offered").status_code == 403
    assert served.calls == []


def test_each_needs_its_own_permission(served):
    client = may("change_provider", "add_model")
    assert client.post("/api/providers/served/test").status_code == 200
    assert client.post("/api/providers/served/offered").status_code == 200


def run(*arguments):
    call_command("test_provider", *arguments, stdout=(out := StringIO()))
    return out.getvalue()


def test_the_command_says_that_it_works(served):
    assert run("served").startswith("Works: good answered in ")
    assert run("served", "--model", "good")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("served", "--model", "401"), 1, "The key was refused"),
        (("served", "--model", "gone"), 2, "Its models: good, 401"),
        (("gone",), 2, "Known: served"),
    ],
)
def test_the_command_ends_with_a_code_that_tells_why(served, arguments, code, told):
    with pytest.raises(CommandError, match=told) as caught:
        run(*arguments)
    assert caught.value.returncode == code
