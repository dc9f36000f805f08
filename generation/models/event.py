"""What happened to a batch."""

from django.db import models
from django.db.models.functions import Now

from generation.choices import EventKind
from generation.models.batch import Batch


class Event(models.Model):
    """One line of a batch's timeline. Append-only.

    Changes of status are written by triggers, whoever makes them; ``actor`` is the person's name where one did. The
    others are written by lanes. ``facts`` are what ``generation.engine.timeline`` makes words of.
    """

    # Its own index would be the second that begins with the batch.
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=12, choices=EventKind)
    actor = models.CharField(max_length=150, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "batch_events"
        ordering = ["-id"]
        indexes = [models.Index(fields=["batch", "-id"], name="batch_events_batch")]

    def __str__(self) -> str:
        return f"{self.kind} of batch {self.batch_id}"
