"""``manage.py run`` as a person meets it, and the supervisor behind it."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from legalds import embedded
from legalds.embedded import ports
from legalds.running.processes import supervise

ROOT = Path(__file__).resolve().parents[3]
SLEEPS = ["-c", "import time; time.sleep(60)"]
FAILS = ["-c", "import sys; sys.exit(5)"]
START_WAIT_S = 240


class Run:
    """``manage.py run`` on embedded servers of its own; what it prints is in ``output``."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.url = data, f"http://127.0.0.1:{port}"
        environment = {"PATH": os.environ["PATH"], "LEGALDS_ENV_FILE": os.devnull, "LEGALDS_DATA": str(data)}
        self._output = (data.parent / "output").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        return Path(self._output.name).read_text()

    def wait_until_it_serves(self) -> None:
        deadline = time.monotonic() + START_WAIT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx2.get(f"{self.url}/api/health").status_code == 200 and " ready." in self.output:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)
        pytest.fail(self.output)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(120)
        self._output.close()


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path / "var", ports.pick())
    yield run
    run.close()
    embedded.stop(run.data)


@pytest.mark.worker
def test_run_serves_with_a_worker_lets_the_new_admin_in_and_stops_all_of_it_on_ctrl_c(run):
    run.wait_until_it_serves()
    shown = re.search(r"made the user admin with the password (\S+)", run.output)
    assert shown
    assert f"{run.url}/admin/" in run.output
    with httpx2.Client(base_url=run.url, follow_redirects=True) as browser:
        browser.get("/admin/login/")
        form = {"username": "admin", "password": shown[1], "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        page = browser.post("/admin/login/?next=/admin/", data=form)
        assert page.status_code == 200
        assert "/admin/logout/" in page.text
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(120) == 0
    assert set(embedded.status(run.data).values()) == {None}


def test_a_web_server_that_cannot_start_ends_all_and_it_is_said(tmp_path):
    said: list[str] = []
    assert supervise({"web": FAILS, "worker": SLEEPS}, tmp_path, said.append, grace_s=0) == 1
    assert said == ["web ended by itself with exit code 5; stopping the others"]


def test_a_worker_that_ends_is_started_again_and_the_web_goes_on(tmp_path):
    """Killed at its first start, failed at its second; at its third it ends the test."""
    counts = (
        "import os, signal, sys, time; open('starts', 'a').write('x'); starts = os.path.getsize('starts');"
        "starts == 1 and os.kill(os.getpid(), signal.SIGKILL); starts == 2 and sys.exit(5);"
        f"os.kill({os.getpid()}, signal.SIGINT); time.sleep(60)"
    )
    said: list[str] = []
    assert supervise({"web": SLEEPS, "worker": ["-c", counts]}, tmp_path, said.append, grace_s=0) == 0
    assert said == [
        "worker ended by itself by signal 9; starting it again in 1 s",
        "worker ended by itself with exit code 5; starting it again in 2 s",
    ]


def test_what_the_processes_write_is_for_their_owner_only(tmp_path):
    supervise({"beat": ["-c", "open('beat-schedule', 'w').close()"]}, tmp_path, lambda _: None, grace_s=0)
    assert (tmp_path / "beat-schedule").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_processes_cleanly(tmp_path, number):
    threading.Timer(0.5, os.kill, [os.getpid(), number]).start()
    assert supervise({"web": SLEEPS, "worker": SLEEPS}, tmp_path, pytest.fail, grace_s=0) == 0


def test_a_second_signal_ends_at_once_what_still_finishes_its_work(tmp_path):
    clings = ["-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]
    for delay_s in (1.0, 1.5):
        threading.Timer(delay_s, os.kill, [os.getpid(), signal.SIGINT]).start()
    started = time.monotonic()
    assert supervise({"worker": clings}, tmp_path, pytest.fail, grace_s=50) == 0
    assert time.monotonic() - started < 10
