"""The text of a sample before it is one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: every field is a string with something in it, fit to be stored."""

    question: str
    answer: str
    case_citation: str
    reasoning: str
