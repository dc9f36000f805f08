"""Behind PgBouncer in transaction mode: each transaction may meet another connection of the server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from generation.tests.worker.worker_process import environment
from legalds.embedded import ports

STARTS_WITHIN_S = 20
CONFIG = """\
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
min_pool_size = 2
server_round_robin = 1
logfile = {folder}/log
"""


@pytest.fixture
def pooler(transactional_db):
    """Its address in the place of the database's. It takes turns between two connections."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        if os.environ.get("LEGALDS_REQUIRE_PGBOUNCER") == "1":
            pytest.fail("pgbouncer is not installed")
        pytest.skip("pgbouncer is not installed (Debian: apt-get install pgbouncer)")
    folder = Path(tempfile.mkdtemp())  # not pytest's, through which another user cannot pass
    database, port = connection.settings_dict, ports.pick()
    (folder / "users").write_text(f'"{database["USER"]}" "{database["PASSWORD"]}"\n')
    address = {"host": database["HOST"], "port": database["PORT"] or 5432}
    (folder / "ini").write_text(CONFIG.format(**address, own_port=port, folder=folder))
    as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
    for path in (folder, *folder.iterdir()) if as_whom else ():
        shutil.chown(path, "nobody")
    process = subprocess.Popen([program, "-q", *as_whom, folder / "ini"])
    try:
        _wait_until_it_listens(process, port)
        yield f"postgres://{database['USER']}@127.0.0.1:{port}/{database['NAME']}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _wait_until_it_listens(process, port):
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("pgbouncer does not listen")


def manage(address, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**environment(), "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_batch_is_made_and_its_samples_are_exported(vendors, pooler):
    vendors(a=["good"])
    batch = json.loads(manage(pooler, "generate", "--count", "3", "--inline", "--json"))
    assert batch["generated"] == 3
    exported = manage(pooler, "export_samples", "--batch", str(batch["batch"]), "--output", "-")
    assert sorted(json.loads(line)["item_number"] for line in exported.splitlines()) == [1, 2, 3]
