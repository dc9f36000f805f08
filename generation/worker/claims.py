"""Claiming items and holding them: conditional updates under leases, by PostgreSQL's clock."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item

LEASE = timedelta(seconds=20)


def open_batch(batch_id: int) -> Batch | None:
    """The batch, running from now on; None where it is not to be worked on."""
    Batch.objects.filter(pk=batch_id, status=BatchStatus.PENDING).move_to(BatchStatus.RUNNING, started_at=Now())
    return Batch.objects.filter(pk=batch_id, status=BatchStatus.RUNNING).first()


def claim(batch_id: int, lease_token: UUID, limit: int) -> list[Item]:
    """Up to ``limit`` pending items of a running batch, leased to the bearer. Rows that others hold are passed by."""
    with transaction.atomic():
        waiting = Item.objects.pending().filter(batch_id=batch_id, batch__status=BatchStatus.RUNNING)
        items = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("number")[:limit])
        Item.objects.filter(pk__in=[item.pk for item in items]).update(
            status=ItemStatus.LEASED, lease_token=lease_token, leased_until=Now() + LEASE
        )
    return items


def renew(lease_token: UUID) -> int:
    return Item.objects.held_under(lease_token).update(leased_until=Now() + LEASE)


def pause_batch(batch_id: int, reason: str, wake_after_s: float | None) -> None:
    """Wait visibly: until ``wake_after_s`` from now, or, where that is None, until a route can work again."""
    wake_at = None if wake_after_s is None else Now() + timedelta(seconds=wake_after_s)
    Batch.objects.filter(pk=batch_id).move_to(BatchStatus.PAUSED, status_reason=reason, wake_at=wake_at)


def finish_if_done(batch_id: int) -> bool:
    """End the batch where none of its items is open. How it ended is what its counters say."""
    batch = Batch.objects.filter(pk=batch_id, status__in=(BatchStatus.RUNNING, BatchStatus.PAUSED))
    done = batch.exclude(Q(pk__in=Item.objects.open().filter(batch_id=batch_id).values("batch_id")))
    ends: Collection[tuple[Q, BatchStatus]] = (
        (Q(failed=0), BatchStatus.COMPLETED),
        (Q(failed__gt=0, generated=0), BatchStatus.FAILED),
        (Q(failed__gt=0, generated__gt=0), BatchStatus.COMPLETED_WITH_FAILURES),
    )
    return any(
        done.filter(condition).move_to(end, finished_at=Now(), status_reason="", wake_at=None)
        for condition, end in ends
    )


def beat(batch_id: int, waiting_for: str) -> BatchStatus | None:
    """Show that a lane is at work, and on what it waits; tells the batch's status, None where the batch is gone."""
    running = Batch.objects.filter(pk=batch_id, status=BatchStatus.RUNNING)
    if running.update(heartbeat_at=Now(), status_reason=waiting_for):
        return BatchStatus.RUNNING
    status = Batch.objects.filter(pk=batch_id).values_list("status", flat=True).first()
    return BatchStatus(status) if status else None
