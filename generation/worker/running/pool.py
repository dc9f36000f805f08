"""What a worker does before it starts its processes, and each of them when it starts."""

import gc
import logging
import sys
import time
from threading import Thread

from celery.signals import beat_init, worker_init, worker_process_init
from django.db import connections

from generation.worker.results import files, recovery
from providers.calling import shared_store
from providers.database import DatabaseAway
from providers.llm.clients import load_adapters

logger = logging.getLogger(__name__)

RETRY_S = 5.0
GC_THRESHOLD = (20_000, 20, 50)
EXIT_CODE = 3


@worker_init.connect
@beat_init.connect
def require_own_store(**_: object) -> None:
    """End the process where Redis is another installation's; its children must inherit no connection."""
    words = shared_store.whose_words()
    connections.close_all()
    if words:
        logger.critical("%s", words)
        sys.exit(EXIT_CODE)


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
    if files.left():
        Thread(target=recover, name="recovery", daemon=True).start()


def recover() -> None:
    """Save what earlier processes of this machine could not, as soon as the database is there."""
    try:
        while True:
            try:
                recovery.take_up()
            except DatabaseAway as error:
                logger.warning("unsaved results wait for the database: %s", error)
                time.sleep(RETRY_S)
            else:
                return
    finally:
        connections.close_all()
