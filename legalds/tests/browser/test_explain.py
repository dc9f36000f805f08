"""Explain route in a real Chromium: asked by the form, kept fresh by itself, led to the remedy."""

import pytest
from asgiref.sync import async_to_sync
from playwright.sync_api import expect

from legalds.tests.browser.pages import apart, hurry, visit
from providers import actions
from providers.calling import shared_store

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EXPLAIN = "admin:providers_provider_explain"


async def open_store():
    async with shared_store.open_store() as store:
        await store.restore((), 0)


@pytest.fixture
def two(groq, local):
    """Groq has no key, Local needs none."""
    apart(async_to_sync(open_store))


def test_the_form_asks_and_the_answer_names_the_next_route(page, live_server, two):
    visit(page, live_server, EXPLAIN)
    expect(page.get_by_text("The next call goes to local/good at once.")).to_be_visible()
    page.get_by_label("Provider").select_option("groq")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("#explained .l-reason")).to_contain_text("Groq has no API key")
    expect(page.get_by_label("Provider")).to_have_value("groq")


def test_it_follows_what_changes_while_somebody_looks(page, live_server, two):
    hurry(page)
    visit(page, live_server, EXPLAIN)
    expect(page.locator(".l-route.is-next")).to_contain_text("good")
    apart(actions.set_provider_enabled, "local", False)
    expect(page.get_by_text("No route can be tried")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="No route can go now.")).to_be_attached()


def test_a_remedy_leads_to_the_field_that_it_names(page, live_server, two):
    visit(page, live_server, EXPLAIN)
    page.get_by_role("link", name="Enter the key (groq)").click()
    page.wait_for_url("**/providers/provider/groq/change/#id_api_key")
    expect(page.locator("#id_api_key")).to_be_in_viewport()


def test_a_providers_page_leads_here(page, live_server, two):
    visit(page, live_server, "admin:providers_provider_change", "local")
    page.get_by_role("link", name="Why this order?").click()
    expect(page.get_by_label("Provider")).to_have_value("local")
    expect(page.get_by_text("The next call goes to local/good at once.")).to_be_visible()
