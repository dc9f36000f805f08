"""A model that writes down what it was told, or what it thinks while it writes."""

from collections.abc import Iterator

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.phrases import read_phrases, said
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, shown, texts
from samples.taxonomy.requirements import Requirements

OPENING_CHARS = 200

_PHRASES = read_phrases(__file__)


def _echoes(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if found := said(folded(text), _PHRASES["prompt"]):
            yield field, f"{field} repeats instructions ('{shown(found)}'): write what they ask for"


def _thinks_aloud(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        plain = folded(text)
        if found := said(plain, _PHRASES["aloud"], end=OPENING_CHARS) or said(plain, _PHRASES["anywhere"]):
            yield field, f"{field} thinks aloud ('{shown(found)}'): write only what came of it"


RULES = (
    Rule(
        name="prompt_echo",
        severity=Severity.REJECT,
        says="No field repeats the instructions by which the sample was made.",
        good="The variation of the contract needed at least two signatures, each under its own date.",
        bad="in this order, each part under its name as a heading: Issue, Rule. At least 500 words.",
        find=_echoes,
    ),
    Rule(
        name="thinking_aloud",
        severity=Severity.REJECT,
        says="No field tells how its writer thinks about writing it.",
        good="The court must first think of the child. Wait times for a hearing are no reason to do otherwise.",
        bad="Okay, let me think. The landlord had no order. Wait, no: she is a lodger. So she may sue.",
        find=_thinks_aloud,
    ),
)
