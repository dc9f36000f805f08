"""Each worker's own timer: it says how many processes there are, and upkeep goes on without the scheduler. It asks by
the queue, for the main process forks the pool and must hold no connection to the database."""

import logging
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery import bootsteps, current_app
from kombu.exceptions import OperationalError as BrokerError

from generation.worker.results import files
from generation.worker.running import heartbeat, processes, shutdown

logger = logging.getLogger(__name__)

TICK = "generation.tasks.tick"
EVERY_S = 5.0
RECOVER_S = 1.0


class WorkerTimer(bootsteps.StartStopStep):
    """A step of the worker's consumer: started anew with each connection to the broker."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._name = f"{parent.hostname}:{uuid4().hex}"  # two workers of one machine may bear the same name
        self._entries: list[Any] = []
        self._left: set[Path] = set()

    def start(self, consumer: Any) -> None:
        self._go_on(consumer)
        repeatedly = consumer.timer.call_repeatedly
        self._entries = [repeatedly(EVERY_S, self._go_on, (consumer,)), repeatedly(RECOVER_S, self._look)]

    def stop(self, _consumer: Any) -> None:
        for entry in self._entries:
            entry.cancel()
        self._entries.clear()
        if shutdown.requested():
            processes.take_back(self._name)

    def _go_on(self, consumer: Any) -> None:
        if not shutdown.requested():
            processes.announce(self._name, consumer.pool.num_processes)
        heartbeat.beat()  # where lanes hold every process, no tick is taken up
        queue_tick()

    def _look(self) -> None:
        """Where a process of this machine has died, its answers are taken up before their items are asked again."""
        left = set(files.left())
        if left - self._left:
            queue_tick()
        self._left = left


def queue_tick() -> None:
    """A message that nobody takes up before the next one is dropped."""
    try:
        current_app.send_task(TICK, expires=EVERY_S)
    except BrokerError as error:
        logger.warning("upkeep is not queued, the broker is away: %s", error)
