"""``python -m legalds.healthcheck web|worker|beat``: what the containers' health checks ask. Exit code 0 is healthy."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from legalds.celery import app

# Celery's scheduler writes its file every three minutes, and when it starts.
_BEAT_FILE_AGE_S = 600


def web_is_healthy() -> bool:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/api/health", headers={"Host": host if host not in {"", "*"} else "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def worker_is_healthy() -> bool:
    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=5))


def beat_is_healthy() -> bool:
    folder = Path(os.environ.get("LEGALDS_DATA", "/data"))
    return any(time.time() - path.stat().st_mtime < _BEAT_FILE_AGE_S for path in folder.glob("beat-schedule*"))


CHECKS: Mapping[str, Callable[[], bool]] = {
    "web": web_is_healthy,
    "worker": worker_is_healthy,
    "beat": beat_is_healthy,
}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
