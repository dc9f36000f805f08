"""The admin in a real Chromium: drag, switch, enter a key, start a batch; and what the API then says."""

import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from generation.choices import BatchStatus
from generation.models import Batch
from generation.worker.inline import work_off
from providers import actions
from providers.admin import ModelAdmin
from providers.models import Model, Provider, ProviderConfig
from providers.sandbox.thread import running_sandbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = "sk-planted-0123456789-wxyz"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PROVIDERS = "admin:providers_provider_changelist"
MODELS = "admin:providers_model_changelist"


@pytest.fixture(scope="module")
def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        reason = f"no browser is installed (looked for {', '.join(names)})"
        if os.environ.get("LEGALDS_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server, admin_user):
    """A signed-in page. At the end: no script failed, and nothing was fetched from elsewhere."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(request.url) if is_foreign(request.url, live_server) else None)
    page.goto(live_server.url + reverse("admin:index"))
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", "password")
    page.click("button[type=submit]")
    page.wait_for_url(live_server.url + reverse("admin:index"))
    yield page
    # Requests that are still under way would meet a database that is being emptied.
    page.goto("about:blank")
    context.close()
    assert trouble == []


def is_foreign(url, live_server):
    return not url.startswith((live_server.url, "data:", "blob:", "about:"))


@pytest.fixture
def local(transactional_db):
    """A provider that answers."""
    with running_sandbox() as sandbox:
        values = {"id": "local", "name": "Local", "base_url": sandbox.url, "requires_key": False}
        apart(actions.create_provider, values)
        apart(actions.create_model, "local", {"model_id": "good"})
        yield


@pytest.fixture
def groq(transactional_db):
    apart(actions.create_provider, {"id": "groq", "name": "Groq", "base_url": "https://api.example.com/v1"})
    for model_id in ("llama", "qwen", "gemma"):
        apart(actions.create_model, "groq", {"model_id": model_id})


def apart(function, *args, **kwargs):
    """Call it in a thread of its own: in this one runs Playwright's event loop, and actions start loops themselves."""

    def call():
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def visit(page, live_server, name, *args, query=""):
    page.goto(live_server.url + reverse(name, args=args) + query)


def row(page, name):
    return page.locator("tbody", has=page.locator(f'.l-handle[data-name="{name}"]'))


def drag(page, name, target, *, edge):
    """Press on the handle, move in steps to the upper or lower edge of the target row, let go: as a hand does."""
    start, end = (row(page, which).locator(".l-handle").bounding_box() for which in (name, target))
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    offset = row(page, target).bounding_box()["height"] / 3 * (-1 if edge == "top" else 1)
    aim = end["y"] + end["height"] / 2 + offset
    for wobble in (2, 1, 0):
        page.mouse.move(end["x"] + 10, aim + wobble, steps=5)
        page.wait_for_timeout(150)  # rows glide out of the way, and are no targets meanwhile
    page.mouse.up()


def order_of(provider_id):
    return list(Model.objects.filter(provider_id=provider_id).values_list("model_id", flat=True))


def shown_order(page):
    return page.locator(".l-handle").evaluate_all("handles => handles.map(handle => handle.dataset.name)")


def said(page, text):
    expect(page.locator(".l-toast")).to_have_text(text)


def api(page, live_server, path):
    answer = page.request.get(live_server.url + path)
    assert answer.ok
    return json.loads(answer.text())


def test_a_model_dragged_to_the_top_is_saved_at_once(page, live_server, groq):
    visit(page, live_server, MODELS)
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma moved above llama.")
    assert order_of("groq") == shown_order(page) == ["gemma", "llama", "qwen"]
    told = api(page, live_server, "/api/models/all?provider=groq")["models"]
    assert [entry["model_id"] for entry in told] == ["gemma", "llama", "qwen"]


def test_a_drag_downwards_lands_below_the_row_it_passed(page, live_server, groq):
    visit(page, live_server, MODELS)
    drag(page, "llama", "qwen", edge="bottom")
    said(page, "llama moved below qwen.")
    assert order_of("groq") == ["qwen", "llama", "gemma"]


def test_a_drag_in_a_filtered_list_counts_from_the_neighbour_that_is_seen(page, live_server, groq):
    apart(actions.set_model_enabled, Model.objects.get(model_id="qwen").pk, False)
    visit(page, live_server, MODELS, query="?enabled__exact=1")
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma moved above llama.")
    assert order_of("groq") == ["gemma", "llama", "qwen"]


def test_a_drag_on_the_second_page_counts_from_the_neighbour_that_is_seen(page, live_server, groq, monkeypatch):
    monkeypatch.setattr(ModelAdmin, "list_per_page", 2)
    apart(actions.create_model, "groq", {"model_id": "phi"})
    visit(page, live_server, MODELS, query="?p=2")
    drag(page, "phi", "gemma", edge="top")
    said(page, "phi moved above gemma.")
    assert order_of("groq") == ["llama", "qwen", "phi", "gemma"]


def test_a_stale_page_is_set_right_by_its_next_move(page, live_server, groq):
    visit(page, live_server, MODELS)
    apart(actions.reorder_models, "groq", ["qwen", "llama", "gemma"])
    drag(page, "gemma", "llama", edge="top")
    said(page, "gemma moved above llama.")
    assert order_of("groq") == shown_order(page) == ["qwen", "gemma", "llama"]


def test_a_row_goes_back_when_its_neighbour_has_vanished(page, live_server, groq):
    visit(page, live_server, MODELS)
    apart(actions.delete_model, Model.objects.get(model_id="llama").pk)
    drag(page, "gemma", "llama", edge="top")
    expect(page.locator(".l-toast.is-error")).to_contain_text("Reload the page")
    assert shown_order(page) == ["llama", "qwen", "gemma"]
    assert order_of("groq") == ["qwen", "gemma"]


def test_a_model_cannot_be_dragged_into_another_provider(page, live_server, groq):
    apart(actions.create_provider, {"id": "other", "name": "Other", "base_url": "https://api.example.com/v1"})
    apart(actions.create_model, "other", {"model_id": "foreign"})
    visit(page, live_server, MODELS)
    drag(page, "foreign", "llama", edge="top")
    assert shown_order(page) == ["llama", "qwen", "gemma", "foreign"]
    assert order_of("other") == ["foreign"]


def test_arrow_keys_move_a_row_and_keep_the_focus(page, live_server, groq):
    visit(page, live_server, MODELS)
    row(page, "llama").locator(".l-handle").focus()
    page.keyboard.press("ArrowDown")
    said(page, "llama moved below qwen.")
    page.keyboard.press("ArrowDown")
    said(page, "llama moved below gemma.")
    assert order_of("groq") == ["qwen", "gemma", "llama"]


def test_models_are_ordered_on_their_providers_page_too(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    row(page, "gemma").locator(".l-handle").focus()
    page.keyboard.press("ArrowUp")
    said(page, "gemma moved above qwen.")
    assert order_of("groq") == ["llama", "gemma", "qwen"]


def test_a_provider_is_switched_off_in_place(page, live_server, groq):
    visit(page, live_server, PROVIDERS)
    switch = page.get_by_role("switch", name="Groq enabled")
    switch.click()
    said(page, "Groq is off.")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert not Provider.objects.get(pk="groq").enabled
    assert api(page, live_server, "/api/providers/groq")["enabled"] is False


def test_a_key_that_was_entered_is_never_shown_again(page, live_server, groq):
    visit(page, live_server, "admin:providers_provider_change", "groq")
    page.fill("[name=api_key]", KEY)
    page.click("button[name=_continue]")
    expect(page.locator("#key-last4")).to_have_text("wxyz")
    assert KEY not in page.content()
    assert page.input_value("[name=api_key]") == ""
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY
    told = api(page, live_server, "/api/providers/groq")
    assert (told["api_key_configured"], told["api_key_last4"]) == (True, "wxyz")


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
