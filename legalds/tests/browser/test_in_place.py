"""Rows dragged, moved by key and switched in a real Chromium; and what the API then says."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.lists import drag, order_of, row, shown_order
from legalds.tests.browser.pages import MODELS, PROVIDERS, apart, api, said, visit
from providers import actions
from providers.admin import ModelAdmin
from providers.models import Model, Provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OTHERS_MOVED = "Somebody had changed the order meanwhile: this is the order now."


def test_a_model_dragged_to_the_top_is_saved_at_once(page, live_server, groq):
    visit(page, live_server, MODELS)
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma moved above llama.")
    assert order_of("groq") == shown_order(page) == ["gemma", "llama", "qwen"]
    told = api(page, live_server, "/api/models/all?provider=groq")["models"]
    assert [entry["model_id"] for entry in told] == ["gemma", "llama", "qwen"]


def test_a_drag_downwards_lands_below_the_row_it_passed(page, live_server, groq):
    visit(page, live_server, MODELS)
    drag(page, "llama", "qwen", edge="bottom")
    said(page, "llama moved below qwen.")
    assert order_of("groq") == ["qwen", "llama", "gemma"]


def test_a_drag_in_a_filtered_list_counts_from_the_neighbour_that_is_seen(page, live_server, groq):
    apart(actions.set_model_enabled, Model.objects.get(model_id="qwen").pk, False)
    visit(page, live_server, MODELS, query="?enabled__exact=1")
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma moved above llama.")
    assert order_of("groq") == ["gemma", "llama", "qwen"]


def test_a_drag_on_the_second_page_counts_from_the_neighbour_that_is_seen(page, live_server, groq, monkeypatch):
    monkeypatch.setattr(ModelAdmin, "list_per_page", 2)
    apart(actions.create_model, "groq", {"model_id": "phi"})
    visit(page, live_server, MODELS, query="?p=2")
    drag(page, "phi", "gemma", edge="top")
    said(page, "phi moved above gemma.")
    assert order_of("groq") == ["llama", "qwen", "phi", "gemma"]


def test_a_stale_page_is_set_right_by_its_next_move(page, live_server, groq):
    visit(page, live_server, MODELS)
    apart(actions.reorder_models, "groq", ["qwen", "llama", "gemma"])
    drag(page, "gemma", "llama", edge="top")
    said(page, f"gemma moved above llama. {OTHERS_MOVED}")
    assert order_of("groq") == shown_order(page) == ["qwen", "gemma", "llama"]


def test_a_page_whose_row_has_vanished_is_set_right(page, live_server, groq):
    visit(page, live_server, MODELS)
    apart(actions.delete_model, Model.objects.get(model_id="llama").pk)
    drag(page, "gemma", "llama", edge="top")
    expect(page.locator(".l-toast.is-error")).to_contain_text("somebody has deleted it")
    assert shown_order(page) == order_of("groq") == ["qwen", "gemma"]


def test_a_model_cannot_be_dragged_into_another_provider(page, live_server, groq):
    apart(actions.create_provider, {"id": "other", "name": "Other", "base_url": "https://api.example.com/v1"})
    apart(actions.create_model, "other", {"model_id": "foreign"})
    visit(page, live_server, MODELS)
    drag(page, "foreign", "llama", edge="top")
    assert shown_order(page) == ["llama", "qwen", "gemma", "foreign"]
    assert order_of("other") == ["foreign"]


def test_arrow_keys_move_a_row_and_keep_the_focus(page, live_server, groq):
    visit(page, live_server, MODELS)
    row(page, "llama").locator(".l-handle").focus()
    page.keyboard.press("ArrowDown")
    said(page, "llama moved below qwen.")
    page.keyboard.press("ArrowDown")
    said(page, "llama moved below gemma.")
    assert order_of("groq") == ["qwen", "gemma", "llama"]


def test_models_are_ordered_on_their_providers_page_too(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    row(page, "gemma").locator(".l-handle").focus()
    page.keyboard.press("ArrowUp")
    said(page, "gemma moved above qwen.")
    assert order_of("groq") == ["llama", "gemma", "qwen"]


def test_a_provider_is_switched_off_in_place(page, live_server, groq):
    visit(page, live_server, PROVIDERS)
    switch = page.get_by_role("switch", name="Groq enabled")
    switch.click()
    said(page, "Groq is off. No provider can be used now: batches wait until one is on.")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert not Provider.objects.get(pk="groq").enabled
    assert api(page, live_server, "/api/providers/groq")["enabled"] is False


def test_what_an_answer_says_is_text_and_never_a_part_of_the_page(page, live_server, groq):
    name = "<p id=result_list hx-swap-oob=true>planted</p>"
    apart(actions.update_provider, "groq", {"name": name})
    visit(page, live_server, PROVIDERS)
    page.get_by_role("switch", name=name).click()
    expect(page.locator(".l-toast-text")).to_contain_text(f"{name} is off.")
    expect(page.locator("table#result_list")).to_be_visible()
