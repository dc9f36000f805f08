"""A new provider: from a card or by hand, with its first key, and on to its page."""

import pytest
from django.urls import reverse

from providers.models import Provider, ProviderConfig
from providers.tests.admin.admin_pages import KEY, change_url, form_of, page, viewer

pytestmark = pytest.mark.django_db

ADD = reverse("admin:providers_provider_add")
TYPED = {"id": "new", "name": "New", "adapter": "openai", "base_url": "https://api.example.com/v1", "enabled": "on"}
TYPED |= {"requires_key": "on", "limits_scope": "account", "pacing": "window", "extra_config": "{}"}


def add(client, **typed):
    return client.post(ADD, TYPED | typed, follow=True)


def test_a_card_fills_the_form(admin_client):
    form = admin_client.get(f"{ADD}?preset=groq").context["adminform"].form
    assert (form["id"].value(), form["base_url"].value()) == ("groq", "https://api.groq.com/openai/v1")
    assert form["requests_per_minute"].value() == 25


def test_a_local_server_needs_no_key(admin_client):
    form = admin_client.get(f"{ADD}?preset=lm-studio").context["adminform"].form
    assert form["requires_key"].value() is False


def test_an_id_that_is_taken_is_suggested_with_a_number(admin_client, groq):
    form = admin_client.get(f"{ADD}?preset=groq").context["adminform"].form
    assert (form["id"].value(), form["name"].value()) == ("groq-2", "Groq 2")


def test_an_unknown_card_leaves_the_form_empty(admin_client):
    assert admin_client.get(f"{ADD}?preset=nope").context["adminform"].form["id"].value() in (None, "")


def test_saving_leads_to_the_providers_page_with_the_next_steps(admin_client):
    response = add(admin_client)
    assert response.redirect_chain == [(change_url(Provider.objects.get()), 302)]
    assert "Next steps" in response.content.decode()


def test_save_and_add_another_leads_to_an_empty_form(admin_client):
    assert add(admin_client, _addanother="1").redirect_chain == [(ADD, 302)]


def test_the_first_key_may_come_with_it(admin_client):
    html = add(admin_client, api_key=KEY).content.decode()
    assert ProviderConfig.objects.get(pk="new").api_key == KEY
    assert KEY not in html


def test_a_refused_form_shows_no_key_that_was_typed(admin_client):
    html = add(admin_client, base_url="nowhere", api_key=KEY).content.decode()
    assert KEY not in html
    assert "Enter it once more" in html
    assert not Provider.objects.exists()


def test_a_key_that_only_the_action_refuses_undoes_all_and_says_so_at_its_field(admin_client):
    response = add(admin_client, api_key="with blank inside")
    assert "api_key" in response.context["adminform"].form.errors
    assert not Provider.objects.exists()


def test_who_may_not_change_keys_gets_no_field_for_one():
    client = viewer("add_provider", "view_provider")
    assert 'name="api_key"' not in page(client, ADD)
    add(client, api_key=KEY)
    assert Provider.objects.exists()
    assert not ProviderConfig.objects.exists()


@pytest.mark.parametrize("base_url", ["https://api.example.com/v1/chat/completions", "https://api.example.com"])
def test_an_address_that_looks_wrong_is_saved_with_a_warning(admin_client, base_url):
    html = add(admin_client, base_url=base_url).content.decode()
    assert Provider.objects.get().base_url == base_url
    assert "https://api.example.com/v1" in html


def test_a_key_of_another_vendor_is_pointed_out(admin_client):
    assert "looks like a key of Groq" in add(admin_client, api_key="gsk_0123456789abcdef").content.decode()


def test_a_changed_address_is_warned_of_too(admin_client, groq):
    typed = form_of(admin_client, groq, base_url="https://api.example.com/v1/models")
    html = admin_client.post(change_url(groq), typed, follow=True).content.decode()
    assert "https://api.example.com/v1 is probably right" in html
