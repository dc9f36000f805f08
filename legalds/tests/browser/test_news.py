"""News of batches: one line for each batch, replaced in place, never over a control, read out and dismissible."""

import pytest
from playwright.sync_api import expect

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_batch
from generation.worker.items import batches
from legalds.tests.browser.pages import apart, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COVERED = """() => [...document.querySelectorAll("a, button, input, select, textarea")].filter((control) => {
  const box = control.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (!box.width || !box.height || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
  const top = document.elementFromPoint(x, y);
  return top?.closest(".l-news") && !control.closest(".l-news");
}).map((control) => control.outerHTML)"""


@pytest.fixture
def listening(page, live_server):
    """A page whose browser knows what has happened until now."""
    visit(page, live_server, "admin:index")
    page.wait_for_function("localStorage.getItem('legalds-news') !== null")
    return page


def paused(reason):
    batch = make_batch(count=3, status=BatchStatus.RUNNING)
    batches.pause_batch(batch.pk, reason, None)
    return batch.pk


def pause_again(pk, reason):
    Batch.objects.filter(pk=pk).move_to(BatchStatus.RUNNING, status_reason="")
    batches.pause_batch(pk, reason, None)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_news_of_many_batches_cover_no_control(listening, live_server, groq, width):
    page = listening
    page.set_viewport_size({"width": width, "height": 900})
    for _ in range(3):
        apart(paused, f"No route can work now: {'a long reason, ' * 8}")
    visit(page, live_server, "admin:providers_provider_change", "groq")
    expect(page.locator(".l-news-line")).to_have_count(3)
    for share in (0, 0.5, 1):
        page.evaluate(f"scrollTo(0, {share} * document.documentElement.scrollHeight)")
        assert page.evaluate(COVERED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_happens_to_one_batch_is_one_line_that_can_be_dismissed(listening, live_server, groq):
    page = listening
    batch = apart(paused, "first reason")
    for number in range(4):
        apart(pause_again, batch, f"reason {number}")
    visit(page, live_server, "admin:providers_provider_change", "groq")
    expect(page.locator(".l-news-line")).to_contain_text(f"Batch {batch} is paused: reason 3")
    expect(page.locator("[role=status][aria-live=polite]").last).to_have_text(f"Batch {batch} is paused: reason 3")
    page.get_by_role("button", name=f"Dismiss what is told of batch {batch}").click()
    expect(page.locator(".l-news-line")).to_have_count(0)
