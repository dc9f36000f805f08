"""What was left to be filled in, inside a text that says something."""

from collections.abc import Iterator

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.phrases import read_phrases, said
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, shown, texts
from samples.taxonomy.requirements import Requirements

_PHRASES = read_phrases(__file__)


def _is_left_open(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if found := said(folded(text), _PHRASES["orders"]):
            yield field, f"{field} leaves something to be filled in ('{shown(found)}'): write it"


def _has_blanks(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if found := said(folded(text), _PHRASES["fields"]):
            yield field, f"{field} holds a blank ('{shown(found)}'): name somebody or something"


RULES = (
    Rule(
        name="left_open",
        severity=Severity.REJECT,
        says="Nothing in a text is left to be filled in.",
        good="The form said \u201c[insert date]\u201d. He wrote: \u201c[T]he lease [sic] ends [in May].\u201d",
        bad="The tenant may sue (see [insert relevant case here]), for the landlord had no order.",
        find=_is_left_open,
    ),
    Rule(
        name="blank",
        severity=Severity.FLAG,
        says="Persons, dates and sums are named, unless the text is a form.",
        good="This lease is made on 3 May 2024 between Ann Hill and Ben Cole.",
        bad="This lease is made on [date] between [Landlord's name] and Ben Cole.",
        find=_has_blanks,
    ),
)
