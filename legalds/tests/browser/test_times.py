"""Moments in the time zone of who looks, in a real Chromium."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from generation.tests.factories import use_limits
from legalds.tests.browser.pages import apart, visit
from providers import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_redis")]

ZONE = "Asia/Kolkata"  # half an hour beside all that servers are set to


@pytest.fixture
def used(transactional_db):
    """A provider whose limit of a day is partly used."""
    values = {"id": "served", "name": "Served", "base_url": "http://127.0.0.1:9/v1", "requires_key": False}
    apart(actions.create_provider, {**values, "requests_per_day": 100})
    apart(actions.create_model, "served", {"model_id": "good"})
    apart(use_limits, 40)


def clock_of(moment):
    at = datetime.fromisoformat(moment.get_attribute("datetime"))
    return f"{at.astimezone(ZoneInfo(ZONE)):%H:%M}"


def test_a_moment_is_shown_by_the_clock_of_who_looks_and_stays_so(page, live_server, used):
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTimezoneOverride", {"timezoneId": ZONE})
    visit(page, live_server, "admin:providers_provider_change", "served")
    moment = page.locator("#limits-live time").last
    expect(page.locator("#limits-live")).to_contain_text("60 requests")
    expect(moment).to_contain_text(clock_of(moment))
    with page.expect_response("**/limits/served/"):
        pass
    expect(moment).to_contain_text(clock_of(moment))
