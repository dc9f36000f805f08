"""What Celery runs. Tasks take ids, hold no logic, and are safe to run twice."""

from celery import shared_task

from generation.queue import queue_lanes
from generation.worker import run_lane
from generation.worker.upkeep import keep_up


@shared_task
def work(batch_id: int, slot: int) -> None:
    """One lane of a batch for a short while; comes back for more while there is more."""
    if run_lane(batch_id, slot):
        queue_lanes(batch_id, [slot])


@shared_task
def tick() -> None:
    """The scheduler's round."""
    keep_up()
