"""What Celery runs. Tasks take ids, hold no logic, and are safe to run twice."""

from celery import shared_task

from generation.worker import heartbeat, pool  # noqa: F401 - listens to the signals of Celery
from generation.worker.lane import run_lane
from generation.worker.lanes import Place
from generation.worker.queue import queue_lanes
from generation.worker.upkeep import keep_up_in_turn


@shared_task
def work(batch_id: int, slot: int, round: int) -> None:  # noqa: A002 - the word of lanes.Place
    """One lane of a batch for a short while; comes back for more while there is more."""
    heartbeat.beat()
    next_round = run_lane(Place(batch_id, slot, round))
    if next_round is not None:
        queue_lanes([next_round])


@shared_task
def tick() -> None:
    """One round of upkeep: the scheduler asks for it, and each worker's own timer."""
    heartbeat.beat()
    keep_up_in_turn()
