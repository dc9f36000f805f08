"""The taxonomy edited in a real Chromium: moved, switched, saved; and what the order form then offers."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.lists import drag, row, shown_order
from legalds.tests.browser.pages import apart, said, visit
from samples.models import Difficulty, SampleType
from samples.tests.seeding import seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEVELS = "admin:samples_difficulty_changelist"


@pytest.fixture(autouse=True)
def seeded():
    apart(seed)


def test_a_row_is_dragged_and_undone(page, live_server):
    visit(page, live_server, LEVELS)
    drag(page, "Expert", "Basic", edge="top")
    said(page, "Expert moved above Basic.")
    assert shown_order(page)[0] == Difficulty.objects.first().name == "Expert"
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone: Expert is back where it was.")
    assert shown_order(page)[0] == Difficulty.objects.first().name == "Basic"


def test_what_is_switched_off_is_offered_no_more(page, live_server):
    visit(page, live_server, LEVELS)
    row(page, "Expert").get_by_role("switch").click()
    said(page, "Expert is off: it is not ordered any more.")
    visit(page, live_server, "admin:generation_batch_add")
    expect(page.get_by_label("Basic", exact=True)).to_be_visible()
    expect(page.get_by_label("Expert", exact=True)).to_have_count(0)


def test_sections_and_bounds_are_saved_as_they_are_typed(page, live_server):
    pk = SampleType.objects.get(word="case_analysis").pk
    visit(page, live_server, "admin:samples_sampletype_change", pk)
    page.get_by_label("Sections").fill("Facts\nHeld")
    page.get_by_label("Words, at least").fill("120")
    page.get_by_label("Words, at most").fill("240")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    saved = SampleType.objects.get(pk=pk)
    assert (saved.sections, saved.words) == (["Facts", "Held"], [120, 240])
