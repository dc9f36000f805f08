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


def supervise(
    processes: Mapping[str, Sequence[str]], folder: Path, say: Callable[[str], object], *, grace_s: float
) -> int:
    """Run all of them until SIGINT or SIGTERM (returns 0) or until one ends (returns 1); the others are stopped.

    They get ``grace_s`` and SAVING_S seconds to end, or until a second signal; then they are killed.

    Each has a session of its own: Ctrl-C reaches only us, and we ask each main process once, so that a Celery
    worker can finish its calls in flight instead of losing its children.
    """
    signals = 0

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal signals
        signals += 1

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, arguments in processes.items():
            running[name] = subprocess.Popen(  # noqa: S603  our own interpreter, no shell
                [sys.executable, *arguments], cwd=folder, stdin=subprocess.DEVNULL, start_new_session=True
            )
        while not signals and all(process.poll() is None for process in running.values()):
            time.sleep(0.1)
        ended = [name for name, process in running.items() if process.poll() is not None]
        for name in ended:
            say(f"{name} ended by itself with exit code {running[name].returncode}; stopping the others")
        return 1 if ended and not signals else 0
    finally:
        deadline = time.monotonic() + grace_s + SAVING_S
        _stop(running, lambda: signals > 1 or time.monotonic() > deadline)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(running: Mapping[str, subprocess.Popen[bytes]], is_over: Callable[[], bool]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    while any(process.poll() is None for process in running.values()) and not is_over():
        time.sleep(0.1)
    for process in running.values():
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
