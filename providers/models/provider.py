"""A vendor account."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from providers.choices import Adapter, LimitsScope, Pacing
from providers.limit_columns import LIMITS, Limited, limit_constraints, limit_field
from providers.ordered_model_types import OrderedModelBase, OrderedModelManager
from providers.querysets import ProviderQuerySet
from providers.validators import RESERVED_IDS, validate_port, validate_provider_extra, validate_provider_id

URL_PATTERN = r"^https?://[^\s/?#@]+(/[^\s?#]*)?\Z"


class Provider(Limited, OrderedModelBase):  # type: ignore[django-manager-missing]  # of ``models``, known as RelatedManager
    """A vendor account. Its order is the order of automatic selection, 0 first."""

    id = models.SlugField(
        primary_key=True,
        max_length=50,
        validators=[validate_provider_id],
        error_messages={
            "blank": "Give an id of letters, digits, - and _, such as groq.",
            "unique": "A provider of that id exists already. Choose another id.",
        },
    )
    name = models.CharField(max_length=100, error_messages={"blank": "Give a name for people to read."})
    adapter = models.CharField(
        max_length=20,
        choices=Adapter,
        default=Adapter.OPENAI,
        error_messages={"invalid_choice": f"Choose one of: {', '.join(Adapter.values)}."},
    )
    base_url = models.CharField(
        "base URL",
        max_length=500,
        validators=[
            RegexValidator(
                URL_PATTERN,
                "Give an http:// or https:// address without user, password or query, "
                "such as https://api.example.com/v1.",
            ),
            validate_port,
        ],
        error_messages={"blank": "Give an http:// or https:// address, such as https://api.example.com/v1."},
    )
    enabled = models.BooleanField(default=True)
    order = models.PositiveIntegerField(editable=False)
    limits_scope = models.CharField(
        max_length=10,
        choices=LimitsScope,
        default=LimitsScope.ACCOUNT,
        error_messages={"invalid_choice": f"Choose one of: {', '.join(LimitsScope.values)}."},
    )
    pacing = models.CharField(
        max_length=10,
        choices=Pacing,
        default=Pacing.WINDOW,
        db_default=Pacing.WINDOW,
        error_messages={"invalid_choice": f"Choose one of: {', '.join(Pacing.values)}."},
        help_text="Evenly spread is for vendors that enforce their limits by the second.",
    )
    max_concurrency = limit_field(
        "A ceiling of calls at once, over all workers. Below it legalds finds out how many the vendor bears."
    )
    requires_key = models.BooleanField(
        default=True, help_text="Off for a server that needs no key, such as a local Ollama."
    )
    default_model = models.ForeignKey("Model", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    champion_model = models.ForeignKey("Model", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    extra_config = models.JSONField(default=dict, blank=True, validators=[validate_provider_extra])
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    order_field_name = "order"
    objects = OrderedModelManager.from_queryset(ProviderQuerySet)()

    class Meta:
        db_table = "providers"
        ordering = ["order"]
        constraints = [
            *limit_constraints("providers", (*LIMITS, "max_concurrency")),
            models.UniqueConstraint(
                fields=["order"], name="providers_order_unique", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(base_url__regex=URL_PATTERN), name="providers_base_url_http"),
            models.CheckConstraint(condition=~Q(id__in=sorted(RESERVED_IDS)), name="providers_id_not_reserved"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> Any:
        """Its ProviderConfig; an empty one where nothing was ever stored."""
        row: Any = self._meta.get_field("config").related_model
        return getattr(self, "config", None) or row()

    @property
    def lacks_key(self) -> bool:
        return self.requires_key and not self.secrets.has_key

    def clean(self) -> None:
        for field in ("default_model", "champion_model"):
            model = getattr(self, field)
            if model is not None and model.provider_id != self.pk:
                raise ValidationError(
                    {field: f"{model.model_id} belongs to another provider. Choose a model of this one."}
                )
