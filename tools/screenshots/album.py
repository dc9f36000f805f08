"""Which pages there are pictures of, and how they are taken."""

import secrets
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import sync_playwright

from providers.configuration import actor
from providers.sandbox.thread import running_sandbox
from tools.screenshots.camera import ARGUMENTS, find_browser, served, shoot
from tools.screenshots.stage import Stage, acted

LATENCY_S = 0.8
USER = "ada"


def take_pictures(folder: Path, only: Collection[str], *, is_full: bool) -> Iterator[Path]:
    """Empties the database. The pictures of all pages, or of those that are named, as they come."""
    browser_path = find_browser()
    call_command("migrate", verbosity=0)
    password = secrets.token_urlsafe(12)
    user = User(username=USER, is_staff=True, is_superuser=True, password=make_password(password))
    sys.stdout.write("Making data: a batch that is done, and one at work. This takes a minute or two.\n")
    with (
        actor.by_command("screenshots"),
        running_sandbox(latency_s=LATENCY_S) as sandbox,
        acted(sandbox, user) as stage,
        served() as site,
        sync_playwright() as playwright,
    ):
        known = addresses(stage)
        paths = {name: path for name, path in known.items() if name in only or not only}
        if not paths:
            sys.exit(f"Choose from: {', '.join(known)}.")
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield from shoot(browser, site, paths, folder, login=(USER, password), is_full=is_full)
        browser.close()


def addresses(stage: Stage) -> dict[str, str]:
    """Path of each page by the name of its pictures."""
    return {
        "home": reverse("admin:index"),
        "providers": reverse("admin:providers_provider_changelist"),
        "provider": reverse("admin:providers_provider_change", args=[stage.provider]),
        "models": reverse("admin:providers_model_changelist"),
        "explain": reverse("admin:providers_provider_explain"),
        "start": reverse("admin:generation_batch_add"),
        "batches": reverse("admin:generation_batch_changelist"),
        "batch": reverse("admin:generation_batch_change", args=[stage.batch]),
        "samples": reverse("admin:samples_sample_changelist"),
        "sample": reverse("admin:samples_sample_change", args=[stage.sample]),
    }
