"""Following a batch from a terminal."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from generation.choices import ACTIVE
from generation.models import Batch
from generation.worker.inline import work_off

POLL_S = 0.3


def follow(batch_id: int, console: Console, *, deadline: float, is_over: Callable[[], bool] = lambda: False) -> Batch:
    """Show the batch's progress until it has ended or the deadline (of time.monotonic) has passed."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as progress:
        bar = None
        for batch in _watch(batch_id, deadline, is_over):
            if bar is None:
                bar = progress.add_task(str(batch), total=batch.count, note="")
            note = f"{batch.status} {batch.status_reason}".strip() if batch.status_reason else batch.status
            progress.update(bar, completed=batch.generated + batch.failed, note=note)
    return batch


def work_off_and_follow(batch_id: int, console: Console, *, deadline: float) -> Batch:
    """Work the batch off in a thread of this process, and show its progress meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="work") as pool:
        work = pool.submit(_work_off, batch_id, deadline)
        follow(batch_id, console, deadline=deadline, is_over=work.done)
        work.result()
    return Batch.objects.get(pk=batch_id)


def _work_off(batch_id: int, deadline: float) -> None:
    try:
        work_off(batch_id, deadline=deadline)
    finally:
        connection.close()


def _watch(batch_id: int, deadline: float, is_over: Callable[[], bool]) -> Iterator[Batch]:
    while True:
        over = is_over()
        batch = Batch.objects.get(pk=batch_id)
        yield batch
        if over or batch.status not in ACTIVE or time.monotonic() >= deadline:
            return
        time.sleep(POLL_S)
