"""The web server: ``python -m legalds.web HOST:PORT``.

Granian reads requests outside of Python and gives up on headers that do not come in time; ``legalds.asgi`` does so with
bodies. So who sends half a request holds a connection for some seconds, and no thread.
"""

import os
import sys

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from legalds.running.startup import require_servers

PROCESSES = 2
CONNECTIONS = 4_096
"""Of each process; more wait to be accepted."""
HEADERS_S = 10
STOP_S = 10
"""What requests in work may still take when the server is told to stop."""


def application() -> object:
    import django  # noqa: PLC0415 - in the serving process, not in the one that starts it

    django.setup()
    from legalds.asgi import Application  # noqa: PLC0415 - Django must be set up before

    return Application()


def serve(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    Server(
        "legalds.web:application",
        factory=True,
        address=host.strip("[]"),
        port=int(port),
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        workers=PROCESSES,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_S * 1_000),
        workers_kill_timeout=STOP_S,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legalds.settings")
    require_servers()
    serve(sys.argv[1])
