"""What Celery runs. Tasks take ids, hold no logic, and are safe to run twice."""

from celery import shared_task

from generation.worker import run_lane
from generation.worker.upkeep import batches_without_lane, hand_back_expired, wake_paused

LANE_REQUEST_EXPIRES_S = 20


@shared_task
def work(batch_id: int) -> None:
    """One lane of a batch for a short while; comes back for more while there is more."""
    if run_lane(batch_id):
        work.delay(batch_id)


@shared_task
def tick() -> None:
    """The scheduler's round: dead workers' items go back, paused batches wake, and batches without a lane get one."""
    hand_back_expired()
    wake_paused()
    for batch_id in batches_without_lane():
        work.apply_async((batch_id,), expires=LANE_REQUEST_EXPIRES_S)
