"""Following a batch from a terminal."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from types import FrameType

from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from generation.actions import BatchConflict, stop_batch
from generation.choices import ACTIVE
from generation.models import Batch
from generation.worker.running.inline import work_off
from providers.database import DatabaseAway, asking

POLL_S = 0.3
AWAY_PAUSE_S = 1.0


def follow(batch_id: int, console: Console, *, deadline: float, is_over: Callable[[], bool] = lambda: False) -> Batch:
    """Show the batch's progress until it has ended, is at its cap, or the deadline (of time.monotonic) has passed."""
    parts = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[note]}"))
    with Progress(TextColumn("{task.description}"), *parts, console=console) as progress:
        bar = None
        for batch in _watch(batch_id, deadline, is_over):
            if bar is None:
                bar = progress.add_task(str(batch), total=batch.count, note="")
            note = f"{batch.status}: {batch.status_reason}" if batch.status_reason else batch.status
            progress.update(bar, completed=batch.generated + batch.failed, note=note)
    return batch


def work_off_and_follow(batch_id: int, console: Console, *, deadline: float) -> Batch:
    """Work the batch off in a thread of this process, and show its progress.

    At its cap it stays paused. At the deadline it is stopped with what it has; calls in flight are waited for and
    kept. So it is at KeyboardInterrupt, which is raised on, but the calls get SHUTDOWN_GRACE_S seconds then, and at a
    second one none.
    """
    halt, urgent = Event(), Event()
    with ThreadPoolExecutor(1, thread_name_prefix="work") as pool, _remembered_interrupts() as was_interrupted:
        work = pool.submit(_work_off, batch_id, deadline, halt, urgent)

        def is_over() -> bool:
            if was_interrupted():
                raise KeyboardInterrupt
            return work.done()

        try:
            batch = follow(batch_id, console, deadline=deadline, is_over=is_over)
            if batch.is_at_cap:
                halt.set()
            else:
                _stop_unless_ended(batch_id, "not done in the time it was given")
        except BaseException:  # Ctrl-C above all: whatever ends the watching must end the work, and is raised on
            halt.set()
            try:
                _stop_unless_ended(batch_id, "interrupted")
                console.print("Calls in flight are finished and kept; Ctrl-C again gives them up.")
                wait([work])
            except KeyboardInterrupt:
                urgent.set()
            raise
        work.result()
    return Batch.objects.get(pk=batch_id)


@contextmanager
def _remembered_interrupts() -> Iterator[Callable[[], bool]]:
    """Ctrl-C is raised as ever, and remembered: where it meets the driver in mid-query, a database error hides it."""
    seen = Event()
    if threading.current_thread() is not threading.main_thread():
        yield seen.is_set
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        seen.set()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield seen.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _stop_unless_ended(batch_id: int, why: str) -> None:
    reason = Batch.objects.values_list("status_reason", flat=True).get(pk=batch_id)
    try:
        stop_batch(batch_id, f"{why}; last: {reason}" if reason else why)
    except BatchConflict:
        return


def _work_off(batch_id: int, deadline: float, halt: Event, urgent: Event) -> None:
    try:
        work_off(batch_id, deadline=deadline, is_halted=halt.is_set, is_urgent=urgent.is_set)
    finally:
        connection.close()


def _watch(batch_id: int, deadline: float, is_over: Callable[[], bool]) -> Iterator[Batch]:
    while True:
        over = is_over()
        try:
            with asking():
                batch = Batch.objects.get(pk=batch_id)
        except DatabaseAway:
            time.sleep(AWAY_PAUSE_S)
            continue
        yield batch
        if over or batch.status not in ACTIVE or batch.is_at_cap or time.monotonic() >= deadline:
            return
        time.sleep(POLL_S)
