"""Every call that was made: the ledger."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from generation.choices import OUTCOMES
from generation.models.batch import Batch
from generation.models.item import Item
from generation.querysets import AttemptQuerySet


class Attempt(models.Model):
    """One call to one route for one item. Append-only: it outlives its batch and its item, of which it keeps the keys.

    ``call_id`` is the call's own: whoever writes it a second time, after a commit whose answer was lost, books nothing.
    """

    call_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    # To set millions of rows to null would take as long as to write them, and would forget whose calls they were.
    item = models.ForeignKey(Item, on_delete=models.DO_NOTHING, db_constraint=False)
    batch = models.ForeignKey(Batch, on_delete=models.DO_NOTHING, db_constraint=False)
    sample_type = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="The item's.")
    provider = models.CharField(max_length=50)
    model = models.CharField(max_length=200)
    model_answered = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Which model the vendor says that it was."
    )
    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.TextField(blank=True, help_text="What went wrong, in words.")
    answer = models.TextField(blank=True, help_text="The raw answer, where it was not accepted.")
    rules = models.JSONField(
        null=True, blank=True, help_text="The rules of quality that the answer broke, each with what it found."
    )
    is_first_answer = models.BooleanField(
        default=False, db_default=False, help_text="This model had answered nothing for the item since it was claimed."
    )
    is_switch = models.BooleanField(default=False, help_text="The item came here from another route after a fault.")
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0, db_default=0, help_text="Of the prompt, kept by the vendor.")
    reasoning_tokens = models.PositiveIntegerField(default=0, db_default=0, help_text="Of the completion: thinking.")
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True, blank=True)
    latency_ms = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()

    objects = models.Manager.from_queryset(AttemptQuerySet)()

    class Meta:
        db_table = "attempts"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["batch", "id"], name="attempts_batch"),
            models.Index(fields=["provider", "model", "-started_at"], name="attempts_route"),
            models.Index(
                fields=["started_at"],
                include=["provider", "batch", "outcome", "latency_ms", "cost"],
                name="attempts_time",
            ),
            models.Index(fields=["batch", "-id"], condition=Q(is_switch=True), name="attempts_switches"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}: {self.outcome}"
