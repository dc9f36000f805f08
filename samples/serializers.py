"""Samples and the taxonomy as the API shows them."""

from typing import Any

from rest_framework import serializers

from samples.models import Sample


class SampleSerializer(serializers.ModelSerializer[Sample]):
    batch = serializers.IntegerField(source="batch_id", allow_null=True, read_only=True)

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
            "batch",
            "item_number",
            "tokens",
            "created_at",
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
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="Least and most words of an answer, where the type and not the difficulty says so.",
    )


class SampleTypeListing(serializers.Serializer[Any]):
    sample_types = SampleTypeSerializer(many=True)
    count = serializers.IntegerField()
