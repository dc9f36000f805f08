"""Samples read and decided upon in a real Chromium, by keyboard."""

from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction
from playwright.sync_api import expect

from legalds.tests.browser.pages import apart, visit
from samples import actions
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


@contextmanager
def locked(pk):
    """Nobody can decide on the sample while it is open; who tries waits."""
    is_locked, may_end = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                Sample.objects.select_for_update().get(pk=pk)
                is_locked.set()
                may_end.wait(10)
        finally:
            connections.close_all()

    holder = Thread(target=hold)
    holder.start()
    assert is_locked.wait(10)
    try:
        yield
    finally:
        may_end.set()
        holder.join()


def test_the_next_sample_is_shown_before_the_decision_is_answered(page, live_server, samples):
    with page.expect_event("requestfinished", lambda request: f"/{samples[2]}/change/" in request.url):
        visit(page, live_server, "admin:samples_sample_change", samples[3])
    with locked(samples[3]):
        page.keyboard.press("a")
        expect(page.locator("#s-reading")).to_have_attribute("data-pk", str(samples[2]))
        expect(page.locator(".s-decided")).to_have_count(0)
        assert status_of(samples[3]) == "unreviewed"
    expect(page.locator(".s-decided")).to_contain_text(f"Sample {samples[3]}: approved.")
    assert status_of(samples[3]) == "approved"


def test_a_decision_that_does_not_arrive_is_told_and_its_sample_comes_back(page, live_server, samples):
    visit(page, live_server, "admin:samples_sample_change", samples[3])
    page.fill("[name=note]", "Read twice")
    page.route("**/review/", lambda route: route.abort())
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer.")
    expect(page.locator("#s-reading")).to_have_attribute("data-pk", str(samples[3]))
    expect(page.locator("[name=note]")).to_have_value("Read twice")
    page.unroute("**/review/")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".s-decided")).to_contain_text(f"Sample {samples[3]}: approved.")


def test_who_decides_on_what_another_one_decided_is_told_and_may_overwrite_it(page, live_server, samples):
    bob = apart(User.objects.create_user, "bob")
    visit(page, live_server, "admin:samples_sample_change", samples[3])
    apart(actions.review, samples[3], "approved", bob)
    page.fill("[name=note]", "The case is invented")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_contain_text(f"bob has set sample {samples[3]} to 'approved'")
    expect(page.locator("[name=note]")).to_have_value("The case is invented")
    assert status_of(samples[3]) == "approved"
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".s-decided")).to_contain_text(f"Sample {samples[3]}: rejected.")
    assert status_of(samples[3]) == "rejected"


def test_keys_do_nothing_while_somebody_writes(page, live_server, samples):
    visit(page, live_server, "admin:samples_sample_change", samples[3])
    page.keyboard.press("n")
    page.keyboard.type("a raw law")
    expect(page.locator("[name=note]")).to_have_value("a raw law")
    assert status_of(samples[3]) == "unreviewed"


def test_on_a_narrow_screen_the_decisions_are_always_at_hand(page, live_server, samples):
    apart(Sample.objects.filter(pk=samples[3]).update, answer="A long answer. " * 500)
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, live_server, "admin:samples_sample_change", samples[3])
    expect(page.get_by_role("button", name="Approve")).to_be_in_viewport()
    page.get_by_text("Note", exact=True).last.click()
    expect(page.locator("[name=note]")).to_be_focused()
    page.get_by_role("button", name="Needs work").click()
    expect(page.locator(".s-decided")).to_contain_text(f"Sample {samples[3]}: needs work.")


def test_the_last_sample_shows_what_was_decided(page, live_server, transactional_db):
    only = apart(make_sample).pk
    visit(page, live_server, "admin:samples_sample_change", only)
    page.keyboard.press("a")
    expect(page.locator(".s-decided")).to_contain_text(f"Sample {only}: approved.")
    expect(page.locator("#s-decide").locator("xpath=..")).to_contain_text("Approved")
    expect(page.get_by_role("button", name="Approve")).to_have_attribute("aria-pressed", "true")
