"""Orders for lanes to work off, and waiting for what they do."""

import time

from generation.actions import BatchOrder, start_batch


def wait_until(condition, timeout_s=10.0):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def order(count, **fields):
    return start_batch(BatchOrder(count=count, **fields), queue=False)
