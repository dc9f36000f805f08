"""What one sample must be: the prompt asks for exactly this, and the rules check exactly this."""

from dataclasses import dataclass

from samples.taxonomy.values import Range, Taxonomy


@dataclass(frozen=True, slots=True)
class Requirements:
    """Ranges are the least and the most, None for no most.

    No ``sections``: prose without headings. No ``reasoning_steps``: a few sentences instead of numbered steps.
    ``wants_date``: question or answer names a date. ``language`` is a tag such as "en-GB".
    """

    jurisdiction: str
    sample_type: str
    difficulty: str
    sections: tuple[str, ...]
    words: Range
    reasoning_steps: tuple[int, int] | None
    citations: Range
    citation_style: str = ""
    citation_examples: tuple[str, ...] = ()
    wants_scenario: bool = True
    wants_date: bool = False
    language: str = "en-GB"


def requirements(known: Taxonomy, *, jurisdiction: str, sample_type: str, difficulty: str) -> Requirements:
    """What the three definitions ask for together. StopIteration where one is not known."""
    law, kind, level = known.jurisdiction(jurisdiction), known.sample_type(sample_type), known.difficulty(difficulty)
    return Requirements(
        jurisdiction=jurisdiction,
        sample_type=sample_type,
        difficulty=difficulty,
        sections=kind.sections,
        words=kind.words or level.words,
        reasoning_steps=level.reasoning_steps if kind.has_reasoning_steps else None,
        citations=kind.citations or level.citations,
        citation_style=law.citation_style,
        citation_examples=law.citation_examples,
        wants_scenario=kind.wants_scenario,
        wants_date=kind.wants_date,
        language=law.language,
    )
