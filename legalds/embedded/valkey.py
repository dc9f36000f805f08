"""The private Valkey, a Redis by protocol: a daemon on loopback, with a password and an append-only file."""

import os
import socket
import time
from pathlib import Path

from legalds.embedded import account, ports
from legalds.embedded.errors import EmbeddedError
from legalds.embedded.programs import Programs

_WAIT_S = 15.0
_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
daemonize yes
pidfile valkey.pid
logfile valkey.log
dir .
appendonly yes
save ""
maxmemory-policy noeviction
always-show-logo no
"""


def folder_of(data: Path) -> Path:
    return data / "valkey"


def answers(data: Path, port: int, password: str) -> bool:
    """Whether our server listens there. The password is sent only once we know that the process is ours."""
    return is_running(data) and _ask(port, password, "PING") == "+PONG"


def start(data: Path, programs: Programs, port: int, password: str) -> int:
    """Start the server, on another port where this one is taken; returns the port."""
    folder = folder_of(data)
    account.make_own_folder(folder)
    account.take_over(folder)
    (folder / "valkey.pid").unlink(missing_ok=True)
    config = f"{account.as_seen_from_inside(folder)}/valkey.conf"
    deadline = time.monotonic() + _WAIT_S
    while time.monotonic() < deadline:
        if not ports.is_free(port):
            port = ports.pick()
        _write_config(folder / "valkey.conf", _CONFIG.format(port=port, password=password))
        code, text = account.run([programs.valkey_server, config], folder)
        if code != 0:
            raise EmbeddedError(f"Valkey did not start, see {folder / 'valkey.log'}: {text}")
        if _wait_until_up(data, port, password, deadline):
            return port
    raise EmbeddedError(f"Valkey did not start within {_WAIT_S:.0f} s, see {folder / 'valkey.log'}")


def stop(data: Path, port: int, password: str) -> None:
    if not is_running(data):
        return
    _ask(port, password, "SHUTDOWN")
    deadline = time.monotonic() + _WAIT_S
    while is_running(data):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Valkey did not stop, see {folder_of(data) / 'valkey.log'}")
        time.sleep(0.02)


def is_running(data: Path) -> bool:
    pid = account.read_pid(folder_of(data) / "valkey.pid")
    return pid is not None and account.lives_in(pid, folder_of(data))


def _wait_until_up(data: Path, port: int, password: str, deadline: float) -> bool:
    """False where the daemon has gone again, which it does when somebody else was faster on its port."""
    born_by = time.monotonic() + 2
    while time.monotonic() < deadline:
        if answers(data, port, password):
            return True
        if time.monotonic() > born_by and not is_running(data):
            return False
        time.sleep(0.02)
    return False


def _ask(port: int, password: str, command: str) -> str:
    """The last line of the answer to AUTH and one command; empty where nobody answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\n{command}\r\n".encode())
            with connection.makefile("r", encoding="utf-8", newline="\r\n") as lines:
                return "" if lines.readline().strip() != "+OK" else lines.readline().strip()
    except OSError:
        return ""


def _write_config(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        user = account.service_account()
        if user:
            os.fchown(handle, user.uid, user.gid)
        file.write(text)
