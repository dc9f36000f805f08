"""Statuses, and the one table of allowed moves for each."""

from collections.abc import Mapping

from django.db import models

from providers.llm.errors import ErrorKind


class BatchStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    COMPLETED = "completed", "Completed"
    COMPLETED_WITH_FAILURES = "completed_with_failures", "Completed with failures"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"


ACTIVE = frozenset({BatchStatus.PENDING, BatchStatus.RUNNING, BatchStatus.PAUSED})
ENDED = frozenset(BatchStatus) - ACTIVE

BATCH_MOVES: Mapping[BatchStatus, frozenset[BatchStatus]] = {
    BatchStatus.PENDING: frozenset({BatchStatus.RUNNING, BatchStatus.STOPPED}),
    BatchStatus.RUNNING: ENDED | {BatchStatus.PAUSED},
    BatchStatus.PAUSED: ENDED | {BatchStatus.RUNNING},
    BatchStatus.STOPPED: frozenset({BatchStatus.RUNNING}),
    BatchStatus.COMPLETED_WITH_FAILURES: frozenset({BatchStatus.RUNNING}),
    BatchStatus.FAILED: frozenset({BatchStatus.RUNNING}),
    BatchStatus.COMPLETED: frozenset(),
}


class ItemStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    LEASED = "leased", "In work"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


ITEM_MOVES: Mapping[ItemStatus, frozenset[ItemStatus]] = {
    # A finished result may arrive after its lease was taken back, while nobody has claimed the item again.
    # Or it makes the item another one, which then waits as that one did.
    ItemStatus.PENDING: frozenset({ItemStatus.PENDING, ItemStatus.LEASED, ItemStatus.DONE, ItemStatus.FAILED}),
    ItemStatus.LEASED: frozenset({ItemStatus.PENDING, ItemStatus.DONE, ItemStatus.FAILED}),
    ItemStatus.FAILED: frozenset({ItemStatus.PENDING}),
    ItemStatus.DONE: frozenset(),
}

OK_OUTCOME = "ok"
OUTCOMES = [(OK_OUTCOME, "OK"), *((kind.value, kind.value.replace("_", " ").capitalize()) for kind in ErrorKind)]
"""How a call may have ended."""


class EventKind(models.TextChoices):
    """What a batch's timeline holds."""

    STATUS = "status", "Status"
    SUSPENDED = "suspended", "Suspended"
    RECOVERED = "recovered", "Recovered"
    REROUTED = "rerouted", "Rerouted"
