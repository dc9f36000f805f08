"""What each process of a worker's pool does when it starts."""

import gc
import logging
import time
from threading import Thread

from celery.signals import worker_process_init
from django.db import connections

from generation.worker import unsaved
from generation.worker.database import AWAY

logger = logging.getLogger(__name__)

RETRY_S = 5.0
GC_THRESHOLD = (20_000, 20, 50)


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
            except AWAY as error:
                logger.warning("unsaved results wait for the database: %s", error)
                connections.close_all()
            if unsaved.are_waiting():
                time.sleep(RETRY_S)
    finally:
        connections.close_all()
