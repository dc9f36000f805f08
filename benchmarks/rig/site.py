"""One installation under test: a database and keys of its own, and web, scheduler and workers as real processes."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count as numbers
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from benchmarks.rig.machine import Usage, tree
from benchmarks.rig.sandbox import Sandbox
from benchmarks.rig.servers import DATABASE, FOLDER, ROOT, Servers, drop, recreate
from legalds.embedded import ports
from legalds.running.processes import commands

START_S = 60.0
STOP_S = 40.0
ENDED = ("completed", "completed_with_failures", "stopped", "failed")
NOTHING: Mapping[str, Any] = {}
Batch = dict[str, Any]
_numbers = numbers(1)


@dataclass(frozen=True, slots=True)
class Site:
    """``processes`` by name: web, beat, worker0, worker1 ..."""

    url: str
    token: str = field(repr=False)
    sandbox: Sandbox
    database: psycopg.Connection[dict[str, Any]]
    processes: "dict[str, subprocess.Popen[bytes]]"
    environment: Mapping[str, str] = field(repr=False)

    def start(self, name: str, *arguments: str) -> None:
        """One more process of the installation, stopped with the others: ``manage.py`` with these arguments."""
        self.processes[name] = _start(name, ["manage.py", *arguments], self.environment)

    def api(self, method: str, path: str, body: object = None) -> Any:
        """The object that the API answers; an error that carries its words where it refuses."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/api/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error
        return json.loads(text) if text else None

    def add_provider(self, provider_id: str, *models: str, key: str = "", fields: Mapping[str, Any] = NOTHING) -> None:
        """Last in the order, with these models; its key is ``key-of-ID`` where none is given."""
        new = {"id": provider_id, "name": provider_id, "base_url": self.sandbox.url, **fields}
        self.api("POST", "providers", new)
        for model in models:
            self.api("POST", "models", {"provider": provider_id, "model_id": model})
        self.set_key(provider_id, key or f"key-of-{provider_id}")

    def set_key(self, provider_id: str, key: str) -> None:
        self.api("PUT", f"providers/{provider_id}/config", {"api_key": key})

    def order(self, count: int, **more: Any) -> int:
        """Start a batch of so many samples; its id."""
        return int(self.api("POST", "batches", {"count": count, **more})["id"])

    def batch(self, batch_id: int) -> Batch:
        row = self.database.execute("SELECT * FROM batches WHERE id = %s", [batch_id]).fetchone()
        assert row, f"there is no batch {batch_id}"
        return row

    def wait(
        self, batch_id: int, timeout_s: float, until: Callable[[Batch], bool] = lambda batch: batch["status"] in ENDED
    ) -> Batch:
        """The batch once it is as wanted, or as it is when the time is over."""
        deadline = time.monotonic() + timeout_s
        while not until(batch := self.batch(batch_id)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return batch

    def stop(self, batch_id: int) -> Batch:
        """Stop the batch where it runs, and wait for its calls in flight."""
        if self.batch(batch_id)["status"] not in ENDED:
            self.api("POST", f"batches/{batch_id}/stop")
        open_items = "SELECT 1 FROM items WHERE batch_id = %s AND status = 'leased' LIMIT 1"
        deadline = time.monotonic() + STOP_S
        while self.database.execute(open_items, [batch_id]).fetchone() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.batch(batch_id)

    def clear(self) -> None:
        """Stop what runs, and delete all providers."""
        for row in self.database.execute("SELECT id FROM batches WHERE NOT status = ANY(%s)", [list(ENDED)]).fetchall():
            self.stop(row["id"])
        for provider in self.api("GET", "providers")["providers"]:
            self.api("DELETE", f"providers/{provider['id']}")

    def samples(self, batch_id: int) -> int:
        return int(self.api("GET", f"batches/{batch_id}/samples?limit=1")["count"])

    def usage(self) -> dict[str, list[Usage]]:
        """By name, what each process and its children have taken; the first of each list is the main one."""
        return {name: tree(process.pid) for name, process in self.processes.items()}


@dataclass(frozen=True, slots=True)
class Shape:
    """Workers, the lanes of a batch over all of them, calls in flight of each lane, and processes of each worker."""

    workers: int
    lanes: int
    calls: int
    pool: int


@contextmanager
def running_site(servers: Servers, sandbox: Sandbox, shape: Shape) -> Iterator[Site]:
    number = next(_numbers)
    database = f"{DATABASE}_{number}"
    environment = {
        **servers.environment,
        "DATABASE_URL": servers.url_of(database),
        "KEY_PREFIX": f"{servers.environment['KEY_PREFIX']}-{number}",
        "GENERATION_LANES": str(shape.lanes),
        "GENERATION_CALLS_PER_LANE": str(shape.calls),
        "WORKER_PROCESSES": str(shape.pool),
    }
    bind = f"127.0.0.1:{ports.pick()}"
    with ExitStack() as stack:
        recreate(servers, database, template=DATABASE)
        stack.callback(drop, servers, database)
        processes: dict[str, subprocess.Popen[bytes]] = {}
        stack.callback(_stop, processes)
        known = commands(bind, FOLDER / f"beat-{number}")
        wanted = {"web": known["web"], "beat": known["beat"]}
        wanted |= {f"worker{place}": [*known["worker"], "-n", f"worker{place}@%h"] for place in range(shape.workers)}
        for name, arguments in wanted.items():
            processes[name] = _start(name, arguments, environment)
        connection = stack.enter_context(
            psycopg.connect(environment["DATABASE_URL"], autocommit=True, row_factory=dict_row)
        )
        site = Site(f"http://{bind}", servers.token, sandbox, connection, processes, environment)
        _await_start(site)
        yield site


def log_of(name: str) -> Path:
    return FOLDER / "logs" / f"{name}.log"


def _start(name: str, arguments: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """With a session of its own, so that Ctrl-C reaches only us; the database's log calls it by its name."""
    log_of(name).parent.mkdir(exist_ok=True)
    with log_of(name).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**environment, "PGAPPNAME": name},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _await_start(site: Site) -> None:
    signs: dict[str, Callable[[], bool]] = {"web": partial(_answers, site)}
    for name in site.processes:
        if name.startswith("worker"):
            signs[name] = partial(_says_ready, name)
    deadline = time.monotonic() + START_S
    for name, is_up in signs.items():
        while not is_up():
            if site.processes[name].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start, see {log_of(name)}")
            time.sleep(0.05)


def _answers(site: Site) -> bool:
    try:
        site.api("GET", "health")
    except (OSError, RuntimeError):
        return False
    return True


def _says_ready(name: str) -> bool:
    return b" ready." in log_of(name).read_bytes()


def _stop(processes: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    for process in processes.values():
        process.terminate()
    deadline = time.monotonic() + STOP_S
    for process in processes.values():
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
