"""The folder of results that are not saved yet, and its files: for their owner only, each locked by who writes it.

Who is killed lets go of his lock, and of nothing else: what he has written stays with the kernel. A file's name begins
with the installation whose results it holds.
"""

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from django.conf import settings

logger = logging.getLogger(__name__)
FOLDER = "unsaved"
WAITING = ".jsonl"
ASIDE = ".aside"  # looked at by people only


def folder() -> Path:
    return Path(settings.LEGALDS_DATA) / FOLDER


class Growing:
    """A new file, locked until it is closed. All raise OSError; what cannot be appended whole is not there at all."""

    def __init__(self, installation: str) -> None:
        self.size = 0
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            self._path = folder() / f"{installation}-{uuid4().hex}{WAITING}"
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX)
            except OSError:
                self.close(keep=False)
                raise
            if self._path.exists():  # else somebody saw it before it was locked, and removed it as a dead one's
                return
            os.close(self._handle)

    def append(self, content: bytes) -> None:
        try:
            written = os.write(self._handle, content)
            while written < len(content):
                written += os.write(self._handle, content[written:])
        except OSError:
            os.ftruncate(self._handle, self.size)
            raise
        self.size += len(content)

    def empty(self) -> None:
        if self.size:
            os.ftruncate(self._handle, 0)
            self.size = 0

    def close(self, *, keep: bool) -> None:
        """What is kept stays after a power cut too, as the machine may be about to stop."""
        try:
            if keep:
                os.fsync(self._handle)
            else:
                self._path.unlink(missing_ok=True)
        finally:
            os.close(self._handle)


def put_aside(lines: Sequence[bytes]) -> Path:
    """A file for people, with these lines, which stays after a power cut too. Raises OSError."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder() / f"{uuid4().hex}{ASIDE}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.writelines(line.rstrip(b"\n") + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    return path


def waiting() -> list[Path]:
    """Files of results, their writers dead or alive."""
    return sorted(folder().glob(f"*{WAITING}"))


def is_of(path: Path, installation: str) -> bool:
    """Whether the file is this installation's, or has no owner in its name."""
    owner, dash, _ = path.stem.rpartition("-")
    return not dash or owner == installation


@contextmanager
def alone(*, waits: bool) -> Iterator[bool]:
    """Whether nobody else on this machine has dead ones' files in hand; ``waits`` until that is so."""
    try:
        handle = os.open(folder(), os.O_RDONLY)
    except OSError:  # no file was ever written here, or none that we may read
        yield False
        return
    try:
        yield _lock(handle, waits=waits)
    finally:
        os.close(handle)


@contextmanager
def taken(path: Path) -> Iterator[bytes | None]:
    """What is in a dead one's file, with the file locked; None where its writer lives, or there is none to be read."""
    try:
        file = path.open("r+b")  # some file systems lock exclusively what is open for writing alone
    except OSError:
        yield None
        return
    with file:
        yield file.read() if _lock(file.fileno(), waits=False) and path.exists() else None


def left() -> list[Path]:
    """The files that dead ones have left, unless somebody has them in hand. Asks no database."""
    with alone(waits=False) as is_alone:
        return [path for path in waiting() if is_left(path)] if is_alone else []


def is_left(path: Path) -> bool:
    """Whether its writer is dead."""
    with taken(path) as content:
        return content is not None


def _lock(handle: int, *, waits: bool) -> bool:
    """Whether it is ours now. Where a file system knows no locks, nobody's file is taken up."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError as error:
        _tell_once(
            f"Files in {folder()} cannot be locked ({error.strerror}): answers that a killed worker left there stay."
        )
        return False
    return True


@cache
def _tell_once(words: str) -> None:
    logger.error(words)
