"""Limits as rows of a form, in a real Chromium: added, taken out, refused, filled in by a card."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.leaving import try_to_leave
from legalds.tests.browser.pages import apart, visit
from providers import actions
from providers.actions.limits import installation_limits, set_installation_limits
from providers.catalog import presets
from providers.models import Limit, Provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "admin:providers_provider_change"
A_DAY = {"unit": "tokens", "amount": 200_000, "window": "1 day"}
MIDNIGHT = {"unit": "requests", "amount": 250, "window": "1 day", "time_zone": "America/Los_Angeles", "scope": "model"}


def row(page, number):
    return page.get_by_role("group", name=f"Limit {number}", exact=True)


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_row_is_added_by_the_calendar_of_a_place_and_stored(page, live_server, groq):
    visit(page, live_server, PAGE, "groq")
    page.get_by_role("button", name="Add a limit").click()
    expect(row(page, 1).get_by_label("Amount")).to_be_focused()
    page.keyboard.type("250")
    row(page, 1).get_by_label("Unit").select_option("requests")
    expect(row(page, 1).get_by_label("Time zone")).to_be_hidden()
    row(page, 1).get_by_label("Counted").select_option("calendar")
    row(page, 1).get_by_label("Time zone").fill("America/Los_Angeles")
    row(page, 1).get_by_label("For").select_option("model")
    try_to_leave(page, expected=True)
    save(page)
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    stored = Limit.objects.get()
    assert (int(stored.amount), stored.unit, stored.scope) == (250, "requests", "model")
    assert stored.time_zone == "America/Los_Angeles"


def test_a_row_that_is_taken_out_is_asked_about_and_gone_when_saved(page, live_server, groq):
    apart(actions.update_provider, "groq", {"limits": [A_DAY, MIDNIGHT]})
    visit(page, live_server, PAGE, "groq")
    try_to_leave(page, expected=False)
    row(page, 1).get_by_role("button", name="Remove").click()
    expect(row(page, 1).get_by_label("Amount")).to_have_value("250")
    expect(row(page, 2)).to_have_count(0)
    try_to_leave(page, expected=True)
    save(page)
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert [limit.unit for limit in Limit.objects.all()] == ["requests"]


def test_a_row_that_is_refused_stays_as_it_was_typed(page, live_server, groq):
    visit(page, live_server, PAGE, "groq")
    for amount in ("5", "many"):
        page.get_by_role("button", name="Add a limit").click()
        page.keyboard.type(amount)
    save(page)
    expect(page.get_by_text("Limit 2: Give an amount above 0, as a number.")).to_be_visible()
    expect(row(page, 2).get_by_label("Amount")).to_have_value("many")
    try_to_leave(page, expected=True)
    assert not Limit.objects.exists()


@pytest.fixture
def cards(monkeypatch):
    item = {"id": "v", "name": "Vendor", "base_url": "https://v.example/v1", "limits": [A_DAY, MIDNIGHT]}
    bare = {"id": "p", "name": "Bare", "base_url": "https://p.example/v1"}
    presets.presets.cache_clear()
    monkeypatch.setattr(presets, "_data", lambda: {"presets": [item, bare], "other_key_prefixes": {}})
    yield
    presets.presets.cache_clear()


def test_a_card_fills_rows_in_and_another_one_takes_them_out(page, live_server, transactional_db, cards):
    visit(page, live_server, "admin:providers_provider_add")
    page.get_by_role("link", name="Vendor").click()
    expect(row(page, 2).get_by_label("Time zone")).to_have_value("America/Los_Angeles")
    page.get_by_role("link", name="Bare").click()
    expect(row(page, 1)).to_have_count(0)
    page.get_by_role("link", name="Vendor").click()
    save(page)
    expect(page.get_by_role("list", name="Next steps")).to_be_visible()
    assert Provider.objects.get().limits.count() == 2


def test_a_budget_of_the_installation_is_set_and_shown_on_the_first_page(page, live_server, transactional_db):
    apart(set_installation_limits, [A_DAY])
    visit(page, live_server, "admin:index")
    page.get_by_role("link", name="Limits of this installation").last.click()
    page.get_by_role("button", name="Add a limit").click()
    page.keyboard.type("5")
    row(page, 2).get_by_label("Unit").select_option("money")
    row(page, 2).get_by_label("Time", exact=True).select_option("month")
    save(page)
    expect(page.get_by_text("The limits of this installation are saved.")).to_be_visible()
    assert len(apart(installation_limits)) == 2
    visit(page, live_server, "admin:index")
    expect(page.get_by_text("US dollars in the last month")).to_be_visible()
