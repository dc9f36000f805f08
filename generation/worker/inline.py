"""Working a batch off in this process, without Celery."""

import time

from generation.choices import ACTIVE
from generation.models import Batch
from generation.worker.lane import run_lane
from generation.worker.upkeep import hand_back_expired, wake_paused

IDLE_S = 1.0


def work_off(batch_id: int, *, deadline: float) -> None:
    """Run lanes until the batch has ended or ``deadline`` (of time.monotonic) has passed; sits out its pauses."""
    while time.monotonic() < deadline:
        run_lane(batch_id, claim_for_s=deadline - time.monotonic())
        if Batch.objects.filter(pk=batch_id).exclude(status__in=ACTIVE).exists():
            return
        hand_back_expired()
        wake_paused()
        time.sleep(min(IDLE_S, max(0.0, deadline - time.monotonic())))
