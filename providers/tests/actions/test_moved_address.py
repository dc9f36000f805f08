"""A key goes to the address that it was entered for, and to no other."""

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from providers import actions
from providers.configuration.snapshot import load
from providers.models import ProviderConfig
from providers.secrecy.origin import origin
from providers.tests.admin.admin_pages import change_url, form_of, page
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
KEY = "sk-planted-0123456789-wxyz"
OLD = "https://api.example.com/v1"
ELSEWHERE = "https://api.example.org/v1"
SETTINGS = {"headers": {"X-Team": "planted"}}
NOTE = (
    "The stored key and secret settings were removed: they belonged to https://api.example.com. "
    "Enter those for the new address."
)


@pytest.fixture
def groq():
    provider = make_provider("groq", models=1, base_url=OLD)
    actions.set_secrets("groq", api_key=KEY, config=SETTINGS)
    return provider


def stored():
    row = ProviderConfig.objects.get()
    return row.api_key, row.config


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://api.example.com", True),
        ("https://API.example.com:443/v2/", True),
        ("http://api.example.com/v1", False),
        ("https://api.example.com:8443/v1", False),
        ("https://api.example.com:80/v1", False),
        ("https://api.example.com.evil.org/v1", False),
        ("https://evil.org/api.example.com/v1", False),
        ("https://evil.org\\.api.example.com/v1", False),
        ("https://[::1/v1", False),
        ("nonsense", False),
    ],
)
def test_scheme_host_and_port_say_to_whom_a_key_goes(url, same):
    assert (origin(url) == origin(OLD)) is same


@pytest.mark.parametrize("url", [ELSEWHERE, "http://api.example.com/v1", "https://api.example.com:8443/v1"])
def test_secrets_do_not_move_to_another_address(groq, url):
    actions.update_provider("groq", {"base_url": url})
    row = ProviderConfig.objects.get()
    assert (row.api_key, row.config, row.has_key, row.api_key_last4, row.key_set_at) == (None, None, False, "", None)
    entry = load().providers[0]
    assert (entry.api_key, entry.secret_config, entry.base_url) == (None, {}, url)


@pytest.mark.parametrize("changes", [{"base_url": OLD}, {"base_url": "https://api.example.com/v2"}, {"name": "New"}])
def test_secrets_stay_with_their_address(groq, changes):
    actions.update_provider("groq", changes)
    assert stored() == (KEY, SETTINGS)


def test_a_refused_change_removes_nothing(groq):
    with pytest.raises(ValidationError):
        actions.update_provider("groq", {"base_url": ELSEWHERE, "requests_per_minute": 0})
    assert stored() == (KEY, SETTINGS)


def test_a_secret_that_cannot_be_decrypted_now_does_not_move_either(groq):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE provider_configs SET api_key = 'gAAAAAnonsense', config = NULL")
    actions.update_provider("groq", {"base_url": ELSEWHERE})
    assert stored() == (None, None)


def test_the_note_stays_until_a_secret_is_stored(groq, caplog):
    actions.update_provider("groq", {"base_url": ELSEWHERE})
    assert ProviderConfig.objects.get().note == NOTE
    assert "belonged to https://api.example.com" in caplog.text
    actions.update_provider("groq", {"base_url": "https://third.example/v1"})
    assert ProviderConfig.objects.get().note == NOTE
    actions.set_secrets("groq", api_key=KEY)
    assert ProviderConfig.objects.get().note == ""


def test_where_nothing_was_stored_there_is_no_note():
    make_provider("groq", base_url=OLD)
    actions.set_secrets("groq", api_key=None)
    actions.update_provider("groq", {"base_url": ELSEWHERE})
    assert ProviderConfig.objects.get().note == ""


def test_the_api_says_what_became_of_the_key(api, groq):
    body = api.patch("/api/providers/groq", {"base_url": ELSEWHERE}).json()
    assert (body["api_key_configured"], body["api_key_note"]) == (False, NOTE)
    api.put("/api/providers/groq/config", {"api_key": KEY})
    assert api.get("/api/providers/groq").json()["api_key_note"] == ""


def test_the_admin_says_what_became_of_the_key(admin_client, groq):
    answer = admin_client.post(change_url(groq), form_of(admin_client, groq, base_url=ELSEWHERE))
    assert NOTE in [str(message) for message in get_messages(answer.wsgi_request)]
    assert stored() == (None, None)
    assert NOTE in page(admin_client, change_url(groq))


def test_a_key_entered_for_the_new_address_ends_the_note(admin_client, groq):
    admin_client.post(change_url(groq), form_of(admin_client, groq, base_url=ELSEWHERE))
    admin_client.post(reverse("admin:providers_provider_key_set", args=["groq"]), {"api_key": "sk-new-0123456789"})
    assert stored() == ("sk-new-0123456789", None)
    html = page(admin_client, change_url(groq))
    assert html.count(NOTE) == 1  # the message of the save, which was not read yet


def test_a_save_that_is_refused_says_nothing_of_a_removed_key(admin_client, groq):
    answer = admin_client.post(
        change_url(groq), form_of(admin_client, groq, base_url=ELSEWHERE, extra_config='{"api_key": "x"}')
    )
    assert NOTE not in answer.content.decode()
    assert stored() == (KEY, SETTINGS)


def test_a_reset_to_another_address_removes_the_key_and_says_so():
    actions.seed({"GROQ_API_KEY": KEY})
    actions.update_provider("groq", {"base_url": ELSEWHERE})
    actions.set_secrets("groq", api_key=KEY)
    done = {row.provider_id: row.key for row in actions.seed({}, reset=["groq"])}
    assert done["groq"] == "none, the stored one belonged to https://api.example.org, GROQ_API_KEY is not set"
    assert not ProviderConfig.objects.get(pk="groq").has_key
