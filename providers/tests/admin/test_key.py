"""The key panel: what goes in never comes out, and who may not change a key gets no form."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from providers import actions
from providers.choices import KeyState
from providers.models import ConfigurationChange, Provider, ProviderConfig
from providers.tests.admin.admin_pages import KEY, PROVIDERS, change_url, form_of, page, viewer

pytestmark = pytest.mark.django_db

HEADERS = '{"headers": {"X-Secret": "planted-header"}}'
VIEWS = ("set", "remove", "settings_remove")


def send(client, name, **values):
    return client.post(reverse(f"admin:providers_provider_key_{name}", args=["groq"]), values, follow=True)


def save(client, **typed):
    """The page's form, sent with what was typed."""
    groq = Provider.objects.get(pk="groq")
    return client.post(change_url(groq), form_of(client, groq, **typed), follow=True)


def make_unreadable():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE provider_configs SET api_key = 'gAAAAAnonsense'")


def test_a_key_goes_in_and_never_comes_out(admin_client, groq):
    response = save(admin_client, api_key=f" {KEY}\n")
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY
    shown = response.content.decode() + page(admin_client, change_url(groq)) + page(admin_client, PROVIDERS)
    assert KEY not in shown + str(list(ConfigurationChange.objects.values()))
    assert "wxyz" in shown


def test_after_a_key_was_set_a_test_of_it_is_offered(admin_client, groq):
    assert "Test it now" in save(admin_client, api_key=KEY, _continue="1").content.decode()
    assert "Test it now" not in page(admin_client, change_url(groq))


def test_a_key_is_replaced_and_what_else_is_secret_stays(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-older-0123456789", config={"headers": {"X-Team": "law"}})
    save(admin_client, api_key=KEY)
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.config) == (KEY, {"headers": {"X-Team": "law"}})


def test_who_set_the_key_is_told_to_those_who_may_see_changes(admin_client, groq):
    html = save(admin_client, api_key=KEY, _continue="1").content.decode()
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
    actions.set_secrets("groq", api_key=KEY, config={"a": 1})
    save(admin_client, api_key=typed, secret_config="", name="Renamed")
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.config, stored.provider.name) == (KEY, {"a": 1}, "Renamed")


def test_one_save_stores_all_that_was_entered(admin_client, groq):
    save(admin_client, api_key=KEY, secret_config=HEADERS, name="Renamed", requests_per_minute="30")
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.config) == (KEY, {"headers": {"X-Secret": "planted-header"}})
    assert (stored.provider.name, stored.provider.requests_per_minute) == ("Renamed", 30)


def test_a_new_key_is_kept_where_the_same_save_moves_the_address(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-older-0123456789")
    html = save(admin_client, api_key=KEY, base_url="https://other.example.com/v1").content.decode()
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.provider.base_url) == (KEY, "https://other.example.com/v1")
    assert "they belonged to" not in html


@pytest.mark.parametrize(
    ("refused", "kept"),
    [
        ({"api_key": f"{KEY} with blanks"}, "API key"),
        ({"api_key": KEY, "secret_config": "[1]"}, "Secret settings"),
        ({"api_key": KEY, "requests_per_minute": "-1"}, "Requests per minute"),
    ],
)
def test_what_is_refused_leaves_everything_unwritten_and_the_other_fields_as_typed(admin_client, groq, refused, kept):
    response = save(admin_client, name="Renamed", **refused)
    form = response.context["adminform"].form
    assert kept in [form.fields[name].label for name in form.errors]
    assert form["name"].value() == "Renamed"
    assert KEY not in response.content.decode()
    assert Provider.objects.get(pk="groq").name == "Groq"
    assert not ProviderConfig.objects.exists()


def test_a_key_that_was_entered_beside_a_mistake_is_asked_for_again(admin_client, groq):
    html = save(admin_client, api_key=KEY, requests_per_minute="-1").content.decode()
    assert "Nothing was saved. Enter it once more" in html


def test_a_key_that_is_refused_is_not_shown(admin_client, groq):
    html = save(admin_client, api_key=f"{KEY} with blanks").content.decode()
    assert "The key holds blanks" in html
    assert KEY not in html
    assert not ProviderConfig.objects.exists()


def test_secret_settings_are_write_only_too(admin_client, groq):
    html = save(admin_client, secret_config=HEADERS, _continue="1").content.decode()
    assert ProviderConfig.objects.get(pk="groq").config == {"headers": {"X-Secret": "planted-header"}}
    assert "planted-header" not in html
    assert "Secret settings: stored" in html


@pytest.mark.parametrize("typed", ["[1]", '{"token": "planted-header"', '{"headers": {"a": ["planted-header"]}}'])
def test_secret_settings_that_are_refused_are_not_shown(admin_client, groq, typed):
    response = save(admin_client, secret_config=typed)
    assert "secret_config" in response.context["adminform"].form.errors
    assert "planted-header" not in response.content.decode()
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
    save(admin_client, api_key=KEY)
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY


def test_another_vendors_key_is_stored_with_a_warning(admin_client, groq):
    html = save(admin_client, api_key="csk-0123456789abcdef").content.decode()
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
    assert 'form="secrets-form"' in page(client, change_url(groq))
    assert "Test it now" not in send(client, "set", api_key=KEY, secret_config=HEADERS).content.decode()
    stored = ProviderConfig.objects.get()
    assert (stored.api_key, stored.config) == (KEY, {"headers": {"X-Secret": "planted-header"}})


@pytest.mark.parametrize("typed", [{}, {"api_key": "   "}, {"api_key": f"{KEY} b"}, {"secret_config": "[]"}])
def test_who_may_change_keys_alone_is_told_what_is_wrong_with_one(groq, typed):
    html = send(viewer("view_provider", "change_providerconfig"), "set", **typed).content.decode()
    assert any(words in html for words in ("Paste the key first", "API key: The key", "Secret settings: Give"))
    assert not ProviderConfig.objects.exists()


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
