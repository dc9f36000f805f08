"""The processes of an installation: what each runs, and a supervisor for all of them on one machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

# A worker's lanes finish or hand back their calls within eight seconds (generation.worker.lane.DRAIN_S).
_STOP_WAIT_S = 20.0


def commands(bind: str, beat_schedule: str | Path) -> dict[str, list[str]]:
    """What ``manage.py run`` and docker-compose.yml run: arguments of a Python interpreter."""
    celery = ("-m", "celery", "-A", "legalds", "--quiet")
    return {
        "web": [
            *("-m", "gunicorn", "legalds.wsgi", "--bind", bind, "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "4", "--no-control-socket"),
        ],
        "worker": [*celery, "worker", "--loglevel", "INFO", "--without-gossip"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(beat_schedule)],
    }


def supervise(processes: Mapping[str, Sequence[str]], folder: Path, say: Callable[[str], object]) -> int:
    """Run all of them until SIGINT or SIGTERM (returns 0) or until one ends (returns 1); the others are stopped.

    Each has a session of its own: Ctrl-C reaches only us, and we ask each main process once, so that a Celery
    worker can finish its calls in flight instead of losing its children.
    """
    is_stopping = False

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_stopping
        is_stopping = True

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, arguments in processes.items():
            running[name] = subprocess.Popen(  # noqa: S603  our own interpreter, no shell
                [sys.executable, *arguments], cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True
            )
        while not is_stopping and all(process.poll() is None for process in running.values()):
            time.sleep(0.1)
        ended = [name for name, process in running.items() if process.poll() is not None]
        for name in ended:
            say(f"{name} ended by itself with exit code {running[name].returncode}; stopping the others")
        return 1 if ended and not is_stopping else 0
    finally:
        _stop(running)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + _STOP_WAIT_S
    for process in running.values():
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
