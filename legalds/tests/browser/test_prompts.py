"""The pages of the prompts' wording in a browser: what is typed is compared at once, and an item is tried in place."""

import pytest
from playwright.sync_api import expect

from generation.actions.prompts.versions import add_version, current_version
from generation.models import PromptTrial, PromptVersion
from legalds.tests.browser.pages import apart, visit
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_while_one_types_what_it_changes_and_what_is_wrong_is_shown_and_then_it_is_saved(page, live_server):
    apart(current_version)
    visit(page, live_server, "admin:generation_promptversion_add")
    expect(page.get_by_text("No text is different.")).to_be_visible()
    page.get_by_role("textbox", name="System message").fill("You are a judge.\nAbout $topic.")
    expect(page.locator(".p-diff .is-added").first).to_contain_text("You are a judge.")
    expect(page.locator("#error-system")).to_contain_text("Line 2: $topic is not known.")
    page.get_by_role("textbox", name="System message").fill("You are a judge.")
    expect(page.locator("#error-system")).to_be_hidden()
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.get_by_text("Version 2 is made.")).to_be_visible()
    assert apart(lambda: PromptVersion.objects.get(number=2).texts.system) == "You are a judge."


def test_another_item_is_shown_as_it_is_chosen_and_tried_in_place(page, live_server, sandbox):
    version = apart(add_version, {"system": "You are a judge."})
    apart(make_provider, "local", models=["good"], base_url=sandbox.url, requires_key=False)
    visit(page, live_server, "admin:generation_promptversion_change", version.number)
    page.get_by_label("Sample type").select_option("simple_qa")
    expect(page.locator("#preview")).to_contain_text("Simple Q&A")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried")).to_contain_text("What it was read as")
    assert apart(lambda: PromptTrial.objects.get().spec["sample_type"]) == "simple_qa"


def test_it_is_asked_before_another_version_becomes_the_current_one(page, live_server):
    version = apart(add_version, {"system": "You are a judge."})
    visit(page, live_server, "admin:generation_promptversion_change", version.number)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Make current").click()
    assert apart(current_version).number == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Make current").click()
    expect(page.get_by_text("New batches take version 2 from now on.")).to_be_visible()
