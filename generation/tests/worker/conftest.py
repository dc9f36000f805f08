"""Lanes at work beside the test."""

import threading
import time

import pytest
from django.db import connection

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.worker.lanes import order, wait_until
from generation.worker.running import inline


@pytest.fixture
def in_background(settings):
    """Run a function in a thread that ends before the test does, and before its settings do."""
    threads = []

    def start(function, *args, **kwargs):
        def run():
            try:
                function(*args, **kwargs)
            finally:
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def run_until_paused(vendors, in_background):
    """Order a batch and work it off until it is paused; the batch as it then is."""

    def run(count, **fields):
        batch, halt = order(count, **fields), threading.Event()
        lane = in_background(inline.work_off, batch.pk, deadline=time.monotonic() + 60, is_halted=halt.is_set)
        wait_until(lambda: Batch.objects.get(pk=batch.pk).status == BatchStatus.PAUSED, 60)
        halt.set()
        lane.join(60)
        return Batch.objects.get(pk=batch.pk)

    return run
