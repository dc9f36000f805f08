"""What a sample is about."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from samples.models.difficulty import Difficulty
from samples.models.jurisdiction import Jurisdiction
from samples.models.term import LINE_MAX, Term, lines
from samples.taxonomy import values


class Topic(Term):
    """Its word is its name. Where parts of its jurisdiction have other names for it, ``local_names`` has an object for
    each: ``{"jurisdiction": "scotland", "name": "Servitudes"}``."""

    VALUE = values.Topic
    SAMPLE_COLUMN = "topic"
    COLUMNS = {"name": "word", "jurisdiction": "jurisdiction_id", "difficulty": "difficulty_id"}

    word = models.CharField(
        "topic",
        max_length=200,
        unique=True,
        help_text="What orders and samples call it, such as Formation of Contracts. It stays once a sample has it.",
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction, to_field="word", db_column="jurisdiction", on_delete=models.PROTECT, related_name="topics"
    )
    practice_area = models.CharField(max_length=100, help_text="Such as Contract Law.")
    difficulty = models.ForeignKey(
        Difficulty,
        to_field="word",
        db_column="difficulty",
        on_delete=models.PROTECT,
        related_name="topics",
        help_text="The usual one, where an order names none.",
    )
    only_in = lines(help_text="The parts of its jurisdiction that know it, one on a line. Empty: all of them.")
    local_names = models.JSONField(default=list, blank=True, help_text="What parts of its jurisdiction call it.")
    sub_issues = lines(help_text="What a question may turn on, one on a line.")

    class Meta(Term.Meta):
        db_table = "topics"

    def clean(self) -> None:
        super().clean()
        for field, words in {"only_in": self.only_in, "local_names": self._named_parts()}.items():
            self._clean_parts(field, words)

    def _named_parts(self) -> list[str]:
        if not _are_local_names(self.local_names):
            remedy = 'Give a list of objects, such as {"jurisdiction": "scotland", "name": "Servitudes"}.'
            raise ValidationError({"local_names": remedy})
        return [entry["jurisdiction"] for entry in self.local_names]

    def _clean_parts(self, field: str, words: list[str]) -> None:
        if not words or not self.jurisdiction_id:
            return
        parts = list(Jurisdiction.objects.filter(part_of__word=self.jurisdiction_id).values_list("word", flat=True))
        if strange := next((word for word in words if word not in parts), None):
            known = f"Use: {', '.join(parts)}." if parts else "It has no parts: leave this empty."
            raise ValidationError({field: f"'{strange}' is no part of {self.jurisdiction_id}. {known}"})


def _are_local_names(given: Any) -> bool:
    return isinstance(given, list) and all(
        isinstance(entry, dict)
        and entry.keys() == {"jurisdiction", "name"}
        and all(isinstance(text, str) and 0 < len(text) <= LINE_MAX for text in entry.values())
        for entry in given
    )
