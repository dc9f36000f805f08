"""Lanes at work beside the test."""

import threading

import pytest
from django.db import connection


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
