"""What one sample must be: the prompt asks for exactly this, and the rules check exactly this."""

from dataclasses import dataclass

from samples.taxonomy.values import Taxonomy


@dataclass(frozen=True, slots=True)
class Requirements:
    """Ranges are the least and the most, None for no most.

    No ``sections``: prose without headings. No ``reasoning_steps``: a few sentences instead of numbered steps.
    """

    jurisdiction: str
    sample_type: str
    difficulty: str
    sections: tuple[str, ...]
    words: tuple[int, int | None]
    reasoning_steps: tuple[int, int] | None
    citations: tuple[int, int | None]


def requirements(known: Taxonomy, *, jurisdiction: str, sample_type: str, difficulty: str) -> Requirements:
    """What the three definitions ask for together. StopIteration where one is not known."""
    kind, level = known.sample_type(sample_type), known.difficulty(difficulty)
    return Requirements(
        jurisdiction=jurisdiction,
        sample_type=sample_type,
        difficulty=difficulty,
        sections=kind.sections,
        words=kind.answer_words or (level.min_words, None),
        reasoning_steps=level.reasoning_steps if kind.has_reasoning_steps else None,
        citations=(level.min_citations, None),
    )
