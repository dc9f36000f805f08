"""A law that samples are of."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from samples.models.term import LINE_MAX, NAME_MAX, Term, lines, valid_word
from samples.taxonomy import values


class Jurisdiction(Term):
    """What has parts is no law of its own: an order for it is an order for its parts, of which there is one level."""

    VALUE = values.Jurisdiction
    SAMPLE_COLUMN = "jurisdiction"
    COLUMNS = {"id": "word", "part_of": "part_of_word"}

    word = models.CharField(
        max_length=30,
        unique=True,
        validators=[valid_word],
        help_text="What orders and samples call it, such as scotland. It stays once a sample has it.",
    )
    name = models.CharField(max_length=NAME_MAX)
    part_of = models.ForeignKey(
        "self",
        to_field="word",
        db_column="part_of",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        help_text="The jurisdiction of which this is a part, as Scotland is of the United Kingdom.",
    )
    legal_system = models.CharField(max_length=LINE_MAX, help_text="Such as: common law.")
    courts = models.CharField(max_length=LINE_MAX, blank=True, help_text="Its courts, the highest first.")
    citations = models.CharField(max_length=LINE_MAX, blank=True, help_text="What is cited: cases, statutes, treaties.")
    citation_style = models.CharField(max_length=NAME_MAX, blank=True, help_text="Such as OSCOLA or Bluebook.")
    citation_examples = lines(help_text="Real authorities as its style has them, one on a line. Two are enough.")
    language = models.CharField(
        max_length=20,
        default="en-GB",
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", "Give a language tag, such as en-GB.")],
        help_text="A tag such as en-GB.",
    )
    terms = models.CharField(
        max_length=LINE_MAX, blank=True, help_text="What its lawyers say, such as: pursuer and defender, delict."
    )

    class Meta(Term.Meta):
        db_table = "jurisdictions"

    @property
    def part_of_word(self) -> str:
        return self.part_of_id or ""

    def why_kept(self, word: str) -> str:
        if self.parts.exists():
            return f"other jurisdictions are parts of '{word}'"
        return "topics belong to it" if self.topics.exists() else super().why_kept(word)

    def clean(self) -> None:
        super().clean()
        if self.part_of is None:
            return
        if self.part_of_id == self.word or self.part_of.part_of_id:
            raise ValidationError({"part_of": f"{self.part_of} is no whole. Choose one that is part of none."})
        if self.pk and self.parts.exists():
            raise ValidationError({"part_of": f"{self} has parts itself. Leave this empty."})
