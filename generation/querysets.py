from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now

from generation.choices import BATCH_MOVES, BatchStatus, ItemStatus

if TYPE_CHECKING:
    from generation.models import Attempt, Batch, Item, Lane  # noqa: F401 - named in strings

LANE_DEAD_AFTER = timedelta(seconds=20)
LANE_LOST_AFTER = timedelta(seconds=60)


class BatchQuerySet(models.QuerySet["Batch"]):
    def move_to(self, status: BatchStatus, **values: Any) -> int:
        """Make the move where ``BATCH_MOVES`` allows it, and say how many rows made it: the only write of a status."""
        sources = [source for source, targets in BATCH_MOVES.items() if status in targets]
        return self.filter(status__in=sources).update(status=status, **values)

    def capped(self) -> "BatchQuerySet":
        """Batches that may spend only so many tokens, or so much money."""
        return self.filter(Q(token_cap__isnull=False) | Q(cost_cap__isnull=False))

    def self_waking(self) -> "BatchQuerySet":
        """Paused batches that go on by themselves; one that paused at its cap waits for a person."""
        return self.filter(status=BatchStatus.PAUSED, needs_tokens__isnull=True)


class ItemQuerySet(models.QuerySet["Item"]):
    def claimable(self) -> "ItemQuerySet":
        """Items that wait for a lane, and need not wait any longer for themselves."""
        return self.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=Now()), status=ItemStatus.PENDING)

    def open(self) -> "ItemQuerySet":
        """Items that are still to be done."""
        return self.filter(status__in=(ItemStatus.PENDING, ItemStatus.LEASED))

    def failed_of(self, batch: "Batch", words: str = "") -> "ItemQuerySet":
        """A batch's failed items by number: those whose reason or topic holds ``words``, or whose number they are."""
        failed = self.filter(batch=batch, status=ItemStatus.FAILED).order_by("number")
        is_number = words.isascii() and words.isdecimal() and len(words) < 10
        number = Q(number=int(words)) if is_number else Q()
        return failed.filter(Q(failure__icontains=words) | Q(topic__icontains=words) | number) if words else failed

    def expired(self) -> "ItemQuerySet":
        """Items whose lease has run out, by the database's clock."""
        return self.filter(status=ItemStatus.LEASED, leased_until__lt=Now())

    def held_under(self, lease_token: UUID) -> "ItemQuerySet":
        """Items that the bearer of this lease still holds."""
        return self.filter(status=ItemStatus.LEASED, lease_token=lease_token)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def moves_of(self, batch: "Batch") -> Any:
        """Calls to which an item moved on, annotated with ``from_provider``, ``from_model`` and ``why``."""
        earlier = self.model._default_manager.filter(item=OuterRef("item"), pk__lt=OuterRef("pk")).order_by("-pk")

        def before(field: str) -> Subquery:
            return Subquery(earlier.values(field)[:1])

        moved = self.filter(batch=batch, is_switch=True)
        return moved.annotate(from_provider=before("provider"), from_model=before("model"), why=before("outcome"))


class LaneQuerySet(models.QuerySet["Lane"]):
    def free(self) -> "LaneQuerySet":
        """Places that nobody holds, or whose holder has not shown itself for so long that it must be dead."""
        return self.filter(Q(lease_token__isnull=True) | Q(seen_at__lt=Now() - LANE_DEAD_AFTER))

    def deserted(self) -> "LaneQuerySet":
        """Places to which nobody comes: not queued, queued so long ago that the message is lost, held by the dead."""
        dead = Q(lease_token__isnull=False, seen_at__lt=Now() - LANE_DEAD_AFTER)
        return self.filter(dead | Q(seen_at__isnull=True) | Q(seen_at__lt=Now() - LANE_LOST_AFTER))
