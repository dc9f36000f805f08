"""The text of a sample before it is one."""

from dataclasses import dataclass

WRITING_ORDER = ("question", "reasoning", "answer", "case_citation")
"""The order in which a model is asked to write the fields: it thinks before it answers."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: every field is a string with something in it, fit to be stored."""

    question: str
    answer: str
    case_citation: str
    reasoning: str
