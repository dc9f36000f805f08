"""Working a batch off in this process, without Celery."""

import time
from collections.abc import Callable

from generation.choices import ACTIVE
from generation.models import Batch
from generation.worker import lanes, upkeep
from generation.worker.lane import run_lane

IDLE_S = 1.0
SLOT = 0


def work_off(batch_id: int, *, deadline: float, is_halted: Callable[[], bool] = lambda: False) -> None:
    """Run lanes until the batch has ended, ``deadline`` (of time.monotonic) has passed, or it is halted.

    Pauses are sat out. Calls in flight at the end are waited for and kept.
    """
    lanes.prepare(Batch.objects.get(pk=batch_id), places=1)
    while time.monotonic() < deadline and not is_halted():
        run_lane(batch_id, SLOT, claim_for_s=deadline - time.monotonic(), is_halted=is_halted)
        if not Batch.objects.filter(pk=batch_id, status__in=ACTIVE).exists():
            return
        upkeep.hand_back_expired()
        upkeep.wake_paused()
        time.sleep(min(IDLE_S, max(0.0, deadline - time.monotonic())))
