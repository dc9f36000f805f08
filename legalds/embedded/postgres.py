"""The private PostgreSQL: a daemon of its own, on loopback, with SCRAM passwords for everyone."""

import time
from pathlib import Path

import psycopg

from legalds.embedded import account, ports
from legalds.embedded.errors import EmbeddedError
from legalds.embedded.folder import DATABASE, USER
from legalds.embedded.programs import POSTGRES_MAJOR, Programs

# After a kill -9 of the server its children linger for a moment and hold the shared memory.
_START_WAIT_S = 20.0
_PASSES_BY_ITSELF = ("still in use", "already exists", "Address already in use", "could not create any TCP/IP sockets")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_checkpoints": "off",
    # Statements and rows hold what people wrote: they have no place in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def folder_of(data: Path) -> Path:
    return data / "postgres"


def answers(port: int, password: str) -> bool:
    """Whether our server listens there: it took our password and proved that it knows it."""
    try:
        _connect(port, password).close()
    except psycopg.OperationalError:
        return False
    return True


def start(data: Path, programs: Programs, port: int, password: str) -> int:
    """Start the server, on another port where this one is taken; returns the port. Makes the cluster the first time."""
    folder = folder_of(data)
    if not folder.is_dir():
        _create_cluster(folder, programs, password)
    account.take_over(folder)
    _check_version(folder)
    _forget_stale_pid(folder)
    deadline = time.monotonic() + _START_WAIT_S
    while True:
        if not ports.is_free(port):
            port = ports.pick()
        failure = _try_start(folder, programs, port)
        if failure is None:
            break
        if time.monotonic() > deadline or not any(text in failure for text in _PASSES_BY_ITSELF):
            raise EmbeddedError(f"PostgreSQL did not start, see {folder / 'server.log'}: {failure.splitlines()[-1]}")
        time.sleep(0.3)
    _create_database(port, password)
    return port


def stop(data: Path, programs: Programs) -> None:
    folder = folder_of(data)
    if not is_running(data):
        return
    inside = account.as_seen_from_inside(folder)
    code, text = account.run([programs.postgres_bin / "pg_ctl", "-D", inside, "-m", "fast", "-w", "stop"], folder)
    if code != 0 and is_running(data):
        raise EmbeddedError(f"PostgreSQL did not stop: {text}")


def is_running(data: Path) -> bool:
    pid = account.read_pid(folder_of(data) / "postmaster.pid")
    return pid is not None and account.lives_in(pid, folder_of(data))


def _connect(port: int, password: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=USER,
        password=password,
        dbname="postgres",
        connect_timeout=2,
        require_auth="scram-sha-256",
        autocommit=True,
    )


def _create_cluster(folder: Path, programs: Programs, password: str) -> None:
    """Made aside and renamed: a folder of the final name is complete."""
    aside = folder.with_name("postgres.new")
    if aside.is_dir():
        account.run(["rm", "-rf", "--", *(entry.name for entry in aside.iterdir())], aside)
    account.make_own_folder(aside)
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with account.private_file(password + "\n") as file:
        code, text = account.run(
            [
                programs.postgres_bin / "initdb",
                *("-D", account.as_seen_from_inside(aside), "-U", USER, "--pwfile", f"/dev/fd/{file.fileno()}"),
                *("--auth-host", "scram-sha-256", "--auth-local", "reject", "--encoding", "UTF8", "--locale", "C"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--text-search-config", "english"),
                *settings,
            ],
            aside,
            descriptors=[file.fileno()],
        )
    if code != 0:
        raise EmbeddedError(f"PostgreSQL could not make its data folder {folder}: {text.splitlines()[-1]}")
    aside.rename(folder)


def _check_version(folder: Path) -> None:
    found = (folder / "PG_VERSION").read_text().strip()
    if found != POSTGRES_MAJOR:
        raise EmbeddedError(
            f"{folder} was made by PostgreSQL {found}, this is {POSTGRES_MAJOR}: dump it with the old version first."
        )


def _forget_stale_pid(folder: Path) -> None:
    """After a crash the number in the pid file may belong to a stranger, for whose sake PostgreSQL would not start."""
    path = folder / "postmaster.pid"
    pid = account.read_pid(path)
    if pid is not None and not account.lives_in(pid, folder):
        path.unlink(missing_ok=True)


def _try_start(folder: Path, programs: Programs, port: int) -> str | None:
    """None once the server takes connections, else the last lines of its log."""
    log = folder / "server.log"
    before = log.stat().st_size if log.exists() else 0
    inside = account.as_seen_from_inside(folder)
    code, text = account.run(
        [programs.postgres_bin / "pg_ctl", "-D", inside, "-l", "server.log", "-o", f"-p {port}", "-w", "start"], folder
    )
    if code == 0:
        return None
    lines = log.read_bytes()[before:].decode(errors="replace") if log.exists() else ""
    return lines.strip() or text or "it said nothing"


def _create_database(port: int, password: str) -> None:
    with _connect(port, password) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
