"""Whom the embedded servers run as, and what others can read of theirs."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from legalds import embedded
from legalds.embedded import account, programs
from legalds.embedded.servers import BOTH
from legalds.tests.embedded.own_servers import servers_of

NOBODY = account.Account(65534, 65534)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its user")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    embedded.stop(tmp_path / "var")


def everything(data: Path) -> list[Path]:
    return [data, *data.rglob("*")]


def pids(data: Path) -> list[int]:
    found = [account.read_pid(data / name) for name in ("postgres/postmaster.pid", "valkey/valkey.pid")]
    return [pid for pid in found if pid is not None]


def keep_a_row_and_a_key(data: Path) -> None:
    servers = servers_of(data)
    with psycopg.connect(servers.database_url) as connection, redis.Redis.from_url(servers.redis_url) as client:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        client.set("kept", "42")


def has_both(data: Path) -> bool:
    servers = servers_of(data)
    with psycopg.connect(servers.database_url) as connection, redis.Redis.from_url(servers.redis_url) as client:
        return connection.execute("SELECT number FROM kept").fetchall() == [(42,)] and client.get("kept") == b"42"


def old_installation(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that run as nobody, as they once did, with files that everybody may read."""
    with monkeypatch.context() as patched:
        patched.setattr(account, "service_account", lambda: NOBODY)
        embedded.start(data)
    keep_a_row_and_a_key(data)
    (data / "valkey" / "valkey.log").chmod(0o644)


def owners(data: Path) -> set[int]:
    return {path.stat().st_uid for name in ("postgres", "valkey") for path in everything(data / name)}


def test_nothing_in_the_data_folder_is_open_to_another_account(data):
    embedded.start(data)
    keep_a_row_and_a_key(data)
    assert [path for path in everything(data) if path.stat().st_mode & account.OTHERS] == []
    assert not any(path.is_socket() for path in everything(data))


def test_no_password_stands_among_the_arguments_or_in_the_environment_of_the_servers(data):
    embedded.start(data)
    servers = servers_of(data)
    for pid in pids(data):
        told = b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
        assert servers.valkey_password.encode() not in told
        assert servers.postgres_password.encode() not in told


@as_root
def test_as_root_another_account_reads_nothing_of_the_servers(data):
    embedded.start(data)
    data.parent.chmod(0o755)
    ways = [str(data / "servers.json"), str(data / "valkey" / "valkey.conf")]
    ways += [f"/proc/{pid}/{name}" for pid in pids(data) for name in ("environ", "cwd/valkey.conf", "cwd/PG_VERSION")]
    for way in ways:
        tried = subprocess.run(["cat", way], user=NOBODY.uid, group=NOBODY.gid, capture_output=True, check=False)
        assert (tried.returncode, tried.stdout) == (1, b""), way


@as_root
def test_a_stopped_folder_of_nobodys_is_taken_over_with_its_data(data, monkeypatch):
    old_installation(data, monkeypatch)
    embedded.stop(data)
    assert embedded.start(data) == BOTH
    assert has_both(data)
    assert owners(data) == {account.service_account().uid}
    assert not (data / "valkey" / "valkey.log").stat().st_mode & account.OTHERS


@as_root
def test_servers_that_still_run_as_nobody_are_started_anew_as_their_own_account(data, monkeypatch):
    old_installation(data, monkeypatch)
    assert embedded.start(data) == BOTH
    assert has_both(data)
    assert {Path(f"/proc/{pid}").owner() for pid in pids(data)} == {account.UNPRIVILEGED}


@as_root
def test_taking_over_leaves_alone_what_has_another_name_elsewhere_and_follows_no_link(tmp_path):
    (tmp_path / "elsewhere").touch(mode=0o644)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "second").touch(mode=0o644)
    (folder / "second").hardlink_to(tmp_path / "second")
    account.take_over(folder)
    assert {(tmp_path / name).stat().st_uid for name in ("elsewhere", "second")} == {0}
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("elsewhere", "second")} == {0o644}


@as_root
def test_without_a_way_to_make_the_account_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setattr(account, "_known", lambda: None)
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(embedded.EmbeddedError, match=r"no useradd to make it.*an ordinary user.*DATABASE_URL"):
        account.service_account.__wrapped__()


@as_root
def test_an_account_that_is_root_by_another_name_is_refused(monkeypatch):
    monkeypatch.setattr(account, "_known", lambda: account.Account(0, 0))
    with pytest.raises(embedded.EmbeddedError, match="is root by another name"):
        account.service_account.__wrapped__()


@as_root
@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_a_copy_of_the_programs_that_others_could_have_changed_is_made_anew(tmp_path, monkeypatch, mode):
    monkeypatch.setattr(programs, "_SYSTEM_FOLDERS", (tmp_path,))
    copy = programs._copy(programs._site_folder(), programs._system_folder())
    assert programs._is_ours_alone(copy)
    changed = programs._inside(copy).valkey_server
    changed.write_text("#!/bin/sh")
    changed.chmod(mode)
    again = programs._inside(programs._copy(programs._site_folder(), programs._system_folder()))
    assert again.valkey_server.stat().st_size > 1000
    assert not again.valkey_server.stat().st_mode & 0o022
