"""The key panel: what goes in never comes out, and who may not change a key gets no form."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from providers import actions
from providers.choices import KeyState
from providers.models import ConfigurationChange, ProviderConfig
from providers.tests.admin_pages import PROVIDERS, change_url, groq, own_redis, page, viewer

__all__ = ["groq", "own_redis"]  # fixtures

pytestmark = pytest.mark.django_db

KEY = "sk-planted-0123456789-wxyz"
HEADERS = '{"headers": {"X-Secret": "planted-header"}}'
VIEWS = ("set", "remove", "settings", "settings_remove")


def send(client, name, **values):
    return client.post(reverse(f"admin:providers_provider_key_{name}", args=["groq"]), values, follow=True)


def make_unreadable():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE provider_configs SET api_key = 'gAAAAAnonsense'")


def test_a_key_goes_in_and_never_comes_out(admin_client, groq):
    response = send(admin_client, "set", api_key=f" {KEY}\n")
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY
    shown = response.content.decode() + page(admin_client, change_url(groq)) + page(admin_client, PROVIDERS)
    assert KEY not in shown + str(list(ConfigurationChange.objects.values()))
    assert "wxyz" in shown


def test_after_a_key_was_set_a_test_of_it_is_offered(admin_client, groq):
    assert "Test it now" in send(admin_client, "set", api_key=KEY).content.decode()
    assert "Test it now" not in page(admin_client, change_url(groq))


def test_a_key_is_replaced_and_what_else_is_secret_stays(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-older-0123456789", config={"headers": {"X-Team": "law"}})
    send(admin_client, "set", api_key=KEY)
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.config) == (KEY, {"headers": {"X-Team": "law"}})


def test_who_set_the_key_is_told_to_those_who_may_see_changes(admin_client, groq):
    html = send(admin_client, "set", api_key=KEY).content.decode()
    assert " by admin</dd>" in html
    assert " by admin</dd>" not in page(viewer("view_provider"), change_url(groq))


def test_a_key_is_removed_on_purpose(admin_client, groq):
    actions.set_secrets("groq", api_key=KEY, config={"headers": {"X-Team": "law"}})
    html = send(admin_client, "remove").content.decode()
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.key_state, stored.config) == (KeyState.MISSING, {"headers": {"X-Team": "law"}})
    assert "The key of Groq is removed." in html


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_field_removes_nothing(admin_client, groq, typed):
    actions.set_secrets("groq", api_key=KEY)
    assert "Paste the key first" in send(admin_client, "set", api_key=typed).content.decode()
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY


def test_a_key_that_is_refused_is_not_shown(admin_client, groq):
    html = send(admin_client, "set", api_key=f"{KEY} with blanks").content.decode()
    assert "API key: The key holds blanks" in html
    assert KEY not in html
    assert not ProviderConfig.objects.exists()


def test_secret_settings_are_write_only_too(admin_client, groq):
    html = send(admin_client, "settings", secret_config=HEADERS).content.decode()
    assert ProviderConfig.objects.get(pk="groq").config == {"headers": {"X-Secret": "planted-header"}}
    assert "planted-header" not in html
    assert "Secret settings: stored" in html


@pytest.mark.parametrize("typed", ["", "[1]", '{"token": "planted-header"', '{"headers": {"a": ["planted-header"]}}'])
def test_secret_settings_that_are_refused_are_not_shown(admin_client, groq, typed):
    html = send(admin_client, "settings", secret_config=typed).content.decode()
    assert "Secret settings: " in html
    assert "planted-header" not in html
    assert not ProviderConfig.objects.exists()


def test_secret_settings_are_removed_and_the_key_stays(admin_client, groq):
    actions.set_secrets("groq", api_key=KEY, config={"headers": {"X-Team": "law"}})
    send(admin_client, "settings_remove")
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.config) == (KEY, None)


def test_a_key_that_cannot_be_decrypted_breaks_neither_page_nor_list(admin_client, groq):
    actions.set_secrets("groq", api_key=KEY)
    make_unreadable()
    html = page(admin_client, change_url(groq))
    assert "needs a new key" in html
    assert "Paste it again" in html
    assert page(admin_client, PROVIDERS)


def test_a_new_key_replaces_one_that_cannot_be_decrypted(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-older-0123456789")
    make_unreadable()
    send(admin_client, "set", api_key=KEY)
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY


def test_another_vendors_key_is_stored_with_a_warning(admin_client, groq):
    html = send(admin_client, "set", api_key="csk-0123456789abcdef").content.decode()
    assert "This looks like a key of Cerebras" in html
    assert ProviderConfig.objects.get(pk="groq").has_key


def test_a_key_that_went_with_its_address_says_so(admin_client, groq):
    actions.set_secrets("groq", api_key=KEY)
    actions.update_provider("groq", {"base_url": "https://other.example.com/v1"})
    assert "they belonged to https://api.example.com" in page(admin_client, change_url(groq))


def test_who_may_only_look_sees_what_is_stored_and_no_form(groq):
    actions.set_secrets("groq", api_key=KEY)
    html = page(viewer("view_provider", "change_provider"), change_url(groq))
    assert "wxyz" in html
    assert ProviderConfig.objects.get().api_key_fingerprint in html
    assert 'name="api_key"' not in html
    assert "/key/" not in html


@pytest.mark.parametrize("name", VIEWS)
def test_nobody_changes_a_secret_without_the_permission(groq, name):
    actions.set_secrets("groq", api_key=KEY, config={"a": 1})
    client = viewer("view_provider", "change_provider", "view_providerconfig")
    assert send(client, name, api_key="sk-other-0123456789", secret_config="{}").status_code == 403
    stored = ProviderConfig.objects.get()
    assert (stored.api_key, stored.config) == (KEY, {"a": 1})


def test_who_may_change_keys_need_not_change_the_provider(groq):
    client = viewer("view_provider", "change_providerconfig")
    assert send(client, "set", api_key=KEY).status_code == 200
    assert ProviderConfig.objects.get().api_key == KEY


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_changed_by_a_get_or_without_the_csrf_token(admin_user, admin_client, groq, name):
    actions.set_secrets("groq", api_key=KEY, config={"a": 1})
    url = reverse(f"admin:providers_provider_key_{name}", args=["groq"])
    assert admin_client.get(url).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert strict.post(url, {"api_key": "x"}).status_code == 403
    assert ProviderConfig.objects.get().api_key == KEY


def test_a_provider_that_is_gone_is_not_found(admin_client):
    assert send(admin_client, "set", api_key=KEY).status_code == 404
