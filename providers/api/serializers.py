"""Providers and models as the API shows and takes them. Types only: what is allowed stands in models and actions.

A serializer for rows wants ``context["states"]``: what the shared store holds against them, by scope.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from providers.actions.ordering import NAMES_MAX
from providers.api.json_fields import (
    FlagField,
    NumberField,
    ObjectField,
    PriceField,
    StrictSerializer,
    TextField,
    refusals,
)
from providers.api.limits import LimitsField
from providers.choices import BreakerState
from providers.configuration import change_words
from providers.models import ConfigurationChange, ProviderConfig
from providers.routing.admission import ScopeState
from providers.status.health import health_of, scope_of


class HealthSerializer(serializers.Serializer[Any]):
    """What nobody sets by hand, of a row's ``health``. All null while Redis is away."""

    breaker = serializers.ChoiceField(BreakerState.choices, source="health.breaker", read_only=True, allow_null=True)
    suspended_until = serializers.DateTimeField(source="health.suspended_until", read_only=True, allow_null=True)
    suspended_reason = serializers.CharField(source="health.suspended_reason", read_only=True, allow_null=True)
    last_error = serializers.CharField(
        source="health.last_error", read_only=True, allow_null=True, help_text="Its kind, since the last success."
    )
    last_error_reason = serializers.CharField(source="health.last_error_reason", read_only=True, allow_null=True)
    failures = serializers.IntegerField(
        source="health.failures", read_only=True, allow_null=True, help_text="In a row."
    )
    held_until = serializers.DateTimeField(
        source="health.held_until", read_only=True, allow_null=True, help_text="The vendor asked to wait."
    )
    held_reason = serializers.CharField(source="health.held_reason", read_only=True, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """A serializer's own fields come before those that it inherits."""
        fields = super().get_fields()
        declared = [getattr(base, "_declared_fields", ()) for base in type(self).__mro__]
        return {name: fields[name] for name in sorted(fields, key=lambda name: sum(name in each for each in declared))}


class LiveSerializer(HealthSerializer, StrictSerializer):
    """The limits that a person sets, and what the shared store says."""

    requests_per_minute = NumberField(required=False, allow_null=True)
    tokens_per_minute = NumberField(required=False, allow_null=True)
    requests_per_day = NumberField(required=False, allow_null=True)
    limits = LimitsField(required=False)
    extra_config = ObjectField(required=False)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, row: Any) -> dict[str, Any]:
        states: Mapping[str, ScopeState] = self.context.get("states", {})
        row.health = health_of(states.get(scope_of(row)))
        shown: dict[str, Any] = super().to_representation(row)
        return shown


class ModelSerializer(LiveSerializer):
    id = serializers.IntegerField(read_only=True)
    provider = TextField(source="provider_id", help_text="The provider's id.")
    model_id = TextField(help_text="The vendor's id of the model.")
    display_name = TextField(required=False, allow_blank=True)
    fallback_priority = NumberField(required=False, help_text="Its place in the provider's list, 0 first.")
    enabled = FlagField(required=False)
    max_tokens = NumberField(required=False, allow_null=True)
    context_window = NumberField(required=False, allow_null=True)
    supports_json_schema = FlagField(required=False)
    is_thinking_model = FlagField(required=False)
    input_price = PriceField(
        required=False, allow_null=True, help_text="US dollars per million tokens of prompt. Null: not known."
    )
    cached_input_price = PriceField(
        required=False, allow_null=True, help_text="Per million cached tokens of prompt. Null: as input_price."
    )
    output_price = PriceField(
        required=False, allow_null=True, help_text="US dollars per million tokens of answer. Null: not known."
    )
    adaptations = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Fields of the request that it was found not to take, and the forms in which they are sent.",
    )
    answered_by = serializers.CharField(
        source="rerouted.answered_by",
        default=None,
        read_only=True,
        allow_null=True,
        help_text="Another model that answers in its place.",
    )
    answered_by_since = serializers.DateTimeField(
        source="rerouted.since", default=None, read_only=True, allow_null=True
    )


class ModelListing(serializers.Serializer[Any]):
    models = ModelSerializer(many=True)
    count = serializers.IntegerField()


class ModelNameField(TextField):
    """A model by its ``model_id`` outside; the action looks it up."""

    def to_representation(self, value: Any) -> str:
        return str(value.model_id)


class ProviderSerializer(LiveSerializer):
    id = TextField()
    name = TextField()
    base_url = TextField()
    adapter = TextField(required=False)
    enabled = FlagField(required=False)
    order = NumberField(required=False, help_text="Its place in automatic selection, 0 first.")
    limits_scope = TextField(required=False)
    pacing = TextField(required=False, help_text="window or smooth.")
    max_concurrency = NumberField(
        required=False, allow_null=True, help_text="Calls at once, over all workers. Null: no ceiling."
    )
    requires_key = FlagField(required=False)
    default_model = ModelNameField(required=False, allow_null=True)
    champion_model = ModelNameField(required=False, allow_null=True)
    api_key_configured = serializers.BooleanField(source="secrets.has_key", read_only=True)
    api_key_last4 = serializers.CharField(source="secrets.api_key_last4", read_only=True)
    api_key_note = serializers.CharField(
        source="secrets.note", read_only=True, help_text="Why nothing is stored where something was."
    )
    models = ModelSerializer(many=True, read_only=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """A change ignores ``models``, which is read-only; whoever creates with them expects to find them."""
        if not self.partial and data.get("models"):
            message = "Models are not created with their provider. Leave this out and add each with POST /api/models."
            raise serializers.ValidationError({"models": [message]})
        return super().to_internal_value(data)


class ToggleSerializer(StrictSerializer):
    enabled = FlagField(required=False, help_text="Left out: the other way round.")


class SecretsSerializer(StrictSerializer):
    """What goes in; nothing of it comes out."""

    api_key = TextField(required=False, allow_null=True, allow_blank=True, write_only=True)
    config = ObjectField(required=False, allow_null=True, write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Give api_key, config or both; null removes one.")
        return attrs


class DuplicateSerializer(StrictSerializer):
    api_key = TextField(write_only=True, help_text="The other key of the vendor.")
    id = TextField(source="new_id", required=False, help_text='Left out: as the first, numbered, such as "groq-2".')
    name = TextField(required=False, help_text='Left out: as the first, numbered, such as "Groq 2".')
    config = ObjectField(
        required=False, allow_null=True, write_only=True, help_text="Its secret settings; the first one's stay there."
    )


class ConfigSerializer(serializers.ModelSerializer[ProviderConfig]):
    """What may be said of a provider's secrets."""

    api_key_configured = serializers.BooleanField(source="has_key", read_only=True)

    class Meta:
        model = ProviderConfig
        fields = ("provider", "api_key_configured", "api_key_last4", "api_key_fingerprint", "key_set_at", "updated_at")
        read_only_fields = fields


class PrioritySerializer(StrictSerializer):
    fallback_priority = NumberField(help_text="0 first; beyond the end means last.")


MODEL_LIST = 'a list of model ids, such as ["small-model", "large-model"]'


class ReorderSerializer(StrictSerializer):
    provider_id = TextField()
    model_order = serializers.ListField(
        child=TextField(),
        max_length=NAMES_MAX,
        help_text="Model ids, first one first; those left out keep their order after them.",
        error_messages=refusals(MODEL_LIST, not_a_list=f"Give {MODEL_LIST}."),
    )


class DetailSerializer(serializers.Serializer[Any]):
    """One field of a change, with what it was and what it became."""

    field = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        """``from`` is no name that a class can give."""
        sides = {side: serializers.JSONField(allow_null=True, read_only=True) for side in ("from", "to")}
        return {**super().get_fields(), **sides}


class ChangeSerializer(serializers.ModelSerializer[ConfigurationChange]):
    actor = serializers.CharField(source="actor_name", help_text="The user's name, also after the user is gone.")
    model = serializers.IntegerField(source="model_pk", allow_null=True, help_text="The model's id, as in /api/models.")
    summary = serializers.SerializerMethodField(help_text="What was done, in words.")
    details = DetailSerializer(many=True, source="parts")

    class Meta:
        model = ConfigurationChange
        fields = (
            "id",
            "at",
            "actor",
            "way",
            "command",
            "subject",
            "provider",
            "model",
            "model_id",
            "deed",
            "summary",
            "details",
        )
        read_only_fields = fields

    def get_summary(self, row: ConfigurationChange) -> str:
        return change_words.summary(row)
