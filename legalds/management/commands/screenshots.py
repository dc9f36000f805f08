"""``manage.py screenshots``: pictures of the admin, of made-up data in a folder of its own."""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from legalds.screenshots.camera import ARGUMENTS, find_browser, served, shoot
from legalds.screenshots.stage import Stage, acted
from providers import audit
from providers.sandbox.thread import running_sandbox

FOLDER = "screenshots"
LATENCY_S = 0.8
USER = "ada"


class Command(BaseCommand):
    help = "Make pictures of the admin with data from the sandbox. Run it by `make screenshots`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help=f"the folder for the pictures (default var/{FOLDER}/images)")
        parser.add_argument("--only", nargs="*", default=[], help="names of pages, such as home or batch (default all)")
        parser.add_argument("--full", action="store_true", help="each page in its whole height")

    @audit.by_command("screenshots")
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_EMBEDDED or settings.LEGALDS_DATA.name != FOLDER:
            raise CommandError("This empties its database first, so it has data of its own: run `make screenshots`.")
        try:
            from playwright.sync_api import sync_playwright  # noqa: PLC0415  only development has it
        except ImportError:
            raise CommandError("Pictures take Playwright, which `make setup` installs for development.") from None
        browser_path = find_browser()
        call_command("migrate", verbosity=0)
        password = secrets.token_urlsafe(12)
        user = User(username=USER, is_staff=True, is_superuser=True, password=make_password(password))
        self.stdout.write("Making data: a batch that is done, and one at work. This takes a minute or two.")
        with running_sandbox(latency_s=LATENCY_S) as sandbox, acted(sandbox, user) as stage, served() as site:
            paths = {
                name: path for name, path in addresses(stage).items() if name in options["only"] or not options["only"]
            }
            if not paths:
                raise CommandError(f"Choose from: {', '.join(addresses(stage))}.")
            folder = options["out"] or settings.LEGALDS_DATA / "images"
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
                for picture in shoot(browser, site, paths, folder, login=(USER, password), is_full=options["full"]):
                    self.stdout.write(f"{picture}  {picture.stat().st_size // 1000} kB")
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
