"""One `manage.py run` on a data folder at a time, and who asks can know of it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "run.lock"


class AlreadyRunning(Exception):  # noqa: N818 - a state, not a fault
    """Another `manage.py run` has the folder; ``url`` is where it serves."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@contextmanager
def alone(folder: Path, url: str) -> Iterator[None]:
    """Hold the folder for a run that serves ``url``; raises AlreadyRunning. A killed run lets go by itself."""
    handle = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle)
        os.ftruncate(handle, 0)
        os.write(handle, url.encode())
        yield
    finally:
        os.close(handle)


def look(folder: Path) -> None:
    """Raises AlreadyRunning where a run holds the folder."""
    try:
        handle = os.open(folder / FILE, os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        _take(handle)
    finally:
        os.close(handle)


def _take(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(os.pread(handle, 1000, 0).decode()) from None
