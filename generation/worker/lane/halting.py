"""How a lane that is told to stop ends: nothing new starts, and what is in flight has its time. It never waits for the
database."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from generation.worker.lane.in_work import ItemsInWork

LOOK_UP_S = 0.25
LAST_TRIES_S = 3.0  # a worker that must stop, and has no call in flight, waits so long for the database


@dataclass(slots=True)
class Halting:
    """Once ``is_halted``, calls in flight get SHUTDOWN_GRACE_S seconds; none where it ``is_urgent``."""

    is_halted: Callable[[], bool]
    is_urgent: Callable[[], bool]
    _quiet_at: float | None = None

    async def heed(self, stop: Callable[[], None], in_work: ItemsInWork) -> None:
        """Stop when told to, and cut off what is in flight when its time is over. Goes on until it is cancelled."""
        halted_at: float | None = None
        is_cut_off = False
        while True:
            now = time.monotonic()
            if self.is_halted():
                halted_at = now if halted_at is None else halted_at
                stop()
                if not is_cut_off and (self.is_urgent() or now - halted_at > settings.SHUTDOWN_GRACE_S):
                    in_work.cut_off()
                    is_cut_off = True
                if not len(in_work) and self._quiet_at is None:
                    self._quiet_at = now
            await asyncio.sleep(LOOK_UP_S)

    def is_hurried(self) -> bool:
        """Whether nobody may wait for the database any longer."""
        return self._quiet_at is not None and time.monotonic() - self._quiet_at > LAST_TRIES_S
