"""One wanted sample of a batch."""

from django.db import models
from django.db.models import Q

from generation.choices import ItemStatus
from generation.models.batch import MONEY, Batch
from generation.querysets import ItemManager
from samples.models import Sample


class Item(models.Model):
    """One wanted sample: what it must be about, and who works on it until when.

    ``faults`` counts what the item's own answers cost (bad output, bad request, context length); faults of a route do
    not count. An item whose faults were rejected answers is replaced once: it becomes another one of its kind in place.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField(help_text="Its place in the batch, 1 first.")
    status = models.CharField(max_length=10, choices=ItemStatus, default=ItemStatus.PENDING)
    jurisdiction = models.CharField(max_length=30)
    practice_area = models.CharField(max_length=100, blank=True)
    topic = models.CharField(max_length=200)
    difficulty = models.CharField(max_length=20)
    sample_type = models.CharField(max_length=40)
    scenario = models.CharField(max_length=40, blank=True, help_text="Empty where its type wants none.")
    faults = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True, help_text="Why it failed.")
    expirations = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker died while it held the item."
    )
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Not to be claimed before.")
    replaced_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was planned anew, since the answers for what it was were rejected."
    )
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    reserved_tokens = models.PositiveBigIntegerField(
        default=0, help_text="What its batch's caps set aside for it. Counts only while it is leased."
    )
    reserved_cost = models.DecimalField(**MONEY, default=0, help_text="The same in money.")
    sample = models.OneToOneField(Sample, null=True, blank=True, on_delete=models.SET_NULL, related_name="item")

    objects = ItemManager()

    class Meta:
        db_table = "items"
        ordering = ["batch_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="items_number_unique"),
            models.CheckConstraint(
                condition=Q(status=ItemStatus.DONE) | Q(sample__isnull=True), name="items_only_done_has_sample"
            ),
            models.CheckConstraint(
                condition=Q(status=ItemStatus.LEASED, lease_token__isnull=False, leased_until__isnull=False)
                | (~Q(status=ItemStatus.LEASED) & Q(lease_token__isnull=True, leased_until__isnull=True)),
                name="items_lease_while_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "status", "number"], name="items_claim"),
            models.Index(fields=["leased_until"], condition=Q(status=ItemStatus.LEASED), name="items_expired"),
            models.Index(fields=["batch"], condition=Q(retry_at__isnull=False), name="items_retried"),
        ]

    def __str__(self) -> str:
        return f"item {self.number} of batch {self.batch_id}"
