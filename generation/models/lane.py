"""A place of a batch for a worker."""

from django.db import models

from generation.models.batch import Batch
from generation.querysets import LaneQuerySet


class Lane(models.Model):
    """One of a batch's places for a worker: so many tasks work on it at once, however often they are queued.

    ``seen_at`` without a lease is when the lane was queued, with one when it last showed itself; None: nobody comes.
    ``waiting_reason`` is on what all of its items wait, ``waiting_since`` since when; None where one goes on.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lanes")
    slot = models.PositiveSmallIntegerField()
    round = models.PositiveIntegerField(default=0, help_text="How many lanes have worked here.")
    lease_token = models.UUIDField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    waiting_reason = models.TextField(blank=True, default="")
    waiting_since = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(LaneQuerySet)()

    class Meta:
        db_table = "lanes"
        ordering = ["batch_id", "slot"]
        constraints = [models.UniqueConstraint(fields=["batch", "slot"], name="lanes_slot_unique")]

    def __str__(self) -> str:
        return f"lane {self.slot} of batch {self.batch_id}"
