"""What the API tells of how good answers were: a batch's, with what it is short of, and each model's."""

from typing import Any

from rest_framework import serializers

from generation.engine.shortfall import Reason, Shortfall
from generation.selectors.model_quality import ModelQuality
from generation.selectors.totals import RouteSummary


class ExampleSerializer(serializers.Serializer[Any]):
    item = serializers.IntegerField(source="example_item", help_text="The number of a failed item.")
    message = serializers.CharField(source="example", help_text="What was found, or why the call failed.")


class ShortReasonSerializer(serializers.Serializer[Reason]):
    rule = serializers.CharField(
        source="code",
        help_text="The rule of quality that was broken; unreadable; or how the last call ended, where no answer came.",
    )
    name = serializers.CharField(help_text="The same for people.")
    items = serializers.IntegerField(help_text="Failed items with an answer like that; an item may count for several.")
    answers = serializers.IntegerField(help_text="Their answers, or calls, like that.")
    example = ExampleSerializer(source="*")


class ShortfallSerializer(serializers.Serializer[Shortfall]):
    """What is missing for good, unless somebody retries it; the commonest reason first."""

    short = serializers.IntegerField()
    counted = serializers.IntegerField(help_text="Failed items that the reasons were counted in: the first 5,000.")
    words = serializers.CharField()
    reasons = ShortReasonSerializer(many=True)


class FirstPassSerializer(serializers.Serializer[RouteSummary]):
    """Of a model's first answers to items, how many were accepted without being asked again."""

    provider = serializers.CharField()
    model = serializers.CharField()
    first_answers = serializers.IntegerField()
    first_accepted = serializers.IntegerField()
    first_pass = serializers.FloatField(allow_null=True, help_text="0 to 1.")


class QualitySerializer(serializers.Serializer[ModelQuality]):
    id = serializers.IntegerField()
    provider = serializers.CharField()
    model_id = serializers.CharField()
    answers = serializers.IntegerField(help_text="Answers that were judged: those accepted and those not.")
    accepted = serializers.IntegerField()
    bad_output = serializers.IntegerField()
    quality = serializers.FloatField(allow_null=True, help_text="Accepted of all answers, 0 to 1; null for none.")
    first_answers = serializers.IntegerField(help_text="The first ones to an item since it was claimed.")
    first_pass = serializers.FloatField(
        allow_null=True, help_text="Accepted of the first answers, 0 to 1; null for none."
    )
    rules = serializers.SerializerMethodField(help_text="Rules of quality by how many of its answers broke them.")

    def get_rules(self, quality: ModelQuality) -> dict[str, int]:
        known: dict[int, dict[str, int]] = self.context["broken"]
        return known.get(quality.id, {})


class QualityListing(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    models = QualitySerializer(many=True)
    count = serializers.IntegerField()
