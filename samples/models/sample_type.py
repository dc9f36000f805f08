"""What form a sample has."""

from django.db import models

from samples.models.term import LINE_MAX, NAME_MAX, Term, bounds, lines, valid_word
from samples.taxonomy import values


class SampleType(Term):
    VALUE = values.SampleType
    SAMPLE_COLUMN = "sample_type"
    BOUNDS = ("words", "citations")
    OPEN_BOUNDS = ("citations",)

    word = models.CharField(
        max_length=40,
        unique=True,
        validators=[valid_word],
        help_text="What orders and samples call it, such as case_analysis. It stays once a sample has it.",
    )
    name = models.CharField(max_length=NAME_MAX)
    focus = models.CharField(max_length=LINE_MAX, help_text="What it is for, such as: understanding legislation.")
    sections = lines(help_text="The headings of an answer, one on a line. None: prose without headings.")
    has_reasoning_steps = models.BooleanField(
        default=True, help_text="Whether the reasoning is a list of numbered steps, or a few sentences."
    )
    words = bounds(null=True, blank=True, help_text="Words of an answer. Empty: as the difficulty has it.")
    citations = bounds(null=True, blank=True, help_text="Authorities of a sample. Empty: as the difficulty has it.")
    wants_scenario = models.BooleanField(default=True, help_text="Whether the question tells a case with parties.")
    wants_date = models.BooleanField(default=False, help_text="Whether it is about something that happened on a day.")
    guidance = models.TextField(
        blank=True, help_text="What is particular about it, in sentences, as the prompt tells them."
    )

    class Meta(Term.Meta):
        db_table = "sample_types"
