"""Each worker's own timer: upkeep goes on without the scheduler. It asks by the queue, for the main process forks the
pool and must hold no connection to the database."""

import logging
from typing import Any

from celery import bootsteps, current_app
from kombu.exceptions import OperationalError as BrokerError

logger = logging.getLogger(__name__)

TICK = "generation.tasks.tick"
EVERY_S = 5.0


class UpkeepTimer(bootsteps.StartStopStep):
    """A step of the worker's consumer: started anew with each connection to the broker."""

    requires = ("celery.worker.consumer.tasks:Tasks",)
    _entry: Any = None

    def start(self, consumer: Any) -> None:
        queue_tick()
        self._entry = consumer.timer.call_repeatedly(EVERY_S, queue_tick)

    def stop(self, consumer: Any) -> None:
        if self._entry is not None:
            self._entry.cancel()
            self._entry = None


def queue_tick() -> None:
    """A message that nobody takes up before the next one is dropped."""
    try:
        current_app.send_task(TICK, expires=EVERY_S)
    except BrokerError as error:
        logger.warning("upkeep is not queued, the broker is away: %s", error)
