"""Real processes, Celery workers above all, on the test's database and Redis."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from redis import Redis

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
        "GENERATION_LANES": str(settings.GENERATION_LANES),
        "GENERATION_CALLS_PER_LANE": str(settings.GENERATION_CALLS_PER_LANE),
        "SECRET_KEY": settings.SECRET_KEY,
        "FERNET_KEYS": ",".join(settings.FERNET_KEYS),
        "DEBUG": "1",
    }


def calls_in_flight(scope: str) -> int:
    """Those that have a place in the shared store, dead workers' too: none of them is free before its call is back."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        return int(redis.zcard(f"{settings.KEY_PREFIX}:flight:{scope}"))


def kill(*processes: subprocess.Popen[bytes]) -> None:
    """Without warning, and with all their children."""
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
    for process in processes:
        process.wait()


@contextmanager
def running(
    arguments: Sequence[str], log_path: str | Path, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process in a session of its own; asked to stop at the end, and killed where it does not."""
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**environment(), **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                kill(process)


def celery_worker(
    log_path: str | Path,
    *,
    processes: int = 2,
    has_beat: bool = True,
    variables: Mapping[str, str] | None = None,
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker, with the scheduler inside where it ``has_beat``."""
    arguments = ["-m", "celery", "-A", "legalds", "worker", "-c", str(processes), "-l", "INFO"]
    beat = ["-B", "-s", f"{log_path}.schedule"] if has_beat else []
    return running([*arguments, *beat], log_path, variables)
