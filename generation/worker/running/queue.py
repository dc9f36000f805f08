"""Queueing lanes for the Celery workers."""

import logging
from collections.abc import Iterable

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerError

from generation.worker.items.places import Place
from providers.configuration.snapshot import read_installation

logger = logging.getLogger(__name__)

WORK = "generation.tasks.work"


def queue_lanes(places: Iterable[Place]) -> None:
    """Ask the workers to fill these places. Where the broker is away nothing is lost: upkeep asks again."""
    sent_for = list(places)
    installation = read_installation() if sent_for else ""
    for place in sent_for:
        try:
            current_app.send_task(WORK, (place.batch_id, place.slot, place.round, installation))
        except BrokerError as error:
            logger.warning("batch %s is not queued yet, the broker is away: %s", place.batch_id, error)
            return


def is_own(installation: str) -> bool:
    """Whether a message is of this installation. Another one's numbers of batches mean nothing here."""
    if installation == read_installation():
        return True
    logger.error(
        "a message of another installation was dropped: it uses the same Redis under the same prefix, %s. Set another "
        "KEY_PREFIX for one of the two.",
        settings.KEY_PREFIX,
    )
    return False
