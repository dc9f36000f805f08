"""A real Celery worker in a process of its own, on the test's database and Redis."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings
from django.db import connection

STOP_S = 30


def environment() -> dict[str, str]:
    """What makes another process see what this test sees."""
    database = connection.settings_dict
    login = quote(database["USER"]) + (f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else "")
    address = f"{database['HOST']}:{database['PORT'] or 5432}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{login}@{address}/{database['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "KEY_PREFIX": settings.KEY_PREFIX,
        "SECRET_KEY": settings.SECRET_KEY,
        "FERNET_KEYS": ",".join(settings.FERNET_KEYS),
        "DEBUG": "1",
    }


@contextmanager
def celery_worker(log_path: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with the scheduler inside; asked to stop at the end, and killed where it does not."""
    schedule = f"{log_path}.schedule"
    command = [sys.executable, "-m", "celery", "-A", "legalds", "worker", "-B", "-s", schedule, "-c", "2", "-l", "INFO"]
    with open(log_path, "wb") as log:
        process = subprocess.Popen(command, env=environment(), stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
