"""An order filled in, previewed, refused, started and asked for again in a real Chromium."""

import pytest
from playwright.sync_api import expect

from generation.models import Batch
from legalds.tests.browser.pages import apart, visit
from providers import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = "admin:generation_batch_add"


@pytest.fixture
def vendors(local):
    values = {"id": "other", "name": "Other", "base_url": "http://127.0.0.1:1/v1", "requires_key": False}
    apart(actions.create_provider, values)
    for model_id in ("large", "small"):
        apart(actions.create_model, "other", {"model_id": model_id})


def test_the_preview_follows_the_form(page, live_server, vendors):
    visit(page, live_server, FORM)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("20 samples on 20 of 75 topics")
    expect(page.locator("#preview-start")).to_have_text("Local: good")
    expect(page.locator("#preview-estimate")).to_contain_text("k tokens")
    page.fill("[name=count]", "300")
    page.get_by_label("European Union", exact=True).check()
    expect(preview).to_contain_text("300 samples on 10 topics, 30 each")
    expect(preview.get_by_role("row", name="European Union 300")).to_be_visible()
    page.get_by_label("Provider", exact=True).select_option("other")
    expect(page.locator("#preview-start")).to_have_text("Other: large")
    expect(page.locator("#preview-said")).to_contain_text("300 samples, ")


def test_models_follow_the_provider(page, live_server, vendors):
    visit(page, live_server, FORM)
    options = page.get_by_label("Model", exact=True).locator("option")
    expect(options).to_have_text(["Automatic", "good", "large", "small"])
    page.get_by_label("Model", exact=True).select_option("good")
    page.get_by_label("Provider", exact=True).select_option("other")
    expect(options).to_have_text(["Automatic", "large", "small"])
    expect(page.get_by_label("Model", exact=True)).to_have_value("")


def test_topics_are_searched_and_chosen_by_place(page, live_server, vendors):
    visit(page, live_server, FORM)
    topics = page.locator("#topics")
    expect(topics).to_contain_text("all 75")
    page.get_by_label("Search topics").fill("tort law")
    expect(topics.locator("[data-topic]:visible")).to_have_count(5)
    page.get_by_role("button", name="All topics of Tort Law, United Kingdom").click()
    expect(topics).to_contain_text("5 of 75 chosen")
    expect(page.locator("#preview")).to_contain_text("20 samples on 5 topics, 4 each")
    page.get_by_label("Search topics").fill("")
    page.get_by_role("button", name="All topics of European Union").click()
    expect(topics).to_contain_text("15 of 75 chosen")
    page.get_by_role("button", name="Choose none").click()
    expect(topics).to_contain_text("all 75")


def test_an_error_is_said_at_its_field_and_keeps_what_was_typed(page, live_server, vendors):
    visit(page, live_server, FORM)
    page.fill("[name=instruction]", "Be brief.")
    expect(page.get_by_label("Yes, more than 100,000 samples")).to_be_hidden()
    page.fill("[name=count]", "200000")
    expect(page.locator("#error-count")).to_contain_text("tick the box below")
    expect(page.locator("[name=count]")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Start the batch").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is started yet.")
    expect(page.locator("[name=instruction]")).to_have_value("Be brief.")
    page.get_by_label("Yes, more than 100,000 samples").check()
    expect(page.locator("#error-count")).to_be_empty()
    assert not Batch.objects.exists()


def test_an_order_is_asked_for_again(page, live_server, vendors):
    visit(page, live_server, FORM)
    page.fill("[name=count]", "3")
    page.get_by_label("Fraud", exact=True).check()
    page.get_by_role("button", name="Start the batch").click()
    expect(page.get_by_text("0 of 3", exact=True)).to_be_visible()
    first = Batch.objects.get()
    visit(page, live_server, FORM, query=f"?from={first.pk}")
    expect(page.locator("[name=count]")).to_have_value("3")
    expect(page.get_by_label("Fraud", exact=True)).to_be_checked()
    page.get_by_label(f"Same plan again (seed {first.seed} of batch {first.pk})").check()
    page.get_by_role("button", name="Start the batch").click()
    expect(page.get_by_text("0 of 3", exact=True)).to_be_visible()
    second = Batch.objects.exclude(pk=first.pk).get()
    assert (second.seed, second.topics) == (first.seed, ["Fraud"])


def test_the_form_fits_a_narrow_screen(page, live_server, vendors):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, live_server, FORM)
    expect(page.locator("#preview")).to_contain_text("The spread")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
