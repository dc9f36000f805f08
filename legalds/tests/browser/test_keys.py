"""Keys entered, replaced and removed in a real Chromium."""

import re

import pytest
from django.db import connection
from playwright.sync_api import expect

from legalds.tests.browser.pages import apart, api, visit
from providers import actions
from providers.models import ProviderConfig

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = "sk-planted-0123456789-wxyz"
OTHER = "sk-planted-9876543210-abcd"
PAGE = "admin:providers_provider_change"


def stored():
    return ProviderConfig.objects.get(pk="groq")


def paste(page, key, button):
    page.get_by_label(re.compile("the key", re.IGNORECASE)).fill(key)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_key_that_was_entered_is_never_shown_again(page, live_server, groq):
    visit(page, live_server, PAGE, "groq")
    paste(page, KEY, "Store the key")
    expect(page.locator("#key-last4")).to_have_text("wxyz")
    expect(page.get_by_role("button", name="Test it now")).to_be_focused()
    assert KEY not in page.content()
    assert page.input_value("[name=api_key]") == ""
    assert stored().api_key == KEY
    told = api(page, live_server, "/api/providers/groq")
    assert (told["api_key_configured"], told["api_key_last4"]) == (True, "wxyz")


def test_a_key_is_replaced_and_removed(page, live_server, groq):
    apart(actions.set_secrets, "groq", api_key=KEY)
    visit(page, live_server, PAGE, "groq")
    paste(page, OTHER, "Replace")
    expect(page.locator("#key-last4")).to_have_text("abcd")
    assert stored().api_key == OTHER
    page.get_by_text("Remove the key", exact=True).click()
    page.get_by_role("button", name="Remove the key for good").click()
    expect(page.get_by_text("The key of Groq is removed.")).to_be_visible()
    expect(page.locator("#key-last4")).to_have_count(0)
    assert not stored().has_key


def test_a_key_that_cannot_be_decrypted_is_replaced(page, live_server, groq):
    apart(actions.set_secrets, "groq", api_key=KEY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE provider_configs SET api_key = 'gAAAAAnonsense'")
    visit(page, live_server, PAGE, "groq")
    expect(page.locator("#key").get_by_text("needs a new key")).to_be_visible()
    paste(page, OTHER, "Replace")
    expect(page.locator("#key").get_by_text("key stored")).to_be_visible()
    assert stored().api_key == OTHER
