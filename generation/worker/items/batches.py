"""A batch while it is worked on: begun, looked up, shown to wait, paused and ended, by conditional updates."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Now

from generation.choices import BatchStatus
from generation.models import Batch, Item, Lane
from generation.querysets import BatchQuerySet
from generation.selectors.shortfall import shortfall_of
from providers.routing.limits.urgency import Urgency


def open_batch(batch_id: int) -> Batch | None:
    """The batch, running from now on, with its taxonomy; None where it is not to be worked on."""
    started = Batch.objects.filter(pk=batch_id, status=BatchStatus.PENDING)
    started.move_to(BatchStatus.RUNNING, started_at=Coalesce("started_at", Now()))
    batch = Batch.objects.filter(pk=batch_id, status=BatchStatus.RUNNING).first()
    if batch is not None:
        batch.taxonomy  # noqa: B018 - read now: in its event loop a lane cannot
    return batch


@dataclass(frozen=True, slots=True)
class BatchState:
    """How a batch stands: its status with the reason shown, how many of its items have no end yet, planned or not, how
    many lanes are at work on it or about to be, its caps in tokens and money, and how urgent it is."""

    status: BatchStatus
    reason: str
    open_items: int
    lanes: int
    caps: tuple[int | None, Decimal | None]
    urgency: int = Urgency.NORMAL


def state_of(batch_id: int) -> BatchState | None:
    """None where the batch is gone."""
    open_items = F("count") - F("generated") - F("failed")
    manned = Lane.objects.manned().filter(batch=OuterRef("pk")).order_by().values("batch")
    lanes = Coalesce(Subquery(manned.annotate(lanes=Count("pk")).values("lanes")), Value(0))
    columns = ("status", "status_reason", open_items, lanes, "token_cap", "cost_cap", "urgency")
    row = Batch.objects.filter(pk=batch_id).values_list(*columns).first()
    return BatchState(BatchStatus(row[0]), row[1], row[2], row[3], row[4:6], row[6]) if row else None


def show_waiting(batch_id: int, otherwise: str = "") -> None:
    """Show on what the batch waits: the reason of the lane that has waited longest, nothing where one of them goes on.

    ``otherwise``: why nothing is to be done now, where no lane is at work.
    """
    working = Lane.objects.working().filter(batch_id=batch_id)
    longest = working.order_by("waiting_since").values("waiting_reason")[:1]
    reason = Case(
        When(Exists(working.filter(waiting_since=None)), then=Value("")),
        default=Coalesce(Subquery(longest), Value(otherwise), output_field=TextField()),
        output_field=TextField(),
    )
    Batch.objects.filter(pk=batch_id, status=BatchStatus.RUNNING).update(status_reason=reason)


def pause_batch(batch_id: int, reason: str, wake_after_s: float | None) -> None:
    """Wait visibly until a route can work again, or for ``wake_after_s``, whichever comes first."""
    wake_at = None if wake_after_s is None else Now() + timedelta(seconds=wake_after_s)
    Batch.objects.filter(pk=batch_id).move_to(BatchStatus.PAUSED, status_reason=reason, wake_at=wake_at)


def done_batches() -> BatchQuerySet[Batch]:
    """Batches that are planned whole and have no open item left, but have not been ended yet."""
    unended = Batch.objects.filter(status__in=(BatchStatus.RUNNING, BatchStatus.PAUSED), planned__gte=F("count"))
    return unended.filter(~Exists(Item.objects.open().filter(batch_id=OuterRef("pk"))))


def finish_if_done(batch_id: int) -> bool:
    """End the batch where none of its items is open. How it ended is what its counters say, and what it is short of."""
    batch = done_batches().filter(pk=batch_id).first()
    if batch is None:
        return False
    short = shortfall_of(batch)
    as_told = done_batches().filter(pk=batch_id, generated=batch.generated, failed=batch.failed)
    return bool(
        as_told.move_to(_end_of(batch), finished_at=Now(), status_reason=short.words if short else "", wake_at=None)
    )


def _end_of(batch: Batch) -> BatchStatus:
    if not batch.failed:
        return BatchStatus.COMPLETED
    return BatchStatus.COMPLETED_WITH_FAILURES if batch.generated else BatchStatus.FAILED
