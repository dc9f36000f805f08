"""Versions of the prompts' wording as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from generation.actions.prompts.preview import Preview
from generation.engine.planning.plan import ItemSpec
from generation.engine.wording.texts import NAMES
from generation.models import PromptVersion
from providers.api.json_fields import NumberField, StrictSerializer, TextField

TEXT_HELP = {
    "system": "The system message.",
    "sample": "The user message: what one sample must be.",
    "reask": "The message after an answer that was wrong.",
    "phrases": "TOML: groups of phrases for what depends on the item.",
}


class PromptVersionSerializer(serializers.ModelSerializer[PromptVersion]):
    is_current = serializers.BooleanField(help_text="Whether new batches take it.")
    batches = serializers.IntegerField(source="batch_count", help_text="Batches that were ordered with it.")
    created_by = serializers.CharField(source="created_by_name", help_text="Empty: it came with a release.")

    class Meta:
        model = PromptVersion
        fields = ("number", "note", "is_current", "is_built_in", "parent", "batches", "created_by", "created_at")
        read_only_fields = fields


class PromptDetailSerializer(PromptVersionSerializer):
    """One version, with its texts."""

    system, sample, reask, phrases = (
        serializers.CharField(source=f"texts.{name}", help_text=TEXT_HELP[name]) for name in NAMES
    )

    class Meta(PromptVersionSerializer.Meta):
        fields = (*PromptVersionSerializer.Meta.fields, *NAMES)  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class NewPromptSerializer(StrictSerializer):
    """A text that is left out is the parent's."""

    system, sample, reask, phrases = (
        TextField(required=False, allow_blank=True, help_text=TEXT_HELP[name]) for name in NAMES
    )
    note = TextField(required=False, allow_blank=True, help_text="What is different, and why.")
    parent = NumberField(  # type: ignore[assignment]  # a field here, where every field has its serializer by that name
        required=False, allow_null=True, help_text="What it is made from; default: the current one."
    )


class PreviewQuerySerializer(serializers.Serializer[Any]):
    jurisdiction = serializers.CharField(required=False, help_text="Default: any.")
    topic = serializers.CharField(required=False, help_text="Default: any.")
    sample_type = serializers.CharField(required=False, help_text="Default: any.")
    difficulty = serializers.CharField(required=False, help_text="Default: the topic's usual one.")
    instruction = serializers.CharField(required=False, help_text="The batch's own, added to the prompt.")
    seed = serializers.IntegerField(required=False, help_text="Of the batch that it would be in; default: 0.")
    number = serializers.IntegerField(required=False, help_text="Of the item in that batch; default: 1.")


class MessageSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    content = serializers.CharField()


class SpecSerializer(serializers.Serializer[ItemSpec]):
    number = serializers.IntegerField()
    jurisdiction = serializers.CharField()
    practice_area = serializers.CharField()
    topic = serializers.CharField()
    difficulty = serializers.CharField()
    sample_type = serializers.CharField()


class PreviewSerializer(serializers.Serializer[Preview]):
    prompt_version = serializers.IntegerField(source="version.number", default=None, allow_null=True)
    item = SpecSerializer(source="spec", help_text="What the sample must be.")
    messages = MessageSerializer(source="request.messages", many=True, help_text="As they are sent.")
    schema = serializers.DictField(
        source="request.schema.schema", help_text="Sent where the model takes one; else JSON mode, or nothing."
    )
    max_tokens = serializers.IntegerField(source="request.max_tokens")
    temperature = serializers.FloatField(source="request.temperature")
    tokens = serializers.IntegerField(help_text="Of the prompt, about.")


def told_preview(told: Preview) -> dict[str, Any]:
    """The preview as JSON holds it."""
    shown: dict[str, Any] = dict(PreviewSerializer(told).data)
    return shown
