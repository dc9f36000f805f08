"""The sandbox in a process of its own, told and asked over HTTP."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

STOP_S = 10


@dataclass(frozen=True, slots=True)
class Sandbox:
    """``url`` is the base URL for providers."""

    url: str
    pid: int

    def counts(self, window_s: float = 60.0) -> dict[str, Any]:
        return self._ask(f"counts?window_s={window_s}")

    def models(self, window_s: float = 60.0) -> dict[str, dict[str, Any]]:
        return dict(self.counts(window_s)["models"])

    def calls_of_key(self, key: str) -> int:
        return int(self.counts()["keys"].get(key, {"calls": 0})["calls"])

    def statuses(self, status: int) -> int:
        """How many calls were answered with this status."""
        return sum(row["statuses"].get(str(status), 0) for row in self.models().values())

    def calls(self, since: float = 0.0) -> list[dict[str, Any]]:
        return list(self._ask(f"calls?since={since}")["calls"])

    def behave(self, word: str | None, **whom: str) -> None:
        self._ask("behaviour", {"behaviour": word, **whom})

    def limit(self, **limits: Any) -> None:
        self._ask("limits", limits)

    def start_anew(self, latency_ms: float, *, keeps_bodies: bool = False) -> None:
        self._ask("reset", {})
        self._ask("latency", {"latency_ms": latency_ms})
        self._ask("recording", {"bodies": keeps_bodies})

    def _ask(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        parts = urlsplit(self.url)
        data = None if body is None else json.dumps(body).encode()
        address = f"{parts.scheme}://{parts.netloc}/sandbox/{path}"
        with urllib.request.urlopen(urllib.request.Request(address, data), timeout=30) as response:
            return dict(json.load(response))


@contextmanager
def sandbox(environment: Mapping[str, str]) -> Iterator[Sandbox]:
    command = [sys.executable, "manage.py", "sandbox"]
    with subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise RuntimeError("The sandbox did not start.")
            yield Sandbox(url, process.pid)
        finally:
            process.terminate()
            process.wait(STOP_S)
