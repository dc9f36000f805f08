"""Each worker's own timer: it says how many processes there are, and upkeep goes on without the scheduler. It asks by
the queue, for the main process forks the pool and must hold no connection to the database."""

import logging
from typing import Any
from uuid import uuid4

from celery import bootsteps, current_app
from kombu.exceptions import OperationalError as BrokerError

from generation.worker.running import heartbeat, processes, shutdown

logger = logging.getLogger(__name__)

TICK = "generation.tasks.tick"
EVERY_S = 5.0


class WorkerTimer(bootsteps.StartStopStep):
    """A step of the worker's consumer: started anew with each connection to the broker."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._name = f"{parent.hostname}:{uuid4().hex}"  # two workers of one machine may bear the same name
        self._entry: Any = None

    def start(self, consumer: Any) -> None:
        self._go_on(consumer)
        self._entry = consumer.timer.call_repeatedly(EVERY_S, self._go_on, (consumer,))

    def stop(self, _consumer: Any) -> None:
        if self._entry is not None:
            self._entry.cancel()
            self._entry = None
        if shutdown.requested():
            processes.take_back(self._name)

    def _go_on(self, consumer: Any) -> None:
        if not shutdown.requested():
            processes.announce(self._name, consumer.pool.num_processes)
        heartbeat.beat()  # where lanes hold every process, no tick is taken up
        queue_tick()


def queue_tick() -> None:
    """A message that nobody takes up before the next one is dropped."""
    try:
        current_app.send_task(TICK, expires=EVERY_S)
    except BrokerError as error:
        logger.warning("upkeep is not queued, the broker is away: %s", error)
