"""Pictures of pages in a headless Chromium, light and dark, wide and narrow."""

import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SIZES: Mapping[str, tuple[int, int]] = {"wide": (1440, 900), "narrow": (390, 844)}
SCHEMES = ("light", "dark")
SETTLED_MS = 400  # charts are drawn and parts that load later have come

Prepare = Callable[[Page], None]


def find_browser() -> str:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(f"Pictures take a browser, and none is installed. Install one of: {', '.join(BROWSERS)}.")
    return path


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """This site on a free loopback port; the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, name="site", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def shoot(  # one page after the other, each in all four ways
    browser: Browser, site: str, paths: Mapping[str, str], folder: Path, *, login: tuple[str, str], is_full: bool
) -> Iterator[Path]:
    """The pictures, as they come: ``<page>-<light or dark>-<wide or narrow>.png``."""
    folder.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            sign_in(page, site, *login)
            for name, path in paths.items():
                page.goto(site + path)
                tidy(page)
                picture = folder / f"{name}-{scheme}-{size}.png"
                page.screenshot(path=picture, full_page=is_full)
                yield picture
            context.close()


def sign_in(page: Page, site: str, username: str, password: str) -> None:
    page.goto(site + reverse("admin:login"))
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(site + reverse("admin:index"))


def tidy(page: Page) -> None:
    """Wait until it is drawn, and show an address that a reader expects instead of the sandbox's."""
    page.wait_for_timeout(SETTLED_MS)
    address = page.locator("input[name=base_url]")
    if address.count():
        address.evaluate("field => field.value = 'https://api.example.com/v1'")
