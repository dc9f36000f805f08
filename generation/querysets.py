from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from generation.choices import ACTIVE, ItemStatus

if TYPE_CHECKING:
    from generation.models import Batch, Item  # noqa: F401 - named in strings


class BatchQuerySet(models.QuerySet["Batch"]):
    def active(self) -> "BatchQuerySet":
        """Batches that have not ended."""
        return self.filter(status__in=ACTIVE)


class ItemQuerySet(models.QuerySet["Item"]):
    def pending(self) -> "ItemQuerySet":
        return self.filter(status=ItemStatus.PENDING)

    def open(self) -> "ItemQuerySet":
        """Items that are still to be done."""
        return self.filter(status__in=(ItemStatus.PENDING, ItemStatus.LEASED))

    def expired(self) -> "ItemQuerySet":
        """Items whose lease has run out, by the database's clock."""
        return self.filter(status=ItemStatus.LEASED, leased_until__lt=Now())

    def held_under(self, lease_token: object) -> "ItemQuerySet":
        """Items that the bearer of this lease still holds."""
        return self.filter(status=ItemStatus.LEASED, lease_token=lease_token)
