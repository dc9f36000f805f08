"""``manage.py servers start|stop|status``: the embedded PostgreSQL and Valkey of the data folder."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from legalds.embedded import EmbeddedError, data_folder
from legalds.embedded.report import ACTIONS
from legalds.running import only_one


class Command(BaseCommand):
    help = "Start, stop or show the embedded PostgreSQL and Valkey."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=ACTIONS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "stop":
                only_one.look(data_folder())
            for line in ACTIONS[options["action"]]():
                self.stdout.write(line)
        except only_one.AlreadyRunning as other:
            raise CommandError(
                f"`make run` uses them ({other.url}): stop it with Ctrl-C, which stops them too."
            ) from None
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
