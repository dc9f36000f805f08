"""What the prompt asks for because of one term, in sentences."""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from samples.taxonomy import Difficulty, Jurisdiction, SampleType, Taxonomy, Topic
from samples.taxonomy.values import Range


@singledispatch
def asks(value: Any, known: Taxonomy) -> Iterator[str]:
    raise NotImplementedError


@asks.register
def _of_jurisdiction(value: Jurisdiction, known: Taxonomy) -> Iterator[str]:
    parts = [entry.name for entry in known.jurisdictions if entry.part_of == value.id]
    if parts:
        yield f"Nothing by itself: an order for it is spread over {', '.join(parts)}."
        return
    yield f"{value.name}: {value.legal_system}."
    if value.citations:
        yield f"Authorities: {value.citations}."
    if value.citation_style:
        examples = f", such as {'; '.join(value.citation_examples)}" if value.citation_examples else ""
        yield f"Cited as {value.citation_style} has it{examples}."
    if value.terms:
        yield f"In its own terms: {value.terms}."


@asks.register
def _of_difficulty(value: Difficulty, known: Taxonomy) -> Iterator[str]:
    yield f"{value.complexity[:1].upper()}{value.complexity[1:]}."
    yield f"An answer of {_between(value.words)} words with {_between(value.citations)} authorities."
    yield f"Reasoning in {_between(value.reasoning_steps)} steps, where the type has steps."


@asks.register
def _of_sample_type(value: SampleType, known: Taxonomy) -> Iterator[str]:
    yield f"Headings: {', '.join(value.sections)}." if value.sections else "Prose without headings."
    yield "A question that tells a case." if value.wants_scenario else "A question without a case."
    for level in known.difficulties:
        words, citations = _between(value.words or level.words), _between(value.citations or level.citations)
        steps = f", reasoning in {_between(level.reasoning_steps)} steps" if value.has_reasoning_steps else ""
        yield f"{level.name}: {words} words, {citations} authorities{steps}."
    if value.guidance:
        yield value.guidance


@asks.register
def _of_topic(value: Topic, known: Taxonomy) -> Iterator[str]:
    names = {entry.id: entry.name for entry in known.jurisdictions}
    homes = [f"{value.name_in(home)} in {names[home]}" for home in known.homes(value)]
    yield f"{value.practice_area}: {'; '.join(homes)}."
    if value.sub_issues:
        yield f"It may turn on: {', '.join(value.sub_issues)}."


def _between(bounds: Range) -> str:
    least, most = bounds
    if most is None:
        return f"at least {least}"
    return str(least) if least == most else f"{least} to {most}"
