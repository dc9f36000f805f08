"""A key entered in a real Chromium."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.pages import api, visit
from providers.models import ProviderConfig

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = "sk-planted-0123456789-wxyz"


def test_a_key_that_was_entered_is_never_shown_again(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.fill("[name=api_key]", KEY)
    page.click("button[name=_continue]")
    expect(page.locator("#key-last4")).to_have_text("wxyz")
    assert KEY not in page.content()
    assert page.input_value("[name=api_key]") == ""
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY
    told = api(page, live_server, "/api/providers/groq")
    assert (told["api_key_configured"], told["api_key_last4"]) == (True, "wxyz")
