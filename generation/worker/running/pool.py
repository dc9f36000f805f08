"""What a worker does before it starts its processes, and each of them when it starts."""

import gc
import logging
import time
from threading import Thread

from celery.signals import worker_init, worker_process_init
from django.db import connections

from generation.worker.results import unsaved
from providers.database import DatabaseAway
from providers.llm.clients import load_adapters

logger = logging.getLogger(__name__)

RETRY_S = 5.0
GC_THRESHOLD = (20_000, 20, 50)


@worker_init.connect
def load(**_: object) -> None:
    """What every process of the pool will need: once, in memory that they share."""
    load_adapters()


@worker_process_init.connect
def prepare(**_: object) -> None:
    """What is loaded by now stays: the garbage collector need not walk it again and again beside the calls."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)
    if unsaved.are_waiting():
        Thread(target=take_up_unsaved, name="unsaved", daemon=True).start()


def take_up_unsaved() -> None:
    """Save what earlier processes of this machine could not, as soon as the database is there."""
    try:
        while unsaved.are_waiting():
            try:
                unsaved.take_up()
            except DatabaseAway as error:
                logger.warning("unsaved results wait for the database: %s", error)
            if unsaved.are_waiting():
                time.sleep(RETRY_S)
    finally:
        connections.close_all()
