"""How far a batch is and at what pace: what its page and the API tell."""

from dataclasses import dataclass

from django.utils import timezone

from generation.choices import ACTIVE, BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.selectors.recent_calls import accepted_per_minute


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items are where. ``put_back`` are those that wait for their time; they are among ``waiting``."""

    done: int
    failed: int
    in_work: int
    waiting: int
    put_back: int


def progress_of(batch: Batch) -> Progress:
    """Two queries over partial indexes, and none where the batch has ended."""
    rest = batch.count - batch.generated - batch.failed
    if batch.status not in ACTIVE:
        return Progress(batch.generated, batch.failed, 0, rest, 0)
    in_work = Item.objects.filter(batch=batch, status=ItemStatus.LEASED).count()
    put_back = Item.objects.filter(batch=batch, retry_at__gt=timezone.now(), status=ItemStatus.PENDING).count()
    return Progress(batch.generated, batch.failed, in_work, max(0, rest - in_work), put_back)


@dataclass(frozen=True, slots=True)
class Pace:
    """None where the batch is not running, or nothing was made in the last minute."""

    per_minute: float | None = None


def pace_of(batch: Batch, per_minute: float | None) -> Pace:
    return Pace(per_minute if batch.status == BatchStatus.RUNNING and per_minute else None)


def pace_now(batch: Batch) -> Pace:
    """One query, and none where it is not running."""
    is_running = batch.status == BatchStatus.RUNNING
    return pace_of(batch, accepted_per_minute([batch.pk]).get(batch.pk)) if is_running else Pace()
