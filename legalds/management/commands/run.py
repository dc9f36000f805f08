"""``manage.py run``: web, worker and scheduler in one terminal. manage.py starts the embedded servers around it."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from legalds.embedded.ports import is_free
from legalds.running import only_one
from legalds.running.processes import commands, supervise
from providers.models import Provider

ADMIN = "admin"


class Command(BaseCommand):
    help = "Serve the admin and the API, with a worker and the scheduler, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the next free one where this is taken")
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if not Provider.objects.exists():
            call_command("seed_providers", stdout=self.stdout)
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
        self._make_admin()
        host, wanted = options["host"], options["port"]
        port = _free_port(host, wanted)
        folder = settings.LEGALDS_DATA
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = f"http://{host}:{port}/admin/"
        try:
            with only_one.alone(folder, url):
                if port != wanted:
                    self.stdout.write(f"legalds: port {wanted} is in use, so it is {port} (--port chooses another)")
                self.stdout.write(
                    f"legalds: {url}  (Ctrl-C stops it when its calls in flight are back, a second one at once)"
                )
                self.stdout.flush()
                failed = supervise(
                    commands(f"{host}:{port}", folder / "beat-schedule"),
                    settings.BASE_DIR,
                    self.stderr.write,
                    grace_s=settings.SHUTDOWN_GRACE_S,
                )
        except only_one.AlreadyRunning as other:
            raise CommandError(f"legalds already runs on the data in {folder}: {other.url}") from None
        if failed:
            raise CommandError("the web server ended, see above.")
        self.stdout.write("legalds: stopped")

    def _make_admin(self) -> None:
        """The password is shown this once; only its hash is stored."""
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(ADMIN, password=password)
        self.stdout.write(f"legalds: made the user {ADMIN} with the password {password}")
        self.stdout.write(f"         (shown this once; `manage.py changepassword {ADMIN}` sets another)")


def _free_port(host: str, first: int) -> int:
    for port in range(first, min(first + 100, 65_536)):
        if is_free(port, host):
            return port
    raise CommandError(f"found no free port on {host} from {first} on: choose one with --port.")
