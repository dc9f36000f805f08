"""Queueing lanes for the Celery workers."""

import logging
from collections.abc import Iterable

from celery import current_app
from kombu.exceptions import OperationalError as BrokerError

from generation.worker.items.places import Place

logger = logging.getLogger(__name__)

WORK = "generation.tasks.work"


def queue_lanes(places: Iterable[Place]) -> None:
    """Ask the workers to fill these places. Where the broker is away nothing is lost: upkeep asks again."""
    for place in places:
        try:
            current_app.send_task(WORK, (place.batch_id, place.slot, place.round))
        except BrokerError as error:
            logger.warning("batch %s is not queued yet, the broker is away: %s", place.batch_id, error)
            return
