"""Who did what, and who may do what, as people see it in a real Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from legalds.tests.browser.pages import PROVIDERS, apart, said, visit
from legalds.tests.people import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in_as(page, live_server, name):
    page.context.clear_cookies()
    page.goto(live_server.url + reverse("admin:index"))
    page.fill("[name=username]", name)
    page.fill("[name=password]", "password")
    page.click("button[type=submit]")
    page.wait_for_url(live_server.url + reverse("admin:index"))


def test_a_switch_is_found_again_on_the_rows_page_and_in_the_list(page, live_server, groq):
    visit(page, live_server, PROVIDERS)
    page.get_by_role("switch", name="Groq enabled").click()
    said(page, "Groq is off. No provider can be used now: batches wait until one is on.")
    visit(page, live_server, "admin:providers_provider_change", "groq")
    panel = page.get_by_role("region", name="Changes")
    first = panel.get_by_role("row").nth(1)
    expect(first).to_contain_text("switched off")
    expect(first).to_contain_text("admin")
    panel.get_by_role("link", name="All of them").click()
    expect(page.locator("#result_list")).to_contain_text("switched off")
    expect(page.locator("#result_list tbody")).to_have_count(5)


def test_history_leads_to_the_same_list(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.locator("a[href$='/groq/history/']").click()
    page.wait_for_url("**/configurationchange/?provider=groq")


def test_a_viewer_sees_no_way_to_change_and_is_told_whom_to_ask(page, live_server, groq):
    apart(person, "vera", "Viewer")
    sign_in_as(page, live_server, "vera")
    visit(page, live_server, PROVIDERS)
    expect(page.get_by_role("switch", name="Groq enabled")).to_be_disabled()
    expect(page.locator(".l-handle")).to_have_count(0)
    visit(page, live_server, "admin:providers_provider_add")
    refusal = page.get_by_role("region", name="A permission is missing")
    expect(refusal).to_contain_text("Can add provider")
    expect(refusal).to_contain_text("Admin")
    refusal.get_by_role("link", name="To the start page").click()
    page.wait_for_url(live_server.url + reverse("admin:index"))
