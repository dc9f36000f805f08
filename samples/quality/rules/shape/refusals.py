"""A model that refuses to write what it was asked for."""

from collections.abc import Iterator

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.phrases import read_phrases, said
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, is_letter, shown, texts
from samples.taxonomy.requirements import Requirements

OPENING_CHARS = 300
SHORT_CHARS = 600
QUESTION_CHARS = 100

_PHRASES = read_phrases(__file__)


def _refuses(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        plain = folded(text)
        if found := said(plain, _PHRASES["anywhere"]) or _refused(field, plain):
            yield field, f"{field} refuses ('{shown(found)}'): write what was asked for"


def _refused(field: str, plain: str) -> str:
    """The words of a refusal that opens the text, or is nearly all of it."""
    if field == "question":
        return said(plain, _PHRASES["requests"], end=QUESTION_CHARS)
    if is_letter(plain):
        return ""
    end = len(plain) if len(plain) <= SHORT_CHARS else OPENING_CHARS
    return said(plain, (*_PHRASES["requests"], *_PHRASES["openings"]), end=end)


RULES = (
    Rule(
        name="refusal",
        severity=Severity.REJECT,
        says="No field is a model's refusal to write it.",
        good="A supplier may refuse to supply, unless the refusal is an abuse of a dominant position.",
        bad="I'm sorry, but I can't help with that request.",
        find=_refuses,
    ),
)
