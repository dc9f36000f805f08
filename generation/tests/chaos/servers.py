"""Blows against this process's own embedded servers; each ends with the server up again at its old address."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection, connections
from redis import Redis

from generation.worker.running.queue import WORK
from legalds import embedded
from legalds.embedded import account, postgres, valkey

DIES_WITHIN_S = 10


def crash_postgres(how: signal.Signals, *, away_s: float) -> None:
    folder = embedded.data_folder()
    _kill(account.read_pid(postgres.folder_of(folder) / "postmaster.pid"), how)
    _wait_until_gone(postgres.is_running)
    connections.close_all()
    _start_again(away_s)


def make_postgres_read_only(*, for_s: float) -> None:
    """What a session sees that speaks to the old primary after a failover."""
    _set_read_only("on")
    time.sleep(for_s)
    _set_read_only("off")


def _set_read_only(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        cursor.execute("SELECT pg_reload_conf()")
    connections.close_all()


def fail_redis_over(*, away_s: float) -> None:
    """It becomes the replica of a server that is not there: it breaks blocked reads off, and takes no writes."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.replicaof("127.0.0.1", "1")
        time.sleep(away_s)
        redis.replicaof("NO", "ONE")


def lose_redis(*, away_s: float) -> None:
    """Redis comes back empty."""
    folder = valkey.folder_of(embedded.data_folder())
    _kill(account.read_pid(folder / "valkey.pid"), signal.SIGKILL)
    _wait_until_gone(valkey.is_running)
    shutil.rmtree(folder / "appendonlydir")
    _start_again(away_s)


def redeliver_lanes(times: int) -> int:
    """What a broker does that takes a worker for dead: each message to a lane comes again, ``times`` at once.

    Says how many such messages there were, waiting or in work.
    """
    celery = f"{settings.KEY_PREFIX}:celery:"
    with Redis.from_url(settings.REDIS_URL) as redis:
        waiting = [json.loads(message) for message in redis.lrange(f"{celery}celery", 0, -1)]
        in_work = [json.loads(entry)[0] for entry in redis.hvals(f"{celery}unacked")]
        messages = [message for message in (*waiting, *in_work) if message["headers"]["task"] == WORK]
        for message in messages * times:
            message["properties"]["delivery_tag"] = str(uuid4())  # the end of one copy must not end the others
            redis.lpush(f"{celery}celery", json.dumps(message))
    return len(messages)


def _kill(pid: int | None, how: signal.Signals) -> None:
    assert pid is not None, "the server is not running"
    os.kill(pid, how)


def _wait_until_gone(is_running: Callable[[Path], bool]) -> None:
    deadline = time.monotonic() + DIES_WITHIN_S
    while is_running(embedded.data_folder()):
        assert time.monotonic() < deadline, "the server does not die"
        time.sleep(0.02)


def _start_again(away_s: float) -> None:
    before = embedded.read_servers(embedded.data_folder())
    time.sleep(away_s)
    embedded.start(embedded.data_folder())
    assert embedded.read_servers(embedded.data_folder()) == before, "another program has taken the server's port"
