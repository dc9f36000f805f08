"""Nothing that a person entered is lost: one Save stores it, or whoever leaves is asked first.

That who typed something is asked on every page, and nobody else is, test_accessibility tests on its way.
"""

import pytest
from playwright.sync_api import expect

from generation.actions import BatchOrder, start_batch, stop_batch
from generation.models import Batch
from legalds.tests.browser.everywhere import show
from legalds.tests.browser.leaving import try_to_leave
from legalds.tests.browser.pages import apart, visit
from providers.models import Provider, ProviderConfig

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = "sk-planted-0123456789-wxyz"


def test_a_tick_and_a_choice_count_as_entered_too(page, live_server):
    show(page, live_server, "a model")
    page.locator("[name=is_thinking_model]").evaluate("(box) => { box.checked = !box.checked; }")
    try_to_leave(page, expected=True)
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.locator("[name=limits_scope]").select_option("model")
    try_to_leave(page, expected=True)


def test_permissions_that_were_moved_are_asked_about(page, live_server):
    show(page, live_server, "a group")
    page.locator("#id_permissions_from option").first.dblclick()
    try_to_leave(page, expected=True)


# --- one Save stores all -------------------------------------------------------
def test_the_big_save_stores_the_key_and_the_settings_with_the_rest(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.get_by_label("Paste the key").fill(KEY)
    page.get_by_text("Secret settings: none").click()
    page.get_by_label("Enter them").fill('{"headers": {"X-Team": "law"}}')
    page.fill("[name=name]", "Renamed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The key of Renamed is stored.")).to_be_visible()
    stored = ProviderConfig.objects.get(pk="groq")
    assert (stored.api_key, stored.config) == (KEY, {"headers": {"X-Team": "law"}})
    assert stored.provider.name == "Renamed"
    assert KEY not in page.content()


def test_storing_the_key_from_its_panel_saves_the_rest_of_the_page_too(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.fill("[name=name]", "Renamed")
    page.get_by_label("Paste the key").fill(KEY)
    page.get_by_role("button", name="Store the key").click()
    expect(page.get_by_role("button", name="Test it now")).to_be_focused()
    assert Provider.objects.get(pk="groq").name == "Renamed"


def test_a_mistake_keeps_the_other_fields_and_stores_nothing(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.fill("[name=name]", "Renamed")
    page.fill("[name=requests_per_minute]", "-1")
    page.get_by_label("Paste the key").fill(KEY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#api_key-error")).to_contain_text("Nothing was saved. Enter it once more")
    expect(page.locator("[name=name]")).to_have_value("Renamed")
    expect(page.locator("[name=api_key]")).to_have_value("")
    assert not ProviderConfig.objects.exists()
    assert Provider.objects.get(pk="groq").name == "Groq"
    try_to_leave(page, expected=True)


def test_resume_takes_the_caps_that_were_typed(page, live_server, local):
    batch = apart(start_batch, BatchOrder(count=2), queue=False)
    apart(stop_batch, batch.pk)
    visit(page, live_server, "admin:generation_batch_change", batch.pk)
    page.fill("[name=token_cap]", "123456")
    page.get_by_role("button", name="Resume", exact=True).click()
    expect(page.get_by_text(f"Batch {batch.pk} is going on.")).to_be_visible()
    assert Batch.objects.get().token_cap == 123_456


def test_caps_that_are_refused_stay_typed_and_are_said_at_their_field(page, live_server, local):
    batch = apart(start_batch, BatchOrder(count=2), queue=False)
    apart(stop_batch, batch.pk)
    visit(page, live_server, "admin:generation_batch_change", batch.pk)
    page.fill("[name=token_cap]", "123456")
    page.fill("[name=cost_cap]", "-1")
    page.get_by_role("button", name="Set and resume").click()
    expect(page.get_by_role("alert")).to_contain_text("Give an amount")
    expect(page.locator("[name=token_cap]")).to_have_value("123456")
