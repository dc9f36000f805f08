from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from generation.choices import ACTIVE, BATCH_MOVES, BatchStatus, ItemStatus

if TYPE_CHECKING:
    from generation.models import Batch, Item  # noqa: F401 - named in strings


class BatchQuerySet(models.QuerySet["Batch"]):
    def active(self) -> "BatchQuerySet":
        """Batches that have not ended."""
        return self.filter(status__in=ACTIVE)

    def move_to(self, status: BatchStatus, **values: Any) -> int:
        """Make the move where ``BATCH_MOVES`` allows it, and say how many rows made it: the only write of a status."""
        sources = [source for source, targets in BATCH_MOVES.items() if status in targets]
        return self.filter(status__in=sources).update(status=status, **values)


class ItemQuerySet(models.QuerySet["Item"]):
    def pending(self) -> "ItemQuerySet":
        return self.filter(status=ItemStatus.PENDING)

    def open(self) -> "ItemQuerySet":
        """Items that are still to be done."""
        return self.filter(status__in=(ItemStatus.PENDING, ItemStatus.LEASED))

    def expired(self) -> "ItemQuerySet":
        """Items whose lease has run out, by the database's clock."""
        return self.filter(status=ItemStatus.LEASED, leased_until__lt=Now())

    def held_under(self, lease_token: UUID) -> "ItemQuerySet":
        """Items that the bearer of this lease still holds."""
        return self.filter(status=ItemStatus.LEASED, lease_token=lease_token)

    def savable(self, lease_token: UUID) -> "ItemQuerySet":
        """Items whose finished result may be written: still held, or handed back and claimed by nobody since."""
        return self.filter(Q(status=ItemStatus.LEASED, lease_token=lease_token) | Q(status=ItemStatus.PENDING))
