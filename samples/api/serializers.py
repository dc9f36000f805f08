"""Samples and the taxonomy as the API shows them."""

from typing import Any

from rest_framework import serializers

from samples import choices
from samples.models import Sample


class FindingSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    severity = serializers.CharField(help_text="reject, where it would not be taken by today's rules, or flag.")
    field = serializers.CharField()
    message = serializers.CharField()


class SampleSerializer(serializers.ModelSerializer[Sample]):
    batch = serializers.IntegerField(source="batch_id", allow_null=True, read_only=True)
    reviewed_by = serializers.CharField(
        source="reviewed_by.username", default=None, allow_null=True, read_only=True, help_text="A user name."
    )
    review_seen = serializers.CharField(
        read_only=True, help_text="Send it back with a decision, which is refused where another came in between."
    )

    findings = FindingSerializer(source="held", many=True, read_only=True, help_text="What rules hold against it.")
    score_parts = serializers.DictField(
        child=serializers.FloatField(), allow_null=True, read_only=True, help_text="What the score is made of."
    )

    class Meta:
        model = Sample
        fields = (
            "id",
            "question",
            "answer",
            "case_citation",
            "reasoning",
            "jurisdiction",
            "practice_area",
            "topic",
            "difficulty",
            "sample_type",
            "provider",
            "model",
            "model_answered",
            "batch",
            "item_number",
            "tokens",
            "as_at",
            "score",
            "score_parts",
            "findings",
            "created_at",
            "review",
            "review_note",
            "reviewed_by",
            "reviewed_at",
            "review_seen",
        )
        read_only_fields = fields


class TopicSerializer(serializers.Serializer[Any]):
    jurisdiction = serializers.CharField()
    practice_area = serializers.CharField()
    topic = serializers.CharField(source="name")
    difficulty = serializers.CharField(help_text="The topic's usual difficulty: a default, not a bond.")


class TopicListing(serializers.Serializer[Any]):
    topics = TopicSerializer(many=True)
    count = serializers.IntegerField()


class SampleTypeSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    focus = serializers.CharField()
    sections = serializers.ListField(child=serializers.CharField())
    has_reasoning_steps = serializers.BooleanField()
    answer_words = serializers.ListField(
        source="words",
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Least and most words of an answer, where the type and not the difficulty says so.",
    )
    citations = serializers.ListField(
        child=serializers.IntegerField(allow_null=True),
        allow_null=True,
        help_text="Least and most authorities, where the type and not the difficulty says so.",
    )
    wants_scenario = serializers.BooleanField(help_text="Whether the question tells a case.")
    wants_date = serializers.BooleanField()


class SampleTypeListing(serializers.Serializer[Any]):
    sample_types = SampleTypeSerializer(many=True)
    count = serializers.IntegerField()


class DecisionSerializer(serializers.Serializer[Any]):
    """The body of a decision; unknown fields are refused."""

    status = serializers.ChoiceField(
        choices=choices.ReviewStatus.choices,
        error_messages={
            "invalid_choice": f"'{{input}}' is none. Choose one of: {', '.join(choices.ReviewStatus.values)}.",
            "required": f"It is missing. Choose one of: {', '.join(choices.ReviewStatus.values)}.",
        },
    )
    note = serializers.CharField(default="", allow_blank=True, help_text="Why, for those who read it later.")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if unknown := [str(name) for name in data if name not in self.fields]:
            remedy = f"There is no such field. Use: {', '.join(self.fields)}."
            raise serializers.ValidationError({name: [remedy] for name in unknown})
        taken: dict[str, Any] = super().to_internal_value(data)
        return taken


class ReviewSerializer(DecisionSerializer):
    seen = serializers.CharField(
        required=False, help_text="The sample's review_seen as you know it; left out, the decision overwrites."
    )


class BulkReviewSerializer(DecisionSerializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=1_000, help_text="Of the samples."
    )


class ReviewedSerializer(serializers.Serializer[Any]):
    reviewed = serializers.IntegerField(help_text="How many samples it was; those that do not exist do not count.")
