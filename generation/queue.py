"""Queueing lanes for the Celery workers."""

import logging
from collections.abc import Iterable

from celery import current_app
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)

WORK = "generation.tasks.work"


def queue_lanes(batch_id: int, slots: Iterable[int]) -> None:
    """Ask the workers to fill these places. Where the broker is away nothing is lost: upkeep asks again."""
    try:
        for slot in slots:
            current_app.send_task(WORK, (batch_id, slot))
    except BrokerError as error:
        logger.warning("batch %s is not queued yet, the broker is away: %s", batch_id, error)
