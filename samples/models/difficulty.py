"""How demanding a sample is."""

from django.db import models

from samples.models.term import LINE_MAX, NAME_MAX, Term, bounds, valid_word
from samples.taxonomy import values


class Difficulty(Term):
    """Its position is its rank: the easiest first."""

    VALUE = values.Difficulty
    SAMPLE_COLUMN = "difficulty"
    BOUNDS = ("words", "citations", "reasoning_steps")
    OPEN_BOUNDS = ("citations",)

    word = models.CharField(
        max_length=20,
        unique=True,
        validators=[valid_word],
        help_text="What orders and samples call it, such as basic. It stays once a sample has it.",
    )
    name = models.CharField(max_length=NAME_MAX)
    words = bounds(help_text="Words of an answer, where its type does not say otherwise.")
    citations = bounds(help_text="Authorities of a sample, where its type does not say otherwise.")
    reasoning_steps = bounds(help_text="Steps of the reasoning, of types that have steps.")
    complexity = models.CharField(
        max_length=LINE_MAX, help_text="What the prompt asks for, such as: multi-factor analysis, moderate complexity."
    )

    class Meta(Term.Meta):
        db_table = "difficulties"
        verbose_name_plural = "difficulties"

    def why_kept(self, word: str) -> str:
        return "it is the usual one of topics" if self.topics.exists() else super().why_kept(word)
