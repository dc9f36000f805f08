"""A worker's wish to stop, seen by the lanes in its pool processes."""

from typing import Any

from billiard import Event
from celery.signals import worker_shutting_down

# Made before the pool forks, so that parent and children share it.
_requested = Event()


@worker_shutting_down.connect
def request(**_: Any) -> None:
    _requested.set()


def requested() -> bool:
    return bool(_requested.is_set())
