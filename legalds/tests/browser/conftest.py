"""A signed-in page in a real Chromium, and providers to look at."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from legalds.tests.browser.pages import WAIT_S, apart, breaks_policy, is_foreign, session_of
from providers import actions
from providers.sandbox.thread import running_sandbox

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=SpareRendererForSitePerProcess",  # a process in advance, for each page that is left
]


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def context(chromium):
    """One for all tests: what a page is built of is fetched and compiled once."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_S * 1000)
    expect.set_options(timeout=WAIT_S * 1000)
    yield context
    context.close()


def forget_everything(page, live_server):
    """What the site of an earlier test left in the browser, but for the files of its pages."""
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "all"})
    session.detach()


@pytest.fixture(scope="package")
def opener(context, live_server):
    """What opens the page of each test, so that all of them share its process: a new one is half of a test's cost."""
    opener = context.new_page()
    opener.goto(f"{live_server.url}/static/legalds/admin.css")
    return opener


@pytest.fixture
def page(context, opener, live_server, admin_user):
    """A signed-in page. At the end: no script failed, nothing was fetched from elsewhere, nothing broke the policy."""
    with context.expect_page() as opening:
        opener.evaluate("() => void window.open()")
    page = opening.value
    forget_everything(page, live_server)
    context.add_cookies([session_of(admin_user, live_server)])
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: trouble.append(request.url) if is_foreign(request.url, live_server) else None)
    page.on("console", lambda message: trouble.append(message.text) if breaks_policy(message) else None)
    yield page
    # Requests that are still under way would meet a database that is being emptied.
    page.goto("about:blank")
    for opened in context.pages:
        if opened != opener:
            opened.close()
    assert trouble == []


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
