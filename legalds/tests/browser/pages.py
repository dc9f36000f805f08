"""What every browser test does: go to a page, call the API, read what was said, act beside the browser."""

import json
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

WAIT_S = 60  # only failures reach it
HURRY = 10
PROVIDERS = "admin:providers_provider_changelist"
MODELS = "admin:providers_model_changelist"


def apart(function, *args, **kwargs):
    """Call it in a thread of its own: in this one runs Playwright's event loop, and actions start loops themselves."""

    def call():
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def session_of(user, live_server):
    """The cookie of somebody who is signed in: the form would cost each test two pages more."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


def visit(page, live_server, name, *args, query=""):
    page.goto(live_server.url + reverse(name, args=args) + query)


def hurry(page):
    """What the page looks up every so many seconds, it looks up so many times as often from its next load on."""
    page.add_init_script(
        f"for (const name of ['setTimeout', 'setInterval']) {{ const own = window[name];"
        f" window[name] = (what, ms, ...more) => own(what, ms / {HURRY}, ...more); }}"
    )


def said(page, text):
    expect(page.locator(".l-toast-text")).to_have_text(text)


def api(page, live_server, path):
    answer = page.request.get(live_server.url + path)
    assert answer.ok
    return json.loads(answer.text())


def is_foreign(url, live_server):
    return not url.startswith((live_server.url, "data:", "blob:", "about:"))


def breaks_policy(message):
    """Whether the console's message is Chromium's word for a broken Content-Security-Policy."""
    return message.type == "error" and "Content Security Policy" in message.text
