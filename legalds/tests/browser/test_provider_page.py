"""A provider added from a card, tested, and given models, in a real Chromium."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.pages import apart, visit
from providers import actions
from providers.models import Model, Provider
from providers.sandbox.thread import running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "admin:providers_provider_change"
WRONG = "sk-planted-wrong-0123456789"


@pytest.fixture
def served(transactional_db):
    """A provider that answers, with one model, and the server behind it."""
    with running_sandbox() as sandbox:
        values = {"id": "served", "name": "Served", "base_url": sandbox.url, "requires_key": False}
        apart(actions.create_provider, {**values, "requests_per_minute": 20})
        apart(actions.create_model, "served", {"model_id": "good"})
        yield sandbox


def press_test(page):
    page.get_by_role("button", name="Test connection").click()
    return page.locator("#outcome")


def test_a_test_tells_that_it_works_and_the_use_goes_up(page, live_server, served):
    visit(page, live_server, PAGE, "served")
    expect(page.locator("#live-state")).to_contain_text("0 of 20")
    expect(press_test(page)).to_contain_text("Works: good answered in")
    expect(page.locator("#live-state")).to_contain_text("1 of 20")


def test_a_refused_key_and_an_unknown_host_are_told_in_words(page, live_server, served):
    served.state.set_behaviour("401", key=WRONG)
    apart(actions.set_secrets, "served", api_key=WRONG)
    visit(page, live_server, PAGE, "served")
    expect(press_test(page)).to_contain_text("The key was refused (401)")
    expect(page.locator("#live-state")).to_contain_text("suspended")
    assert WRONG not in page.content()
    apart(actions.update_provider, "served", {"base_url": "http://api.exmaple.invalid/v1"})
    expect(press_test(page)).to_contain_text("Host not found: api.exmaple.invalid.")


def test_models_are_fetched_searched_and_added(page, live_server, served):
    visit(page, live_server, PAGE, "served")
    page.get_by_role("button", name="Fetch models").first.click()
    button = page.locator("[data-counts]")
    expect(button).to_be_disabled()
    page.get_by_label("Search the models").fill("prose")
    expect(page.get_by_label("fenced")).to_be_hidden()
    page.get_by_role("button", name="Tick all shown").click()
    page.get_by_label("Search the models").fill("whisper")
    page.get_by_label("whisper-sandbox").check()
    expect(button).to_have_text("Add 2 models")
    button.click()
    expect(page.get_by_text("2 models are added to Served")).to_be_visible()
    assert list(Model.objects.values_list("model_id", flat=True)) == ["good", "prose", "whisper-sandbox"]


def test_a_card_fills_the_form_and_saving_leads_to_the_next_steps(page, live_server, transactional_db):
    visit(page, live_server, "admin:providers_provider_add")
    page.get_by_role("link", name="LM Studio").click()
    expect(page.locator("[name=base_url]")).to_have_value("http://127.0.0.1:1234/v1")
    expect(page.locator("[name=requires_key]")).not_to_be_checked()
    page.get_by_role("link", name="Groq").click()
    expect(page.locator("[name=id]")).to_have_value("groq")
    expect(page.locator("[name=requires_key]")).to_be_checked()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("list", name="Next steps")).to_contain_text("Enter the API key")
    added = Provider.objects.get()
    assert (added.pk, added.base_url, added.requests_per_minute) == ("groq", "https://api.groq.com/openai/v1", 25)
    assert added.max_concurrency is None
