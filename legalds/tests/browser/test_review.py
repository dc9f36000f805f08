"""Samples read and decided upon in a real Chromium, by keyboard."""

import pytest
from playwright.sync_api import expect

from legalds.tests.browser.pages import apart, visit
from samples.models import Sample
from samples.tests.factories import make_sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "admin:samples_sample_changelist"


@pytest.fixture
def samples(transactional_db):
    return [apart(make_sample, topic=topic).pk for topic in ("Kept", "Other", "Kept", "Kept")]


def status_of(pk):
    return Sample.objects.values_list("review", flat=True).get(pk=pk)


def test_a_filter_is_reviewed_by_keyboard_from_one_to_the_next(page, live_server, samples):
    last, _, second, first = samples
    visit(page, live_server, LIST, query="?topic=Kept")
    page.get_by_role("link", name="Start reviewing").click()
    expect(page.locator(".s-left")).to_have_text("3 left in this filter")
    for pk, left in ((first, "2 of 3"), (second, "1 of 3")):
        page.keyboard.press("a")
        expect(page.locator(".s-decided")).to_contain_text(f"Sample {pk}: approved.")
        expect(page.locator(".s-left")).to_have_text(f"{left} left in this filter")
    page.keyboard.press("n")
    page.keyboard.type("a case that never was")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator(".s-decided")).to_contain_text(f"Sample {last}: rejected.")
    assert [status_of(pk) for pk in samples] == ["rejected", "unreviewed", "approved", "approved"]
    assert Sample.objects.get(pk=last).review_note == "a case that never was"


def test_a_decision_is_undone_by_a_key(page, live_server, samples):
    visit(page, live_server, "admin:samples_sample_change", samples[3])
    page.keyboard.press("a")
    expect(page.locator(".s-decided")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text(f"Taken back: sample {samples[3]} is as it was before.")).to_be_visible()
    assert status_of(samples[3]) == "unreviewed"


def test_the_keys_are_explained(page, live_server, samples):
    visit(page, live_server, "admin:samples_sample_change", samples[0])
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("a")
    assert status_of(samples[0]) == "unreviewed"


def test_many_are_approved_at_once(page, live_server, samples):
    visit(page, live_server, LIST)
    page.locator("#action-toggle").check()
    page.select_option("select[name=action]", "approve_many")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Yes, 4 samples").click()
    expect(page.get_by_text('4 samples are set to "approved".')).to_be_visible()
    assert {status_of(pk) for pk in samples} == {"approved"}


def test_the_filter_is_exported(page, live_server, samples):
    visit(page, live_server, LIST, query="?topic=Kept")
    page.get_by_text("Export this filter").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="JSON lines", exact=True).click()
    assert len(caught.value.path().read_text("utf-8").splitlines()) == 3
