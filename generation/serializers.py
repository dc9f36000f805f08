"""Batches as the API shows them, and orders as it takes them. Types only: actions know what is allowed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from generation.actions import BatchOrder
from generation.events import words
from generation.models import Batch, Event, Item
from generation.quality import ModelQuality
from providers.strict import FlagField, NumberField, PriceField, StrictSerializer, TextField

SINGULAR = {
    "jurisdiction": "jurisdictions",
    "topic": "topics",
    "difficulty": "difficulties",
    "sample_type": "sample_types",
}


class BatchSerializer(serializers.ModelSerializer[Batch]):
    cost = PriceField(read_only=True, help_text="What the calls with known prices cost.")
    cost_cap = PriceField(read_only=True, allow_null=True)

    class Meta:
        model = Batch
        fields = (
            "id",
            "status",
            "status_reason",
            "wake_at",
            "count",
            "generated",
            "failed",
            "attempts",
            "tokens",
            "cost",
            "switches",
            "created_at",
            "started_at",
            "finished_at",
            "provider",
            "model",
            "jurisdictions",
            "topics",
            "difficulties",
            "sample_types",
            "instruction",
            "item_budget",
            "seed",
            "when_full",
            "token_cap",
            "cost_cap",
        )
        read_only_fields = fields


class WordsField(serializers.ListField):
    """Part of a mix: a list of words, or one word alone. Null and an empty list ask for nothing in particular."""

    child = TextField()
    default_error_messages = {"not_a_list": "Give a string or a list of strings."}

    def to_internal_value(self, data: Any) -> tuple[str, ...]:  # type: ignore[override]
        if not isinstance(data, str | list):
            self.fail("not_a_list", input_type=type(data).__name__)
        return tuple(super().to_internal_value([data] if isinstance(data, str) else data))


class MoneyField(PriceField):
    """A JSON number outside, inside the decimal that was written."""

    def to_internal_value(self, data: Any) -> Decimal:  # type: ignore[override]
        return Decimal(str(super().to_internal_value(data)))


class CapsSerializer(StrictSerializer):
    """Null is no cap."""

    token_cap = NumberField(required=False, allow_null=True, help_text="Tokens that the batch may use.")
    cost_cap = MoneyField(required=False, allow_null=True, help_text="Money that the batch may cost.")


class OrderSerializer(CapsSerializer):
    """A mix field is known by its singular too: ``"topic": "Negligence"`` is ``"topics": ["Negligence"]``."""

    count = NumberField()
    provider = TextField(required=False, allow_blank=True, allow_null=True)
    model = TextField(required=False, allow_blank=True, allow_null=True)
    jurisdictions = WordsField(required=False, allow_null=True)
    topics = WordsField(required=False, allow_null=True)
    difficulties = WordsField(required=False, allow_null=True)
    sample_types = WordsField(required=False, allow_null=True)
    instruction = TextField(required=False, allow_blank=True, allow_null=True)
    item_budget = NumberField(required=False)
    seed = NumberField(required=False, allow_null=True)
    when_full = TextField(required=False, allow_null=True, help_text="auto, stay or spill.")
    confirm = FlagField(required=False, source="confirmed", help_text="Needed for very large orders.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return super().to_internal_value(_in_plural(data))


def _in_plural(data: Mapping[str, Any]) -> dict[str, Any]:
    if twice := [name for name, plural in SINGULAR.items() if name in data and plural in data]:
        raise serializers.ValidationError({name: [f"Give {name} or {SINGULAR[name]}, not both."] for name in twice})
    return {SINGULAR.get(name, name): value for name, value in data.items()}


def to_order(values: Mapping[str, Any]) -> BatchOrder:
    """What was left out or null takes the order's own default."""
    return BatchOrder(**{name: value for name, value in values.items() if value is not None})


class QualitySerializer(serializers.Serializer[ModelQuality]):
    id = serializers.IntegerField()
    provider = serializers.CharField()
    model_id = serializers.CharField()
    answers = serializers.IntegerField(help_text="Answers that were judged: those accepted and those not.")
    accepted = serializers.IntegerField()
    bad_output = serializers.IntegerField()
    quality = serializers.FloatField(allow_null=True, help_text="Accepted of all answers, 0 to 1; null for none.")


class QualityListing(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    models = QualitySerializer(many=True)
    count = serializers.IntegerField()


class EventSerializer(serializers.ModelSerializer[Event]):
    words = serializers.SerializerMethodField(help_text="The event as a sentence.")

    class Meta:
        model = Event
        fields = ("id", "at", "kind", "actor", "words", "facts")
        read_only_fields = fields

    def get_words(self, event: Event) -> str:
        return words(event)


class FailedItemSerializer(serializers.ModelSerializer[Item]):
    class Meta:
        model = Item
        fields = (
            "number",
            "jurisdiction",
            "practice_area",
            "topic",
            "difficulty",
            "sample_type",
            "faults",
            "failure",
        )
        read_only_fields = fields
