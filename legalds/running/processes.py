"""The processes of an installation: what each runs, and a supervisor for all of them on one machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

SAVING_S = 15
"""What a worker needs beyond its calls' grace: to save what they brought, or to write it into a file, and to end."""
STEADY_S = 60
LONGEST_PAUSE_S = 30
"""Before a process that keeps ending is started again; one that ran for STEADY_S is started again after a second."""


def commands(bind: str, beat_schedule: str | Path) -> dict[str, list[str]]:
    """What ``manage.py run`` and docker-compose.yml run: arguments of a Python interpreter."""
    celery = ("-m", "celery", "-A", "legalds", "--quiet")
    return {
        "web": ["-m", "legalds.web", bind],
        "worker": [*celery, "worker", "--loglevel", "INFO", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(beat_schedule)],
    }


class Child:
    """A process that is started again when it ends by itself, after a pause that grows while it keeps ending."""

    def __init__(self, name: str, arguments: Sequence[str], folder: Path) -> None:
        self.name = name
        self._command, self._folder = [sys.executable, *arguments], folder
        self._ends = 0
        self._due_at: float | None = None
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter, no shell
            self._command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            umask=0o077,  # what they write into the data folder is for its owner alone
        )
        self._started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def keep_running(self, say: Callable[[str], object]) -> None:
        now = time.monotonic()
        if self.is_running:
            return
        if self._due_at is None:
            self._ends = 1 if now - self._started_at > STEADY_S else self._ends + 1
            pause_s = min(2 ** (self._ends - 1), LONGEST_PAUSE_S)
            self._due_at = now + pause_s
            say(f"{self.name} ended by itself {self.how}; starting it again in {pause_s} s")
        elif now >= self._due_at:
            self._due_at = None
            self._start()

    @property
    def how(self) -> str:
        code = self.process.returncode
        return f"by signal {-code}" if code < 0 else f"with exit code {code}"


def supervise(
    processes: Mapping[str, Sequence[str]], folder: Path, say: Callable[[str], object], *, grace_s: float
) -> int:
    """Run all of them until SIGINT or SIGTERM (returns 0), or until the first one ends (returns 1); the others are
    stopped. One of these others that ends before is started again.

    They get ``grace_s`` and SAVING_S seconds to end, or until a second signal; then they are killed.

    Each has a session of its own: Ctrl-C reaches only us, and we ask each main process once, so that a Celery
    worker can finish its calls in flight instead of losing its children.
    """
    signals = 0

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal signals
        signals += 1

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    running: list[Child] = []
    try:
        for name, arguments in processes.items():
            running.append(Child(name, arguments, folder))
        first, *others = running
        while not signals and first.is_running:
            for child in others:
                child.keep_running(say)
            time.sleep(0.1)
        if not signals:
            say(f"{first.name} ended by itself {first.how}; stopping the others")
        return 0 if signals else 1
    finally:
        deadline = time.monotonic() + grace_s + SAVING_S
        _stop([child.process for child in running], lambda: signals > 1 or time.monotonic() > deadline)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(running: Sequence[subprocess.Popen[bytes]], is_over: Callable[[], bool]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    while any(process.poll() is None for process in running) and not is_over():
        time.sleep(0.1)
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
