"""An order for samples, and how far it has come."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import JSONField, Q, Value
from django.utils.functional import cached_property

from generation.choices import BatchStatus
from generation.engine.caps import Spend, SpendingGuard
from generation.engine.planning.weights import weight_words
from generation.engine.wording.texts import PromptTexts, built_in
from generation.models.prompt_version import PromptVersion
from generation.querysets import BatchQuerySet
from providers.choices import URGENCY, WHEN_FULL
from providers.routing.explaining.money import Spending
from providers.routing.limits.urgency import Urgency
from providers.routing.policy import WhenFull
from samples import vocabulary
from samples.models import Edition
from samples.taxonomy import Taxonomy

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 8}


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
    weights = models.JSONField(
        default=dict,
        db_default=Value({}, JSONField()),
        blank=True,
        help_text="How often words of the mix come beside each other, by field; absent is 1.",
    )
    instruction = models.TextField(blank=True, help_text="Added to every prompt.")
    prompt_version = models.ForeignKey(
        PromptVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="batches",
        help_text="In whose words its items are asked for. Empty, of older batches: the release's own.",
    )
    item_budget = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(1)], help_text="Wrong answers that one item may cost before it fails."
    )
    seed = models.PositiveIntegerField(
        help_text="Decides the order of topics and scenarios; the same seed plans the same items."
    )

    edition = models.ForeignKey(
        Edition,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The taxonomy that it was ordered with. Empty: the one that came with the project.",
    )

    planned = models.PositiveIntegerField(
        default=0, help_text="Items that exist; the rest is planned when lanes need it."
    )
    generated = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    replaced = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Items that were planned anew after rejected answers, once each."
    )
    attempts = models.PositiveIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    cached_tokens = models.PositiveBigIntegerField(default=0, db_default=0, help_text="Those that vendors had kept.")
    reasoning_tokens = models.PositiveBigIntegerField(default=0, db_default=0, help_text="Those of thinking.")
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

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """What it was ordered with. One query, where this process has not seen that edition yet."""
        return vocabulary.edition(self.edition_id)

    @property
    def urgency_word(self) -> str:
        """As people and programs are told it."""
        return Urgency(self.urgency).word

    @property
    def is_of_usual_urgency(self) -> bool:
        return self.urgency == Urgency.NORMAL

    @property
    def weight_words(self) -> str:
        """As people type them."""
        return weight_words(self.weights)

    @property
    def prompt_texts(self) -> PromptTexts:
        return self.prompt_version.texts if self.prompt_version else built_in()

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
