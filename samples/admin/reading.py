"""A sample as its page shows it: sections, steps, and citations to highlight."""

from dataclasses import dataclass

from samples import reading
from samples.citations import Span, spans
from samples.models import Sample
from samples.taxonomy import taxonomy


@dataclass(frozen=True, slots=True)
class Part:
    """``id`` is for links within the page."""

    id: str
    heading: str
    text: list[Span]


@dataclass(frozen=True, slots=True)
class Reading:
    """``steps`` is empty where the reasoning is no list; it stands in ``reasoning`` then."""

    question: list[Span]
    answer: list[Part]
    steps: list[list[Span]]
    reasoning: list[Span]
    authorities: list[str]


def reading_of(sample: Sample) -> Reading:
    def marked(text: str) -> list[Span]:
        return spans(text, sample.case_citation)

    kinds = {kind.id: kind for kind in taxonomy().sample_types}
    names = kinds[sample.sample_type].sections if sample.sample_type in kinds else ()
    parts = reading.sections(sample.answer, names)
    steps = reading.steps(sample.reasoning)
    return Reading(
        question=marked(sample.question),
        answer=[Part(f"part-{place}", part.heading, marked(part.text)) for place, part in enumerate(parts)],
        steps=[marked(step) for step in steps],
        reasoning=[] if steps else marked(sample.reasoning),
        authorities=[name.strip() for name in sample.case_citation.split(";") if name.strip()],
    )
