"""Whom the servers run as, and which of this machine's processes are theirs.

PostgreSQL refuses to run as root, so root runs both servers as a system user of their own, which is made where it is
missing: what runs as somebody else can neither read their files nor look into their processes. An account has to be in
the user database, since ``initdb`` asks for its name. That user may be unable to pass the folders above the data (a
clone under /root): each server is therefore started inside its own folder and calls it ``/proc/self/cwd``, which needs
no way down from the root. No folder above the data is touched.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from legalds.embedded.errors import EmbeddedError, say

UNPRIVILEGED = "legalds-servers"
IS_LINUX = sys.platform == "linux"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MAKE = ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent")
_MAKE_WAIT_S = 5.0


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
    found = _known() or _made()
    if found.uid == 0:
        raise EmbeddedError(f"the user {UNPRIVILEGED} is root by another name: give it an id of its own. {_INSTEAD}")
    return found


def _known() -> Account | None:
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _made() -> Account:
    """The account, made now. Whoever else makes accounts at this moment holds the user database: it is waited for."""
    program = shutil.which(_MAKE[0], path=f"{os.defpath}:/usr/sbin:/sbin")
    if program is None:
        raise EmbeddedError(f"there is no system user {UNPRIVILEGED}, and no {_MAKE[0]} to make it. {_INSTEAD}")
    shell = shutil.which("nologin", path="/usr/sbin:/sbin") or "/bin/false"
    deadline = time.monotonic() + _MAKE_WAIT_S
    while True:
        done = subprocess.run(  # noqa: S603  a program of the system, no shell
            [program, *_MAKE[1:], "--shell", shell, UNPRIVILEGED], capture_output=True, text=True, check=False
        )
        found = _known()
        if found is not None:
            if done.returncode == 0:
                say(f"made the system user {UNPRIVILEGED}: as root, the embedded servers run as it")
            return found
        if time.monotonic() > deadline:
            lines = done.stderr.strip().splitlines() or ["it did not say why"]
            raise EmbeddedError(f"{_MAKE[0]} could not make the system user {UNPRIVILEGED}: {lines[-1]}. {_INSTEAD}")
        time.sleep(0.2)


def as_seen_from_inside(folder: Path) -> str:
    """How a server started in ``folder`` names it."""
    return "/proc/self/cwd" if IS_LINUX else str(folder)


def make_own_folder(folder: Path) -> None:
    """A folder that belongs to the servers' user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    account = service_account()
    if account:
        os.chown(folder, account.uid, account.gid)


def is_anothers(folder: Path) -> bool:
    """Whether the folder is there, and the servers' user is not its owner: an older version ran them as ``nobody``."""
    account = service_account()
    return account is not None and folder.is_dir() and folder.stat().st_uid != account.uid


def take_over(folder: Path) -> None:
    """Give all that is in the folder to the servers' user, and let nobody else read it. The folder itself comes last,
    so that what was broken off is done again."""
    for _, folders, files, handle in os.fwalk(folder, topdown=False):
        for name in (*folders, *files):
            _take(name, handle)
    make_own_folder(folder)


def _take(name: str, parent: int) -> None:
    """By a handle, since who owns the folder now may exchange what a name stands for; a link leads elsewhere."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    except OSError:
        return
    try:
        found, account = os.fstat(handle), service_account()
        if not stat.S_ISDIR(found.st_mode) and found.st_nlink > 1:
            return  # under its other name it may be anybody's
        if account and found.st_uid != account.uid:
            os.fchown(handle, account.uid, account.gid)
        if found.st_mode & OTHERS:
            os.fchmod(handle, stat.S_IMODE(found.st_mode) & ~OTHERS)
    finally:
        os.close(handle)


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
    """Run one of the servers' programs in ``folder`` as its owner, or as the servers' user where that is root; its exit
    code and all that it said."""
    account = _owner(folder)
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
            umask=OTHERS,
            check=False,
            **who,
        )
    except OSError as error:
        raise EmbeddedError(f"{command[0]} could not be run: {error.strerror}") from error
    return done.returncode, done.stdout.decode(errors="replace").strip()


def _owner(folder: Path) -> Account | None:
    account = service_account()
    if account is None or not folder.is_dir():
        return account
    found = folder.stat()
    return Account(found.st_uid, found.st_gid) if found.st_uid else account


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


_INSTEAD = (
    f"Make it (system user {UNPRIVILEGED}, without a password), run legalds as an ordinary user, "
    "or set DATABASE_URL and REDIS_URL."
)
