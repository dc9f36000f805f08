"""Who can generate: providers, their models, their secrets."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from providers.choices import Adapter, Deed, KeyState, LimitsScope, Pacing, Subject, Way
from providers.fields import EncryptedJSONField, EncryptedTextField, Unreadable
from providers.fingerprint import fingerprint, last_four
from providers.limited import LIMITS, Limited, limit_constraints, limit_field
from providers.ordered import OrderedModelBase, OrderedModelManager
from providers.querysets import ChangeQuerySet, ModelQuerySet, ProviderQuerySet
from providers.validators import (
    RESERVED_IDS,
    validate_model_extra,
    validate_port,
    validate_provider_extra,
    validate_provider_id,
)

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

    def clean(self) -> None:
        for field in ("default_model", "champion_model"):
            model = getattr(self, field)
            if model is not None and model.provider_id != self.pk:
                raise ValidationError(
                    {field: f"{model.model_id} belongs to another provider. Choose a model of this one."}
                )


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
    output_price = models.DecimalField(
        max_digits=12,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Per million tokens of answer. Empty: not known.",
    )
    extra_config = models.JSONField(default=dict, blank=True, validators=[validate_model_extra])
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
        ]
        indexes = [models.Index(fields=["provider", "enabled", "fallback_priority"], name="models_fallback_order")]

    def __str__(self) -> str:
        return self.display_name or self.model_id


SECRET_FIELDS = ("api_key", "config")


class ProviderConfig(models.Model):
    """The provider's secrets. Last four characters and fingerprint stand in the clear, so that lists never decrypt."""

    provider = models.OneToOneField(Provider, on_delete=models.CASCADE, related_name="config", primary_key=True)
    api_key = EncryptedTextField("API key", null=True, blank=True)
    config = EncryptedJSONField("secret settings", null=True, blank=True)
    # Like the key itself they stay out of dumps: a loaded row must not claim a key that did not come along.
    api_key_last4 = models.CharField(max_length=4, blank=True, editable=False, serialize=False)
    api_key_fingerprint = models.CharField(max_length=16, blank=True, editable=False, serialize=False)
    key_set_at = models.DateTimeField(null=True, blank=True, editable=False, serialize=False)
    # Where secrets went that were stored, until others are: a key that vanished must say why.
    removed_with = models.CharField(
        max_length=500, blank=True, default="", db_default="", editable=False, serialize=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "provider_configs"

    def __str__(self) -> str:
        return f"secrets of {self.provider_id}"

    def __getstate__(self) -> dict[str, Any]:
        """Pickles and copies carry no secret: a copy reads it from the database when asked."""
        return {name: value for name, value in super().__getstate__().items() if name not in SECRET_FIELDS}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps last four and fingerprint in step with the key, and leaves alone a secret that cannot be decrypted."""
        fields = self._fields_to_save(kwargs.get("update_fields"))
        if "api_key" not in self.get_deferred_fields() and not isinstance(self.api_key, Unreadable):
            self.api_key_last4 = last_four(self.api_key)
            self.api_key_fingerprint = fingerprint(self.api_key)
            if fields is not None and "api_key" in fields:
                fields |= {"api_key_last4", "api_key_fingerprint"}
        super().save(*args, **{**kwargs, "update_fields": fields})

    def _fields_to_save(self, update_fields: Iterable[str] | None) -> set[str] | None:
        unreadable = {name for name in SECRET_FIELDS if isinstance(self.__dict__.get(name), Unreadable)}
        if update_fields is not None:
            return set(update_fields)
        if not unreadable or self._state.adding:
            return None
        loaded = {field.attname for field in self._meta.concrete_fields} - self.get_deferred_fields()
        return loaded - unreadable - {"provider_id"}

    @property
    def has_key(self) -> bool:
        return bool(self.api_key_fingerprint)

    @property
    def note(self) -> str:
        """Why nothing is stored where something was; empty where there is no more to say."""
        if not self.removed_with:
            return ""
        return (
            f"The stored key and secret settings were removed: they belonged to {self.removed_with}. "
            "Enter those for the new address."
        )

    @property
    def key_state(self) -> KeyState:
        """Decrypts, so for one row at a time; lists go by ``has_key``."""
        if isinstance(self.api_key, Unreadable):
            return KeyState.UNREADABLE
        return KeyState.STORED if self.api_key else KeyState.MISSING


class ConfigurationVersion(models.Model):
    """One row. Its number grows with every change of the three tables above, by triggers, so whoever writes."""

    SINGLETON = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLETON)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "configuration_version"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="configuration_version_one_row")]

    def __str__(self) -> str:
        return str(self.version)


class ConfigurationChange(models.Model):
    """Who did what to the configuration, when and by which way. Append-only, by a trigger; never a secret.

    What it is about stands here as text, so that the row outlives provider, model and user. Its details are lists of
    ``{"field", "from", "to"}``.
    """

    at = models.DateTimeField("when", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    actor_name = models.CharField("who", max_length=150, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    command = models.CharField(max_length=100, blank=True)
    subject = models.CharField("about", max_length=10, choices=Subject)
    provider = models.CharField(max_length=50, blank=True)
    model_id = models.CharField("model", max_length=200, blank=True)
    model_pk = models.BigIntegerField(null=True, blank=True)
    deed = models.CharField("what", max_length=20, choices=Deed)
    details = models.JSONField(default=list)
    # Last four and fingerprint of keys. They stay out of dumps, as those of the stored key do.
    key_details = models.JSONField(default=list, editable=False, serialize=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        db_table = "configuration_changes"
        ordering = ["-id"]
        default_permissions = ("view",)
        verbose_name = "change"
        indexes = [
            models.Index(fields=["provider", "-id"], name="changes_of_provider"),
            models.Index(fields=["model_pk", "-id"], name="changes_of_model"),
            models.Index(fields=["at"], name="changes_by_time"),
        ]

    def __str__(self) -> str:
        about = "/".join(part for part in (self.provider, self.model_id) if part) or "providers"
        return f"{about}: {self.get_deed_display()}"

    @property
    def parts(self) -> list[dict[str, Any]]:
        """All details, those of a key first."""
        return [*self.key_details, *self.details]
