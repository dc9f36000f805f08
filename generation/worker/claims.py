"""Claiming items and ending batches: conditional updates, under leases by PostgreSQL's clock."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.planner import plan_ahead
from generation.querysets import BatchQuerySet

LEASE = timedelta(seconds=20)


def open_batch(batch_id: int) -> Batch | None:
    """The batch, running from now on; None where it is not to be worked on."""
    started = Batch.objects.filter(pk=batch_id, status=BatchStatus.PENDING)
    started.move_to(BatchStatus.RUNNING, started_at=Coalesce("started_at", Now()))
    return Batch.objects.filter(pk=batch_id, status=BatchStatus.RUNNING).first()


def claim(batch_id: int, lease_token: UUID, limit: int) -> list[Item]:
    """Up to ``limit`` items of a running batch, leased to the bearer; plans more where too few are left."""
    items = _claim(batch_id, lease_token, limit)
    while len(items) < limit:
        planned = plan_ahead(batch_id)
        more = _claim(batch_id, lease_token, limit - len(items))  # others may have planned while we waited to
        items += more
        if not planned and not more:
            break
    return items


def _claim(batch_id: int, lease_token: UUID, limit: int) -> list[Item]:
    """Rows that others are claiming are passed by, not waited for."""
    with transaction.atomic():
        waiting = Item.objects.claimable().filter(batch_id=batch_id, batch__status=BatchStatus.RUNNING)
        items = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("number")[:limit])
        Item.objects.filter(pk__in=[item.pk for item in items]).update(
            status=ItemStatus.LEASED, lease_token=lease_token, leased_until=Now() + LEASE
        )
    return items


def renew(lease_token: UUID) -> int:
    return Item.objects.held_under(lease_token).update(leased_until=Now() + LEASE)


def show_waiting(batch_id: int, reason: str) -> BatchStatus | None:
    """Show on what a lane waits; tells the batch's status, None where the batch is gone."""
    batch = Batch.objects.filter(pk=batch_id)
    batch.filter(status=BatchStatus.RUNNING).exclude(status_reason=reason).update(status_reason=reason)
    status = batch.values_list("status", flat=True).first()
    return BatchStatus(status) if status else None


def pause_batch(batch_id: int, reason: str, wake_after_s: float | None) -> None:
    """Wait visibly until a route can work again, or for ``wake_after_s``, whichever comes first."""
    wake_at = None if wake_after_s is None else Now() + timedelta(seconds=wake_after_s)
    Batch.objects.filter(pk=batch_id).move_to(BatchStatus.PAUSED, status_reason=reason, wake_at=wake_at)


def done_batches() -> BatchQuerySet:
    """Batches that are planned whole and have no open item left, but have not been ended yet."""
    unended = Batch.objects.filter(status__in=(BatchStatus.RUNNING, BatchStatus.PAUSED), planned__gte=F("count"))
    return unended.filter(~Exists(Item.objects.open().filter(batch_id=OuterRef("pk"))))


def finish_if_done(batch_id: int) -> bool:
    """End the batch where none of its items is open. How it ended is what its counters say."""
    done = done_batches().filter(pk=batch_id)
    ends = (
        (Q(failed=0), BatchStatus.COMPLETED),
        (Q(failed__gt=0, generated=0), BatchStatus.FAILED),
        (Q(failed__gt=0, generated__gt=0), BatchStatus.COMPLETED_WITH_FAILURES),
    )
    return done.exists() and any(
        done.filter(condition).move_to(end, finished_at=Now(), status_reason="", wake_at=None)
        for condition, end in ends
    )
