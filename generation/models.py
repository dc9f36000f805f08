"""How a batch gets done: orders, their items, and every call made for them."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from generation.choices import OK_OUTCOME, BatchStatus, EventKind, ItemStatus
from generation.engine.caps import Spend, SpendingGuard
from generation.querysets import AttemptQuerySet, BatchQuerySet, ItemManager, LaneQuerySet
from providers.choices import URGENCY, WHEN_FULL
from providers.llm.errors import ErrorKind
from providers.routing.limits.urgency import Urgency
from providers.routing.money import Spending
from providers.routing.policy import WhenFull
from samples.models import Sample

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 8}
OUTCOMES = [(OK_OUTCOME, "OK"), *((kind.value, kind.value.replace("_", " ").capitalize()) for kind in ErrorKind)]


class Batch(models.Model):
    """An order for ``count`` samples. What was asked for is kept as words, and survives the provider it names.

    The counters move in the same transaction as the rows they count.
    """

    status = models.CharField(max_length=30, choices=BatchStatus, default=BatchStatus.PENDING)
    status_reason = models.TextField(blank=True, help_text="Why it waits, or how it ended.")
    wake_at = models.DateTimeField(null=True, blank=True, help_text="When a paused batch looks again by itself.")
    count = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    provider = models.CharField(max_length=50, blank=True, help_text="The provider asked for; empty: automatic.")
    model = models.CharField(max_length=200, blank=True, help_text="The model asked for; empty: automatic.")
    when_full = models.CharField(
        max_length=10,
        choices=WHEN_FULL,
        default=WhenFull.AUTO.value,
        help_text="What an item does where the first choice is at its limit and another could go.",
    )
    urgency = models.SmallIntegerField(
        choices=URGENCY,
        default=Urgency.NORMAL.value,
        db_default=Urgency.NORMAL.value,
        help_text="Where batches wait for the same limit, the more urgent one goes first.",
    )
    token_cap = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Tokens that it may use; it pauses there. Empty: no cap."
    )
    cost_cap = models.DecimalField(
        **MONEY, null=True, blank=True, help_text="Money that it may cost; it pauses there. Empty: no cap."
    )
    jurisdictions = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    difficulties = models.JSONField(default=list, blank=True)
    sample_types = models.JSONField(default=list, blank=True)
    instruction = models.TextField(blank=True, help_text="Added to every prompt.")
    item_budget = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(1)], help_text="Wrong answers that one item may cost before it fails."
    )
    seed = models.PositiveIntegerField(
        help_text="Decides the order of topics and scenarios; the same seed plans the same items."
    )

    planned = models.PositiveIntegerField(
        default=0, help_text="Items that exist; the rest is planned when lanes need it."
    )
    generated = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    cost = models.DecimalField(**MONEY, default=0, help_text="What the calls with known prices cost.")
    unpriced = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Calls whose cost is not known, of its attempts."
    )
    needs_tokens = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What one more item needed when a cap left no room for it; empty: none did."
    )
    needs_cost = models.DecimalField(**MONEY, null=True, blank=True, help_text="The same in money.")
    switches = models.PositiveIntegerField(
        default=0, help_text="How often an item moved on to another route after a fault."
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(BatchQuerySet)()

    class Meta:
        db_table = "batches"
        ordering = ["-id"]
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="batches_count_positive"),
            models.CheckConstraint(condition=Q(item_budget__gte=1), name="batches_item_budget_positive"),
            models.CheckConstraint(
                condition=(Q(token_cap__isnull=True) | Q(token_cap__gte=1))
                & (Q(cost_cap__isnull=True) | Q(cost_cap__gt=0)),
                name="batches_caps_positive",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=tuple(urgency.value for urgency in Urgency)), name="batches_urgency_known"
            ),
        ]
        indexes = [models.Index(fields=["status"], name="batches_status")]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    @property
    def urgency_word(self) -> str:
        """As people and programs are told it."""
        return Urgency(self.urgency).word

    @property
    def is_of_usual_urgency(self) -> bool:
        return self.urgency == Urgency.NORMAL

    @property
    def has_cap(self) -> bool:
        return self.token_cap is not None or self.cost_cap is not None

    @property
    def is_at_cap(self) -> bool:
        """Whether it paused because a cap left no room: it does not go on by itself then."""
        return self.status == BatchStatus.PAUSED and self.needs_tokens is not None

    @property
    def spending_guard(self) -> SpendingGuard:
        """Its caps and what is spent, without what is reserved for its items in work."""
        return SpendingGuard(self.token_cap, self.cost_cap, Spend(self.tokens, self.cost))

    @property
    def spending(self) -> Spending:
        """What its calls cost, as far as that is known."""
        return Spending(self.cost, self.unpriced)

    @property
    def needs(self) -> Spend:
        """What one more item is known to need at least."""
        return Spend(self.needs_tokens or 0, self.needs_cost or Decimal(0))


class Item(models.Model):
    """One wanted sample: what it must be about, and who works on it until when.

    ``faults`` counts what the item's own answers cost (bad output, bad request, context length); faults of a route do
    not count.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField(help_text="Its place in the batch, 1 first.")
    status = models.CharField(max_length=10, choices=ItemStatus, default=ItemStatus.PENDING)
    jurisdiction = models.CharField(max_length=30)
    practice_area = models.CharField(max_length=100, blank=True)
    topic = models.CharField(max_length=200)
    difficulty = models.CharField(max_length=20)
    sample_type = models.CharField(max_length=40)
    scenario = models.CharField(max_length=40)
    faults = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True, help_text="Why it failed.")
    expirations = models.PositiveSmallIntegerField(
        default=0, help_text="How often a worker died while it held the item."
    )
    retry_at = models.DateTimeField(null=True, blank=True, help_text="Not to be claimed before.")
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


class Attempt(models.Model):
    """One call to one route for one item. Append-only.

    ``call_id`` is the call's own: whoever writes it a second time, after a commit whose answer was lost, books nothing.
    """

    call_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    provider = models.CharField(max_length=50)
    model = models.CharField(max_length=200)
    model_answered = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Which model the vendor says that it was."
    )
    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.TextField(blank=True, help_text="What went wrong, in words.")
    answer = models.TextField(blank=True, help_text="The raw answer, where it was not accepted.")
    is_switch = models.BooleanField(default=False, help_text="The item came here from another route after a fault.")
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
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
