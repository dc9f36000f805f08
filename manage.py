#!/usr/bin/env python
"""Django's command line. Starts the embedded servers first where a command needs them."""

import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import Error

from legalds import embedded, env
from legalds.running import database

NEEDS_NO_SERVER = {
    *("check", "makemigrations", "collectstatic", "findstatic", "help", "version", "diffsettings", "sqlmigrate"),
    *("startapp", "startproject", "compilemessages", "makemessages", "spectacular", "sandbox", "servers"),
}
STOPS_WHAT_IT_STARTED = {"run", "demo"}


def servers_for(arguments: list[str]) -> AbstractContextManager[object]:
    """What the command that these arguments name has to run in."""
    command = next((argument for argument in arguments if not argument.startswith("-")), "help")
    env.read_dotenv()
    if command in NEEDS_NO_SERVER or {"-h", "--help", "--version"} & set(arguments) or not env.is_embedded():
        return nullcontext()
    folder = embedded.data_folder()
    if command in STOPS_WHAT_IT_STARTED:
        return embedded.running(folder)
    started = embedded.start(folder)
    if started:
        embedded.say(f"started {' and '.join(started)} with their data in {folder}; `make stop` stops them")
    return nullcontext()


def stop_on_sigterm(*_: object) -> None:
    """Leave by the front door, so that what was started is stopped."""
    sys.exit(128 + signal.SIGTERM)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalds.settings")
    signal.signal(signal.SIGTERM, stop_on_sigterm)
    try:
        with servers_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Configuration error: {error}\n")
        return 2
    except embedded.EmbeddedError as error:
        embedded.say(str(error))
        return 1
    except Error as error:
        message = database.explain(error, settings.DATABASES["default"])
        if message is None:
            raise
        sys.stderr.write(f"{message}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
