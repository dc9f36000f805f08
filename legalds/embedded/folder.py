"""The data folder: its secrets, and the record of the servers whose data it holds. All files are for the owner only."""

import base64
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from legalds.embedded.errors import EmbeddedError

DATABASE = USER = "legalds"
LOCK_WAIT_S = 60.0
_PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class LocalSecrets:
    """What an installation without settings of its own signs and encrypts with."""

    secret_key: str = field(repr=False)
    fernet_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers listen (on loopback), their passwords, and whether they were started and not yet stopped."""

    postgres_port: int
    valkey_port: int
    postgres_password: str = field(repr=False)
    valkey_password: str = field(repr=False)
    are_started: bool = False

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.valkey_password}@127.0.0.1:{self.valkey_port}/0"

    @property
    def database_url(self) -> str:
        return f"postgres://{USER}:{self.postgres_password}@127.0.0.1:{self.postgres_port}/{DATABASE}"

    def database(self) -> dict[str, Any]:
        """The entry for Django's DATABASES. The server has to prove by SCRAM that it knows the password, too."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": USER,
            "PASSWORD": self.postgres_password,
            "HOST": "127.0.0.1",
            "PORT": str(self.postgres_port),
            "OPTIONS": {"require_auth": "scram-sha-256"},
        }


def data_folder(value: str = "") -> Path:
    """The folder that ``LEGALDS_DATA`` names, or ``var`` in the project."""
    value = value or os.environ.get("LEGALDS_DATA", "").strip()
    return Path(value).expanduser().resolve() if value else _PROJECT / "var"


def prepare(folder: Path) -> LocalSecrets:
    """Make the folder and its secrets where they are missing; what is there stays."""
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{folder} belongs to another user: {_OTHER_FOLDER}")
        with lock(folder):
            found = read_secrets(folder)
            if found is None:
                found = LocalSecrets(secrets.token_urlsafe(50), base64.urlsafe_b64encode(os.urandom(32)).decode())
                _write_private(folder / "secrets.json", asdict(found))
            return found
    except OSError as error:
        raise EmbeddedError(f"{folder} cannot be used as data folder ({error.strerror}): {_OTHER_FOLDER}") from error


def read_secrets(folder: Path) -> LocalSecrets | None:
    """The secrets that `prepare` made, or None where it has not been called."""
    values = _read_private(folder / "secrets.json")
    return LocalSecrets(**values) if values else None


def read_record(folder: Path) -> Servers | None:
    """The record of the servers, started or stopped."""
    values = _read_private(folder / "servers.json")
    return Servers(**values) if values else None


def read_servers(folder: Path) -> Servers | None:
    """The servers as they were last started; None where they never were, or were stopped since."""
    record = read_record(folder)
    return record if record and record.are_started else None


def write_record(folder: Path, record: Servers) -> None:
    _write_private(folder / "servers.json", asdict(record))


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Whoever starts or stops servers of this folder, or writes into it, does so alone."""
    deadline = time.monotonic() + LOCK_WAIT_S
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"another process has been starting servers in {folder} for long.") from None
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _read_private(path: Path) -> dict[str, Any] | None:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be read ({error.strerror}): {_OTHER_FOLDER}") from error
    except ValueError as error:
        raise EmbeddedError(f"{path} is damaged: restore it from a backup.") from error
    return values if isinstance(values, dict) else None


def _write_private(path: Path, values: dict[str, Any]) -> None:
    """Written aside and renamed, so that a reader sees the old or the new, never a part."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


_OTHER_FOLDER = "run as its owner, or name another folder by LEGALDS_DATA."
