"""What people do with batches: start, stop, resume, retry, set urgency. All that writes their rows for a person."""

import random
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from generation.actions.cap_rules import KEEP_CAPS, CapChange, CapReached, changed_caps
from generation.actions.orders import NAMED_MAX, SEED_MAX, BatchOrder, order_errors, urgency_errors
from generation.choices import ACTIVE, BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.worker.items import places
from generation.worker.items.planner import plan_ahead
from generation.worker.running.queue import queue_lanes
from providers.configuration import actor
from providers.routing.limits.urgency import Urgency
from samples import vocabulary
from samples.actions import keep_edition

AWAKE: Mapping[str, Any] = {"status_reason": "", "wake_at": None, "needs_tokens": None, "needs_cost": None}


class BatchConflict(Exception):  # noqa: N818 - named for the HTTP status that it becomes
    """The batch is in no state for what was asked; says in which it is and what to do."""

    status_code = 409


def start_batch(order: BatchOrder, user: User | None = None, *, queue: bool = True) -> Batch:
    """Check the order, write the batch with its first items, and queue its lanes once that is committed.

    Raises ValidationError with the fields at fault; nothing is written then. With ``queue=False`` the caller works it
    off. A large batch's further items are planned when its lanes need them, by the taxonomy that
    it was ordered with.
    """
    known = vocabulary.current()
    if errors := order_errors(order, known):
        raise ValidationError(errors)
    ordered = asdict(order)
    del ordered["confirmed"]
    ordered["urgency"] = Urgency.of(order.urgency)
    if order.seed is None:
        ordered["seed"] = random.randrange(SEED_MAX)  # noqa: S311 - no secret
    with transaction.atomic():
        _act_for_person()
        batch = Batch.objects.create(**ordered, created_by=user, edition_id=keep_edition(known))
        plan_ahead(batch.pk)
        if queue:
            _queue(batch)
    batch.refresh_from_db()
    return batch


def stop_batch(pk: int, reason: str = "") -> Batch:
    """Nothing new starts; calls in flight finish and are kept. Raises BatchConflict where it has ended."""
    with transaction.atomic():
        _act_for_person()
        moved = Batch.objects.filter(pk=pk).move_to(
            BatchStatus.STOPPED, finished_at=Now(), status_reason=reason, wake_at=None
        )
    return _moved(pk, moved, "stopped", "Only a pending, running or paused batch can be.")


def resume_batch(pk: int, change: CapChange = KEEP_CAPS) -> Batch:
    """Go on with exactly the missing items, under new caps where some are given.

    Raises BatchConflict where it was not stopped or paused, or is at a cap that stays; ValidationError where a new cap
    is none or is still too low.
    """
    with transaction.atomic():
        _act_for_person()
        before = Batch.objects.select_for_update().get(pk=pk)
        moved = Batch.objects.filter(pk=pk, status__in=(BatchStatus.STOPPED, BatchStatus.PAUSED)).move_to(
            BatchStatus.RUNNING, started_at=Coalesce("started_at", Now()), finished_at=None, **AWAKE
        )
        _moved(pk, moved, "resumed", "Only a stopped or paused batch can be; retry takes up failed items.")
        _set_caps(before, change)
        Item.objects.filter(batch_id=pk, retry_at__isnull=False).update(retry_at=None)
        batch = Batch.objects.get(pk=pk)
        _queue(batch)
    return batch


def retry_failed(pk: int, numbers: Collection[int] | None = None) -> Batch:
    """Take up the failed items, and only those, with a fresh budget; of these ``numbers``, where some are given.

    Raises BatchConflict where none failed or the batch is stopped.
    """
    with transaction.atomic():
        _act_for_person()
        batch = Batch.objects.select_for_update().get(pk=pk)
        if batch.status == BatchStatus.STOPPED:
            raise BatchConflict(f"Batch {pk} is stopped. Resume it first; retry then takes up its failed items.")
        if batch.is_at_cap:
            raise BatchConflict(
                f"Batch {pk} is at its cap. Resume it with a higher one; retry then takes up its failed items."
            )
        failed = Item.objects.filter(batch_id=pk, status=ItemStatus.FAILED)
        if numbers is not None:
            failed = failed.filter(number__in=numbers)
        count = failed.retry()
        if not count:
            raise BatchConflict(_nothing_failed(pk, numbers))
        Batch.objects.filter(pk=pk).update(failed=F("failed") - count)
        Batch.objects.filter(pk=pk).move_to(BatchStatus.RUNNING, finished_at=None, **AWAKE)
        batch.refresh_from_db()
        _queue(batch)
    return batch


def set_urgency(pk: int, urgency: str) -> Batch:
    """Its lanes go by it within a second.

    Raises ValidationError where there is no such urgency, BatchConflict where the batch has ended.
    """
    if errors := dict(urgency_errors(urgency)):
        raise ValidationError(errors)
    changed = Batch.objects.filter(pk=pk, status__in=ACTIVE).update(urgency=Urgency.of(urgency))
    rule = "Only a pending, running or paused batch can be."
    return _moved(pk, changed, f"made {urgency}", rule)


def _nothing_failed(pk: int, numbers: Collection[int] | None) -> str:
    if numbers is None:
        return f"Batch {pk} has no failed items to retry."
    named = ", ".join(map(str, sorted(numbers)[:NAMED_MAX])) + (" ..." if len(numbers) > NAMED_MAX else "")
    subject = f"Item {named} of batch {pk} is" if len(numbers) == 1 else f"Of batch {pk}, items {named} are"
    return f"{subject} not failed, or not any more."


def _queue(batch: Batch) -> None:
    """Send for workers to every place to which nobody comes, once the batch is committed."""
    prepared = places.prepare(batch)
    transaction.on_commit(lambda: queue_lanes(prepared))


def _set_caps(batch: Batch, change: CapChange) -> None:
    try:
        token_cap, cost_cap = changed_caps(batch, change)
    except CapReached as reached:
        remedy = "Give a higher cap in the same request, or none."
        raise BatchConflict(f"Batch {batch.pk} cannot be resumed. {reached} {remedy}") from None
    Batch.objects.filter(pk=batch.pk).update(token_cap=token_cap, cost_cap=cost_cap)


def _moved(pk: int, moved: int, done: str, rule: str) -> Batch:
    batch = Batch.objects.get(pk=pk)
    if not moved:
        raise BatchConflict(f"Batch {pk} is {batch.get_status_display().lower()} and cannot be {done}. {rule}")
    return batch


def _act_for_person() -> None:
    """What this transaction does to statuses is by whom the context names: the triggers read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('legalds.actor', %s, true)", [actor.asker().name])
