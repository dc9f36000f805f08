"""A batch started, watched and stopped in a real Chromium."""

import time

import pytest
from playwright.sync_api import expect

from generation.choices import BatchStatus
from generation.models import Batch
from generation.worker.inline import work_off
from legalds.tests.browser.pages import apart, api, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_batch_is_started_and_seen_to_complete(page, live_server, local):
    visit(page, live_server, "admin:generation_batch_add")
    page.fill("[name=count]", "3")
    page.get_by_role("button", name="Start the batch").click()
    expect(page.get_by_text("0 of 3")).to_be_visible()
    batch = Batch.objects.get()
    apart(work_off, batch.pk, deadline=time.monotonic() + 30)
    expect(page.locator("#batch-live")).to_have_attribute("data-status", "completed")
    expect(page.get_by_text("3 of 3")).to_be_visible()
    assert Batch.objects.get().status == BatchStatus.COMPLETED
    told = api(page, live_server, f"/api/batches/{batch.pk}")
    assert (told["status"], told["count"], told["generated"], told["failed"]) == ("completed", 3, 3, 0)


def test_a_batch_is_stopped_from_its_page(page, live_server, local):
    visit(page, live_server, "admin:generation_batch_add")
    page.get_by_role("button", name="Start the batch").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    assert Batch.objects.get().status == BatchStatus.STOPPED
