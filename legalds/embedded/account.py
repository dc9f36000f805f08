"""Whom the servers run as, and which of this machine's processes are theirs.

PostgreSQL refuses to run as root, so root runs both servers as the unprivileged user ``nobody``. That user may be
unable to pass the folders above the data (a clone under /root): each server is therefore started inside its own
folder and calls it ``/proc/self/cwd``, which needs no way down from the root. No folder above the data is touched.
"""

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from legalds.embedded.errors import EmbeddedError

UNPRIVILEGED = "nobody"
IS_LINUX = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user that root becomes for the servers."""

    uid: int
    gid: int


@cache
def service_account() -> Account | None:
    """None where we are an ordinary user and run the servers as ourselves."""
    if os.geteuid() != 0:
        return None
    if not IS_LINUX:
        raise EmbeddedError("as root the embedded servers run on Linux only: be an ordinary user, or set DATABASE_URL.")
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED} to run it: use an ordinary user."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def as_seen_from_inside(folder: Path) -> str:
    """How a server started in ``folder`` names it."""
    return "/proc/self/cwd" if IS_LINUX else str(folder)


def make_own_folder(folder: Path) -> None:
    """A folder that belongs to the servers' user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    account = service_account()
    if account:
        os.chown(folder, account.uid, account.gid)


def private_file(text: str) -> IO[str]:
    """A nameless file that the servers' user can read by its descriptor."""
    file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  the caller closes it
    file.write(text)
    file.seek(0)
    account = service_account()
    if account:
        os.fchown(file.fileno(), account.uid, account.gid)
    return file


def run(command: Sequence[str | Path], folder: Path, *, descriptors: Sequence[int] = ()) -> tuple[int, str]:
    """Run one of the servers' programs in ``folder`` as their user; its exit code and all that it said."""
    account = service_account()
    who: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    try:
        done = subprocess.run(  # noqa: S603  our own programs, no shell
            [str(part) for part in command],
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=descriptors,
            check=False,
            **who,
        )
    except OSError as error:
        raise EmbeddedError(f"{command[0]} could not be run: {error.strerror}") from error
    return done.returncode, done.stdout.decode(errors="replace").strip()


def lives_in(pid: int, folder: Path) -> bool:
    """Whether the process ``pid`` works in ``folder``: numbers are used again, so that a pid alone proves nothing."""
    if not IS_LINUX:
        return _is_alive(pid)
    if service_account():
        # In a container root may be forbidden to look into another user's process; that user itself may.
        return folder.is_dir() and run(["test", f"/proc/{pid}/cwd", "-ef", "."], folder)[0] == 0
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
