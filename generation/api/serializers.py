"""Batches as the API shows them, and orders as it takes them. Types only: actions know what is allowed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generation.actions import CONFIRMED_MAX, BatchOrder
from generation.actions.batch_forecasts import forecast_of
from generation.api.progress_serializers import BatchForecastSerializer, PaceSerializer, ProgressSerializer
from generation.api.report_serializers import FirstPassSerializer, ShortfallSerializer
from generation.choices import ACTIVE
from generation.models import Attempt, Batch, Event
from generation.selectors.failed_items import FailedItem
from generation.selectors.obstacles import prospects_of
from generation.selectors.progress import pace_now, progress_of
from generation.selectors.shortfall import shortfall_of
from generation.selectors.timeline import words
from generation.selectors.totals import routes
from providers.api.json_fields import FlagField, NumberField, PriceField, StrictSerializer, TextField
from providers.choices import URGENCY_WORDS
from providers.routing.explaining.money import CURRENCY
from providers.status.troubles import Trouble

RETRIED_MAX = 1_000
SINGULAR = {
    "jurisdiction": "jurisdictions",
    "topic": "topics",
    "difficulty": "difficulties",
    "sample_type": "sample_types",
}


URGENCY_HELP = "low, normal or urgent. Where batches wait for the same limit, the more urgent one goes first."


class BatchSerializer(serializers.ModelSerializer[Batch]):
    urgency = serializers.ChoiceField(URGENCY_WORDS, source="urgency_word", read_only=True, help_text=URGENCY_HELP)
    cost = PriceField(
        source="spending.number", read_only=True, allow_null=True, help_text="Where known, at least; null: not known."
    )
    unpriced_calls = serializers.IntegerField(
        source="unpriced", read_only=True, help_text="Calls whose cost is not known: it comes on top."
    )
    currency = serializers.CharField(default=CURRENCY, read_only=True)
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
            "replaced",
            "attempts",
            "tokens",
            "cached_tokens",
            "reasoning_tokens",
            "cost",
            "unpriced_calls",
            "currency",
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
            "prompt_version",
            "item_budget",
            "seed",
            "weights",
            "when_full",
            "urgency",
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


class WeightsField(serializers.JSONField):
    """By field of the mix, or its singular, words with whole numbers; what they may be is for the action to say."""

    def to_internal_value(self, data: Any) -> Any:
        return _in_plural(data) if isinstance(data, dict) else data


class MoneyField(PriceField):
    """A JSON number outside, inside the decimal that was written."""

    def to_internal_value(self, data: Any) -> Decimal:
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
    prompt_version = NumberField(
        required=False, allow_null=True, help_text="In whose words items are asked for; default: the current one."
    )
    item_budget = NumberField(required=False)
    seed = NumberField(required=False, allow_null=True)
    weights = WeightsField(
        required=False, allow_null=True, help_text="How often words come beside each other, by field of the mix."
    )
    when_full = TextField(required=False, allow_null=True, help_text="auto, stay or spill.")
    urgency = TextField(required=False, allow_null=True, help_text=URGENCY_HELP)
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


class UrgencySerializer(StrictSerializer):
    urgency = TextField(help_text=URGENCY_HELP)


class EventSerializer(serializers.ModelSerializer[Event]):
    words = serializers.SerializerMethodField(help_text="The event as a sentence.")

    class Meta:
        model = Event
        fields = ("id", "at", "kind", "actor", "words", "facts")
        read_only_fields = fields

    def get_words(self, event: Event) -> str:
        return words(event)


class LastCallSerializer(serializers.ModelSerializer[Attempt]):
    class Meta:
        model = Attempt
        fields = (
            "started_at",
            "provider",
            "model",
            "model_answered",
            "outcome",
            "status_code",
            "rules",
            "detail",
            "answer",
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "reasoning_tokens",
        )
        read_only_fields = fields


class FailureSerializer(serializers.Serializer[FailedItem]):
    """A failed item with its last call."""

    number = serializers.IntegerField(source="item.number")
    jurisdiction = serializers.CharField(source="item.jurisdiction")
    practice_area = serializers.CharField(source="item.practice_area")
    topic = serializers.CharField(source="item.topic")
    difficulty = serializers.CharField(source="item.difficulty")
    sample_type = serializers.CharField(source="item.sample_type")
    faults = serializers.IntegerField(source="item.faults")
    failure = serializers.CharField(source="item.failure")
    kind = serializers.CharField(help_text="How its last call ended; no_call where none was made.")
    last_call = LastCallSerializer(source="last", allow_null=True)


class TroubleSerializer(serializers.Serializer[Trouble]):
    """One thing that keeps calls of the batch from leaving."""

    code = serializers.CharField(help_text="As in an explanation of routes; at_cap, not_known.")
    scope = serializers.CharField(help_text="The provider, or provider/model, that it is about; empty for all.")
    kind = serializers.CharField(allow_null=True, help_text="The kind of failure behind a suspension.")
    words = serializers.CharField()
    advice = serializers.CharField(help_text="What a person does about it; empty where it ends by itself.")
    wait_s = serializers.FloatField(allow_null=True, help_text="Null where it has no known end.")
    setting = serializers.CharField(help_text="The field that decides, of the provider or model ``at``; empty: none.")
    at = serializers.CharField()


class BatchDetailSerializer(BatchSerializer):
    """One batch, with what would be asked anew for each one of a list."""

    progress = serializers.SerializerMethodField()
    pace = serializers.SerializerMethodField()
    forecast = serializers.SerializerMethodField(help_text="When it will be done; null where nobody can say.")
    troubles = serializers.SerializerMethodField(help_text="What keeps its calls from leaving, the longest wait first.")
    shortfall = serializers.SerializerMethodField(
        help_text="What it is short of for good, and why; null where no item has failed."
    )
    first_pass = serializers.SerializerMethodField(help_text="How often each model was accepted at its first answer.")

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "progress", "pace", "forecast", "troubles", "shortfall", "first_pass")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, batch: Batch) -> dict[str, Any]:
        return dict(ProgressSerializer(progress_of(batch)).data)

    @extend_schema_field(PaceSerializer)
    def get_pace(self, batch: Batch) -> dict[str, Any]:
        return dict(PaceSerializer(pace_now(batch)).data)

    @extend_schema_field(BatchForecastSerializer(allow_null=True))
    def get_forecast(self, batch: Batch) -> dict[str, Any] | None:
        told = forecast_of(batch)
        return dict(BatchForecastSerializer(told).data) if told else None

    @extend_schema_field(TroubleSerializer(many=True))
    def get_troubles(self, batch: Batch) -> list[Any]:
        troubles = prospects_of(batch).troubles if batch.status in ACTIVE else ()
        return [TroubleSerializer(trouble).data for trouble in troubles]

    @extend_schema_field(ShortfallSerializer(allow_null=True))
    def get_shortfall(self, batch: Batch) -> dict[str, Any] | None:
        told = shortfall_of(batch)
        return dict(ShortfallSerializer(told).data) if told else None

    @extend_schema_field(FirstPassSerializer(many=True))
    def get_first_pass(self, batch: Batch) -> list[Any]:
        answered = [route for route in routes(batch) if route.first_answers] if batch.attempts else []
        return [FirstPassSerializer(route).data for route in answered]


class RetrySerializer(StrictSerializer):
    """Which failed items; left out or null, all of them."""

    items = serializers.ListField(
        child=NumberField(min_value=1, max_value=CONFIRMED_MAX),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=RETRIED_MAX,
        help_text="Numbers of failed items.",
    )
