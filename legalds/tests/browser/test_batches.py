"""A batch started, watched and stopped in a real Chromium."""

import re
import time

import pytest
from playwright.sync_api import expect

from generation.actions import BatchOrder, start_batch
from generation.choices import BatchStatus
from generation.models import Batch
from generation.worker.running.inline import work_off
from legalds.tests.browser.pages import apart, api, hurry, visit
from providers import actions
from providers.sandbox.thread import running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_batch_is_started_and_seen_to_complete(page, live_server, local):
    hurry(page)
    visit(page, live_server, "admin:generation_batch_add")
    page.fill("[name=count]", "3")
    page.get_by_role("button", name="Start the batch").click()
    expect(page.get_by_text("0 of 3", exact=True)).to_be_visible()
    batch = Batch.objects.get()
    apart(work_off, batch.pk, deadline=time.monotonic() + 60)
    expect(page.locator("#batch-live")).to_have_attribute("data-status", "completed")
    expect(page.get_by_text("3 of 3", exact=True)).to_be_visible()
    assert Batch.objects.get().status == BatchStatus.COMPLETED
    told = api(page, live_server, f"/api/batches/{batch.pk}")
    assert (told["status"], told["count"], told["generated"], told["failed"]) == ("completed", 3, 3, 0)


def test_a_batch_is_stopped_from_its_page(page, live_server, local):
    visit(page, live_server, "admin:generation_batch_add")
    page.get_by_role("button", name="Start the batch").click()
    page.on("dialog", lambda question: question.accept())
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    assert Batch.objects.get().status == BatchStatus.STOPPED


@pytest.fixture
def failing(transactional_db):
    """A provider whose champion is down and whose next model answers."""
    with running_sandbox() as sandbox:
        values = {"id": "local", "name": "Local", "base_url": sandbox.url, "requires_key": False}
        apart(actions.create_provider, values)
        for model_id in ("main--503", "good"):
            apart(actions.create_model, "local", {"model_id": model_id})
        apart(actions.update_provider, "local", {"champion_model": "main--503"})
        yield


def order(page, live_server, count="6"):
    hurry(page)
    visit(page, live_server, "admin:generation_batch_add")
    page.fill("[name=count]", count)
    page.get_by_role("button", name="Start the batch").click()
    expect(page.locator("#batch-live")).to_be_visible()
    return Batch.objects.get()


def test_the_timeline_tells_a_failover_in_plain_words(page, live_server, failing):
    batch = order(page, live_server)
    apart(work_off, batch.pk, deadline=time.monotonic() + 60)
    happened = page.get_by_role("list", name="What happened")
    expect(happened).to_contain_text(re.compile(r"local main--503 suspended (30|29) s"))
    expect(happened).to_contain_text("now local good")
    expect(happened).to_contain_text("Completed: 6 of 6 samples made")
    expect(happened).to_contain_text("Ordered by admin: 6 samples")


def test_another_page_tells_that_a_batch_has_ended(page, live_server, local):
    batch = order(page, live_server, "2")
    visit(page, live_server, "admin:samples_sample_changelist")
    apart(work_off, batch.pk, deadline=time.monotonic() + 60)
    news = page.get_by_role("link", name=f"Batch {batch.pk} is completed: 2 of 2 samples made.")
    expect(news).to_be_visible()
    news.click()
    expect(page.locator("#batch-live")).to_have_attribute("data-status", "completed")


def test_a_failed_item_shows_what_was_answered_and_is_tried_again(page, live_server, local):
    with_malformed = {"model_id": "tricky--malformed"}
    apart(actions.create_model, "local", with_malformed)
    batch = apart(start_batch, BatchOrder(count=1, provider="local", model="tricky--malformed", item_budget=1))
    apart(work_off, batch.pk, deadline=time.monotonic() + 60)
    visit(page, live_server, "admin:generation_batch_failed", batch.pk)
    page.get_by_text("What was answered").click()
    expect(page.get_by_label("Raw answer").first).to_be_visible()
    page.get_by_role("button", name="Retry item 1").click()
    expect(page.get_by_text(f"Batch {batch.pk} is trying item 1 again.")).to_be_visible()
    assert Batch.objects.get().failed == 0
