"""Undo, champions, two people at once, live cells and narrow screens, in a real Chromium."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.lists import drag, order_of, row, shown_order
from legalds.tests.browser.pages import MODELS, PROVIDERS, WAIT_S, apart, said, session_of, visit
from legalds.tests.people import person
from providers import actions
from providers.models import Model, Provider
from providers.tests.calling.store.scripted_store import fail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def other(page, live_server):
    """Ann, in a browser of her own."""
    context = page.context.browser.new_context()
    context.set_default_timeout(WAIT_S * 1000)
    context.add_cookies([session_of(person("ann", is_superuser=True), live_server)])
    anns = context.new_page()
    yield anns
    anns.goto("about:blank")
    context.close()


@pytest.fixture
def led(groq):
    apart(actions.update_provider, "groq", {"champion_model": "llama"})


def test_a_drop_is_undone_and_redone_from_the_toast(page, live_server, groq):
    visit(page, live_server, MODELS)
    drag(page, "gemma", "llama", edge="top")
    page.get_by_role("button", name="Undo", exact=True).click()
    said(page, "Undone: gemma is back where it was.")
    assert order_of("groq") == shown_order(page) == ["llama", "qwen", "gemma"]
    page.get_by_role("button", name="Redo", exact=True).click()
    said(page, "Done again: gemma is where you had put it.")
    assert order_of("groq") == shown_order(page) == ["gemma", "llama", "qwen"]


def test_keys_move_to_the_ends_and_undo_step_by_step(page, live_server, groq):
    visit(page, live_server, MODELS)
    row(page, "gemma").locator(".l-handle").focus()
    page.keyboard.press("Home")
    said(page, "gemma moved above llama.")
    expect(row(page, "gemma").locator(".l-handle")).to_be_focused()
    expect(row(page, "gemma").locator(".l-handle")).to_have_accessible_name("Move gemma, 1 of 3")
    page.keyboard.press("End")
    said(page, "gemma moved below qwen.")
    page.keyboard.press("Control+z")
    said(page, "Undone: gemma is back where it was.")
    expect(row(page, "gemma").locator(".l-handle")).to_have_accessible_name("Move gemma, 1 of 3")
    page.keyboard.press("Control+z")
    expect(row(page, "gemma").locator(".l-handle")).to_have_accessible_name("Move gemma, 3 of 3")
    assert order_of("groq") == shown_order(page) == ["llama", "qwen", "gemma"]


def test_two_browsers_that_drag_at_once_are_both_heard(page, other, live_server, groq):
    visit(page, live_server, MODELS)
    visit(other, live_server, MODELS)
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma moved above llama.")
    drag(other, "qwen", "llama", edge="top")
    said(other, "qwen moved above llama. admin had changed the order meanwhile: this is the order now.")
    assert order_of("groq") == shown_order(other) == ["gemma", "qwen", "llama"]
    page.get_by_role("button", name="Undo", exact=True).click()
    said(page, "Nothing was undone: ann has changed the order since. This is the order now.")
    assert order_of("groq") == shown_order(page) == ["gemma", "qwen", "llama"]


def test_a_switch_that_the_other_browser_pressed_first_shows_how_it_is(page, other, live_server, groq):
    for browser in (page, other):
        visit(browser, live_server, PROVIDERS)
    other.get_by_role("switch", name="Groq enabled").click()
    expect(other.get_by_role("switch", name="Groq enabled")).to_have_attribute("aria-checked", "false")
    page.get_by_role("switch", name="Groq enabled").click()
    said(page, "Groq was off already: ann had switched it off meanwhile.")
    expect(page.get_by_role("switch", name="Groq enabled")).to_have_attribute("aria-checked", "false")
    other.get_by_role("button", name="Undo", exact=True).click()
    expect(other.get_by_role("switch", name="Groq enabled")).to_have_attribute("aria-checked", "true")
    assert Provider.objects.get(pk="groq").enabled


def test_a_drop_above_the_champion_offers_to_make_it_the_champion(page, live_server, led):
    visit(page, live_server, MODELS)
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma is tried right after llama, which comes first.")
    assert shown_order(page) == ["llama", "gemma", "qwen"]
    page.get_by_role("button", name="Make it champion").click()
    said(page, "gemma is the champion of Groq: it is tried first.")
    expect(page.locator(".l-place").first).to_have_attribute("data-name", "gemma")
    assert Provider.objects.get(pk="groq").champion_model == Model.objects.get(model_id="gemma")


def test_a_champion_is_chosen_without_a_drag_on_the_providers_page(page, live_server, led):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.get_by_role("button", name="qwen is the champion").click()
    said(page, "qwen is the champion of Groq: it is tried first.")
    expect(page.locator(".l-place").first).to_have_attribute("data-name", "qwen")
    expect(page.get_by_role("button", name="qwen is the champion")).to_be_focused()
    page.keyboard.press("Control+z")
    said(page, "Undone: llama is the champion of Groq: it is tried first.")
    expect(page.locator(".l-place").first).to_have_attribute("data-name", "llama")


def test_a_suspension_appears_by_itself_and_is_lifted_by_a_button(page, live_server, groq):
    visit(page, live_server, PROVIDERS)
    expect(page.get_by_text("not suspended")).to_be_visible()
    apart(fail, "groq", "auth: key was revoked")
    again = page.get_by_role("button", name="Try Groq again now")
    expect(again).to_be_visible()
    again.click()
    said(page, "Groq is tried again from now on.")
    expect(page.get_by_text("not suspended")).to_be_visible()


def test_both_lists_fit_a_phone(page, live_server, led):
    page.set_viewport_size({"width": 390, "height": 844})
    for name in (PROVIDERS, MODELS):
        visit(page, live_server, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.get_by_role("switch").last).to_be_in_viewport(ratio=1)
    row(page, "gemma").locator(".l-handle").focus()
    page.keyboard.press("ArrowUp")
    said(page, "gemma moved above qwen.")


def test_the_provider_is_chosen_from_a_list(page, live_server, groq):
    apart(actions.create_provider, {"id": "other", "name": "Other", "base_url": "https://api.example.com/v1"})
    apart(actions.create_model, "other", {"model_id": "foreign"})
    visit(page, live_server, MODELS)
    page.get_by_label("Provider", exact=True).select_option("Other")
    expect(page.locator(".l-place")).to_have_count(1)
    assert shown_order(page) == ["foreign"]


def test_a_field_that_somebody_else_changed_is_told_and_overwritten_by_the_second_save(page, live_server, groq):
    llama = Model.objects.get(model_id="llama").pk
    visit(page, live_server, "admin:providers_model_change", llama)
    page.fill("[name=requests_per_minute]", "30")
    apart(actions.update_model, llama, {"requests_per_minute": 60, "max_tokens": 100})
    page.click("button[name=_continue]")
    expect(page.get_by_text("Somebody changed this to 60 meanwhile; you typed 30.")).to_be_visible()
    page.click("button[name=_continue]")
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    saved = Model.objects.get(pk=llama)
    assert (saved.requests_per_minute, saved.max_tokens) == (30, 100)
