"""A worker's wish to stop, seen by the lanes in its pool processes."""

from typing import Any

from billiard import Value
from celery.signals import worker_shutting_down

# Made before the pool forks, so that parent and children share it; without a lock, which a killed child could keep.
_requested: Any = Value("b", 0, lock=False)


@worker_shutting_down.connect
def request(**_: Any) -> None:
    _requested.value = 1


def requested() -> bool:
    return bool(_requested.value)
