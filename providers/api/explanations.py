"""An explanation of routes as the API and ``manage.py explain_route --json`` show it."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from providers.choices import URGENCY_WORDS, WHEN_FULL
from providers.routing.admission import Obstacle
from providers.routing.explaining.explanation import TYPICAL_TOKENS, Explanation, Reason, Turn
from providers.routing.route import Exclusion
from providers.status.explanation import TOKENS_MAX, ends_at

CODES = [*(why.value for why in Exclusion), *dict.fromkeys(obstacle.code for obstacle in Obstacle)]


class OrderQuery(serializers.Serializer[Any]):
    """What may be asked, for the schema; ``providers.status.explanation.read_order`` reads it."""

    provider = serializers.CharField(required=False, help_text="A provider's id. Left out: automatic.")
    model = serializers.CharField(required=False, help_text="A model_id. Left out: automatic.")
    when_full = serializers.ChoiceField(WHEN_FULL, required=False)
    tokens = serializers.IntegerField(
        required=False, min_value=1, max_value=TOKENS_MAX, default=TYPICAL_TOKENS, help_text="Of prompt and answer."
    )
    schema = serializers.BooleanField(required=False, default=True, help_text="An answer by JSON schema is wanted.")
    priced_only = serializers.BooleanField(required=False, default=False, help_text="As under a cap in money.")
    urgency = serializers.ChoiceField(URGENCY_WORDS, required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField([(code, code) for code in CODES])
    words = serializers.CharField()
    scope = serializers.CharField(help_text="The provider, or provider/model, that it is about.")
    wait_s = serializers.FloatField(allow_null=True, help_text="Null where it has no known end.")
    until = serializers.SerializerMethodField()
    setting = serializers.CharField(help_text="The field of that provider or model that decides; empty: none.")

    def get_until(self, reason: Reason) -> datetime | None:
        return ends_at(reason.wait_s)


@extend_schema_serializer(component_name="Step")
class ExplainedRouteSerializer(serializers.Serializer[Any]):
    place = serializers.IntegerField(allow_null=True, help_text="In the order of trying; null where it is not in it.")
    provider = serializers.CharField(source="route.provider.id")
    model = serializers.CharField(source="route.model.model_id")
    verdict = serializers.ChoiceField([(turn.value, turn.value) for turn in Turn], source="turn")
    provider_because = serializers.CharField(help_text="Why its provider stands at its place.")
    model_because = serializers.CharField(help_text="Why the model stands at its place in its provider.")
    reasons = ReasonSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())


class ExplanationSerializer(serializers.Serializer[Any]):
    summary = serializers.CharField()
    next = serializers.SerializerMethodField(help_text="The key of the route that is called next; null: none.")
    wait_s = serializers.FloatField(
        source="at_s", allow_null=True, help_text="Until that call, or until it is worth looking again. Null: unknown."
    )
    unknown = serializers.CharField(help_text="Why suspensions and budgets are not known; empty where they are.")
    routes = ExplainedRouteSerializer(many=True)

    def get_next(self, explanation: Explanation) -> str | None:
        return explanation.next.route.key if explanation.next else None
