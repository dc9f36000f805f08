"""Starting and stopping both servers of a data folder, under its lock."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from legalds.embedded import account, ports, postgres, programs, valkey
from legalds.embedded.errors import say
from legalds.embedded.folder import Servers, lock, prepare, read_record, write_record

POSTGRES, VALKEY = "PostgreSQL", "Valkey"
BOTH = (POSTGRES, VALKEY)
_FOLDERS = {POSTGRES: postgres.folder_of, VALKEY: valkey.folder_of}


def start(folder: Path) -> tuple[str, ...]:
    """Start what does not answer yet; returns the names of the servers that this call started, for `stop`."""
    prepare(folder)
    with lock(folder):
        record = read_record(folder) or _new_record()
        _stop(folder, record, [name for name in BOTH if account.is_anothers(_FOLDERS[name](folder))])
        down = tuple(name for name, is_up in _answering(folder, record).items() if not is_up)
        if not down and record.are_started:
            return ()
        found = programs.find()
        if POSTGRES in down:
            if account.service_account() and not postgres.folder_of(folder).exists():
                say(f"as root, {' and '.join(BOTH)} run as the unprivileged user {account.UNPRIVILEGED}")
            port = postgres.start(folder, found, record.postgres_port, record.postgres_password)
            record = replace(record, postgres_port=port)
            write_record(folder, record)
        if VALKEY in down:
            port = valkey.start(folder, found, record.valkey_port, record.valkey_password)
            record = replace(record, valkey_port=port)
        write_record(folder, replace(record, are_started=True))
        return down


def stop(folder: Path, names: Sequence[str] = BOTH) -> tuple[str, ...]:
    """Stop these servers of the folder; returns the names of those that were running."""
    record = read_record(folder)
    if record is None or not names:
        return ()
    with lock(folder):
        write_record(folder, replace(record, are_started=False))
        return _stop(folder, record, names)


def _stop(folder: Path, record: Servers, names: Sequence[str]) -> tuple[str, ...]:
    was_up = tuple(name for name, is_up in _running(folder).items() if is_up and name in names)
    if VALKEY in was_up:
        valkey.stop(folder, record.valkey_port, record.valkey_password)
    if POSTGRES in was_up:
        postgres.stop(folder, programs.find())
    return was_up


def status(folder: Path) -> dict[str, int | None]:
    """The port of each server that answers, None for one that does not."""
    record = read_record(folder)
    if record is None:
        return dict.fromkeys(BOTH)
    listening = {POSTGRES: record.postgres_port, VALKEY: record.valkey_port}
    return {name: listening[name] if is_up else None for name, is_up in _answering(folder, record).items()}


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, ...]]:
    """Both servers run inside the block; what it started is stopped at the end."""
    started = start(folder)
    try:
        yield started
    finally:
        stop(folder, started)


def _new_record() -> Servers:
    return Servers(
        postgres_port=ports.pick(),
        valkey_port=ports.pick(),
        postgres_password=secrets.token_urlsafe(32),
        valkey_password=secrets.token_urlsafe(32),
    )


def _answering(folder: Path, record: Servers) -> dict[str, bool]:
    return {
        POSTGRES: postgres.is_running(folder) and postgres.answers(record.postgres_port, record.postgres_password),
        VALKEY: valkey.answers(folder, record.valkey_port, record.valkey_password),
    }


def _running(folder: Path) -> dict[str, bool]:
    return {POSTGRES: postgres.is_running(folder), VALKEY: valkey.is_running(folder)}
