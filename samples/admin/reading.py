"""A sample as its page shows it: sections, paragraphs, lists and steps, with citations to highlight."""

from dataclasses import dataclass

from samples import reading
from samples.citations import Span, spans, stress
from samples.models import Sample
from samples.reading import Shape
from samples.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Block:
    shape: Shape
    texts: list[list[Span]]
    start: int


@dataclass(frozen=True, slots=True)
class Part:
    """``id`` is for links within the page."""

    id: str
    heading: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Reading:
    """``steps`` is empty where the reasoning is no list; it stands in ``reasoning`` then."""

    question: list[Block]
    answer: list[Part]
    steps: list[list[Span]]
    reasoning: list[Block]
    authorities: list[list[Span]]


def reading_of(sample: Sample, known: Taxonomy) -> Reading:
    def marked(text: str) -> list[Span]:
        plain, stressed = reading.unstressed(text)
        return stress(spans(plain, sample.case_citation), stressed)

    def blocks(text: str) -> list[Block]:
        return [
            Block(block.shape, [marked(text) for text in block.texts], block.start) for block in reading.blocks(text)
        ]

    kinds = {kind.id: kind for kind in known.sample_types}
    names = kinds[sample.sample_type].sections if sample.sample_type in kinds else ()
    parts = reading.sections(sample.answer, names)
    steps = reading.steps(sample.reasoning)
    return Reading(
        question=blocks(sample.question),
        answer=[Part(f"part-{place}", part.heading, blocks(part.text)) for place, part in enumerate(parts)],
        steps=[marked(step) for step in steps],
        reasoning=[] if steps else blocks(sample.reasoning),
        authorities=[spans(name) for name in reading.authorities(sample.case_citation)],
    )
