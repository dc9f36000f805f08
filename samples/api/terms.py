"""Terms of the taxonomy as the API shows and takes them. Types only: what is allowed stands in tables and actions."""

from typing import Any

from rest_framework import serializers

from samples.api.strict import FlagField, NumberField, StrictSerializer, TextField
from samples.models import Term


class LinesField(serializers.ListField):
    child = TextField()


class BoundsField(serializers.ListField):
    """The least and the most; null as the second is no most."""

    child = NumberField(allow_null=True, min_value=0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=2, **kwargs)


class ReferenceField(TextField):
    """Another term by its word, without looking it up."""

    def get_attribute(self, instance: Term) -> Any:
        return instance.serializable_value(str(self.source))


class LocalNameSerializer(StrictSerializer):
    jurisdiction = TextField(help_text="A part of the topic's jurisdiction.")
    name = TextField()


class TermSerializer(StrictSerializer):
    aliases = LinesField(required=False, help_text="Other names by which orders and filters find it.")
    enabled = FlagField(required=False, help_text="What is off is not ordered any more. Samples of it stay.")
    position = serializers.IntegerField(read_only=True, help_text="Its place in the list, 0 first.")


class WordedSerializer(TermSerializer):
    """``id`` stays once a sample has it."""

    id = TextField(source="word")
    name = TextField()


class JurisdictionTermSerializer(WordedSerializer):
    part_of = ReferenceField(required=False, allow_null=True, help_text="The jurisdiction of which this is a part.")
    legal_system = TextField()
    courts = TextField(required=False, allow_blank=True)
    citations = TextField(required=False, allow_blank=True, help_text="What is cited.")
    citation_style = TextField(required=False, allow_blank=True)
    citation_examples = LinesField(required=False)
    language = TextField(required=False, help_text="A tag such as en-GB.")
    terms = TextField(required=False, allow_blank=True, help_text="What its lawyers say.")


class DifficultyTermSerializer(WordedSerializer):
    words = BoundsField(help_text="Least and most words of an answer.")
    citations = BoundsField(help_text="Least and most authorities; null as the second is no most.")
    reasoning_steps = BoundsField(help_text="Fewest and most steps of the reasoning.")
    complexity = TextField(help_text="What the prompt asks for.")


class SampleTypeTermSerializer(WordedSerializer):
    focus = TextField()
    sections = LinesField(required=False, help_text="The headings of an answer; none: prose without headings.")
    has_reasoning_steps = FlagField(required=False)
    words = BoundsField(required=False, allow_null=True, help_text="Null: as the difficulty has it.")
    citations = BoundsField(required=False, allow_null=True, help_text="Null: as the difficulty has it.")
    wants_scenario = FlagField(required=False)
    wants_date = FlagField(required=False)
    guidance = TextField(required=False, allow_blank=True)


class TopicTermSerializer(TermSerializer):
    """``topic``, its name, stays once a sample has it."""

    topic = TextField(source="word")
    jurisdiction = ReferenceField()
    practice_area = TextField()
    difficulty = ReferenceField(help_text="The usual one: a default, not a bond.")
    only_in = LinesField(required=False, help_text="The parts of its jurisdiction that know it; none: all of them.")
    local_names = LocalNameSerializer(many=True, required=False, help_text="What parts of its jurisdiction call it.")
    sub_issues = LinesField(required=False, help_text="What a question may turn on.")


class PlaceSerializer(StrictSerializer):
    """One of the two, a term of the same list."""

    before = TextField(required=False)
    after = TextField(required=False)
