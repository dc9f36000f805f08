"""A model of a provider, and which other one answers in its place."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q, Value

from providers.limit_columns import Limited, limit_constraints
from providers.llm.adaptation import in_words, readable
from providers.models.provider import Provider
from providers.ordered_model_types import OrderedModelBase, OrderedModelManager
from providers.querysets import ModelQuerySet
from providers.validators import validate_model_extra


class Model(Limited, OrderedModelBase):
    """One model of a provider. Its fallback priority is its place inside the provider, 0 first."""

    # Its own index would be the fourth that begins with the provider.
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="models", db_index=False)
    model_id = models.CharField(
        "model id",
        max_length=200,
        validators=[RegexValidator(r"^\S+\Z", "Give the vendor's id, without spaces.")],
        error_messages={"blank": "Give the vendor's id of the model."},
    )
    display_name = models.CharField(max_length=200, blank=True)
    fallback_priority = models.PositiveIntegerField(editable=False)
    enabled = models.BooleanField(default=True)
    max_tokens = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Tokens of an answer at most. Empty: the vendor's own.",
    )
    context_window = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    supports_json_schema = models.BooleanField("supports JSON schema", default=False)
    is_thinking_model = models.BooleanField(default=False)
    input_price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Per million tokens of prompt. Empty: not known.",
    )
    cached_input_price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Per million tokens of prompt that the vendor had kept. Empty: as the input price.",
    )
    output_price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Per million tokens of answer. Empty: not known.",
    )
    extra_config = models.JSONField(default=dict, blank=True, validators=[validate_model_extra])
    adaptations = models.JSONField(
        "how it is asked", default=dict, blank=True, db_default=Value({}, models.JSONField()), editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    order_field_name = "fallback_priority"
    order_with_respect_to = "provider"
    objects = OrderedModelManager.from_queryset(ModelQuerySet)()

    class Meta:
        db_table = "models"
        ordering = ["provider__order", "fallback_priority"]
        constraints = [
            *limit_constraints("models"),
            models.UniqueConstraint(
                fields=["provider", "model_id"],
                name="models_model_id_unique",
                violation_error_message="This provider has a model of that id already.",
            ),
            models.UniqueConstraint(
                fields=["provider", "fallback_priority"],
                name="models_priority_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=(Q(max_tokens__isnull=True) | Q(max_tokens__gte=1))
                & (Q(context_window__isnull=True) | Q(context_window__gte=1)),
                name="models_sizes_positive",
            ),
            models.CheckConstraint(
                condition=(Q(input_price__isnull=True) | Q(input_price__gte=0))
                & (Q(output_price__isnull=True) | Q(output_price__gte=0)),
                name="models_prices_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(cached_input_price__isnull=True) | Q(cached_input_price__gte=0),
                name="models_cached_price_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["provider", "enabled", "fallback_priority"], name="models_fallback_order")]

    def __str__(self) -> str:
        return self.display_name or self.model_id

    @property
    def learnt(self) -> list[str]:
        """What its vendor refused is sent otherwise: a sentence for each."""
        return list(in_words(readable(self.adaptations)))

    @property
    def rerouted(self) -> "Reroute | None":
        """Who answers in its place; lists select it along."""
        return getattr(self, "reroute", None)


class Reroute(models.Model):
    """Which other model of the vendor's answers in place of one. Seen in answers, no part of the configuration."""

    model = models.OneToOneField(Model, on_delete=models.CASCADE, related_name="reroute", primary_key=True)
    answered_by = models.CharField(max_length=200)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "reroutes"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.answered_by} in place of model {self.model_id}"
