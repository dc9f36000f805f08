"""What Celery runs. Tasks take ids, hold no logic, and are safe to run twice."""

import logging

from celery import shared_task

from generation.worker.items.places import Place
from generation.worker.running import heartbeat, pool  # noqa: F401 - listens to the signals of Celery
from generation.worker.running.host import Host
from generation.worker.running.queue import is_own
from generation.worker.running.upkeep import compare_vendors_in_turn, keep_up_in_turn, mark_duplicates_in_turn
from providers.database import DatabaseAway, asking

logger = logging.getLogger(__name__)


@shared_task
def work(batch_id: int, slot: int, round: int, installation: str = "") -> None:  # noqa: A002 - the word of Place
    """One lane of a batch for a short while, and its guests; it comes back for more while there is more."""
    heartbeat.beat()
    try:
        with asking():
            if is_own(installation):
                Host().work(Place(batch_id, slot, round))
    except DatabaseAway as error:  # upkeep sends somebody again
        logger.warning("batch %s: the database is away: %s", batch_id, error)


@shared_task
def tick() -> None:
    """One round of upkeep: the scheduler asks for it, and each worker's own timer."""
    heartbeat.beat()
    keep_up_in_turn()
    compare_vendors_in_turn()
    mark_duplicates_in_turn()
