"""What is no text of a sample by its form alone; an answer in which it stands is not even read as a sample."""

import re
from collections.abc import Iterator
from itertools import combinations

from samples.quality.draft import WRITING_ORDER, Draft
from samples.quality.findings import Severity
from samples.quality.marks import holds_thinking
from samples.quality.placeholders import is_placeholder
from samples.quality.rule import EXAMPLE, Broken, Rule
from samples.quality.text import texts
from samples.taxonomy.requirements import Requirements

SHOWN_CHARS = 40
BEGINNING_CHARS = 40
"""Where two texts begin otherwise, the rest is not compared."""

_MARKUP = re.compile(
    r"</[A-Za-z][\w:-]{0,30}\s{0,20}>|<(?:br|hr|img|script|iframe)\b[^<>]{0,200}>|&(?:nbsp|amp|quot|lt|gt|apos|#39);",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"<\|[\w ]{1,40}\|>|<\uff5c[^\uff5c<>]{1,40}\uff5c>|\[/?INST\]|</?s>|<<SYS>>")
# UTF-8 that was read as Latin-1 or Windows-1252, and what a decoder leaves of bytes that it cannot read
_GARBLED = re.compile(
    "\u00e2[\u20ac\u201a\u201e\u2020\x80]|\u00c3[\x80-\xbf\u2030\u20ac\u02c6\u2026\u2021\u0153\u0178\u2013\u2122\u0192]"
    "|\u00c2[\xa0-\xbf]|[\u00d0\u00d1][\x80-\xbf\u201a\u20ac]{1,2}[\u00d0\u00d1]|\ufffd"
)


def _holds_place(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if is_placeholder(text, is_citation=field == "case_citation"):
            yield field, f"{field} is only a placeholder ('{_shown(text)}')"


def _thinks(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if holds_thinking(text):
            yield field, f"{field} holds thinking, which belongs before the JSON object"


def _holds_tokens(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if ("<" in text or "[" in text) and (found := _TOKEN.search(text)):
            yield field, f"{field} holds a control token ('{_shown(found[0])}')"


def _is_marked_up(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if ("<" in text or "&" in text) and (found := _MARKUP.search(text)):
            yield field, f"{field} holds HTML or XML ('{_shown(found[0])}')"


def _is_garbled(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if not text.isascii() and (found := _GARBLED.search(text)):
            yield field, f"{field} holds garbled characters ('{_shown(found[0])}')"


def _repeats(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    """The field that is written later is the one that repeats."""
    written = ((field, text) for field in WRITING_ORDER if (text := getattr(draft, field)))
    for (first, text), (second, other) in combinations(written, 2):
        beginning, others = _bare(text[:BEGINNING_CHARS]), _bare(other[:BEGINNING_CHARS])
        if (beginning.startswith(others) or others.startswith(beginning)) and _bare(text) == _bare(other):
            yield second, f"{second} only repeats {first}"


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _shown(text: str) -> str:
    return " ".join(text[:SHOWN_CHARS].split())


RULES = (
    Rule(
        name="placeholder",
        severity=Severity.REJECT,
        says="Every field says something: none is only a word for nothing, or a note on what is to be filled in.",
        good="Insert a notice clause: without one, none of the parties knows when the time begins to run.",
        bad="To be completed.",
        find=_holds_place,
    ),
    Rule(
        name="thinking_marks",
        severity=Severity.REJECT,
        says="No field holds the tags that models put around their thinking.",
        good="The court asked what <think> means in the log of a model.",
        bad="[THINK]First I need an issue.[/THINK]The tenant may sue.",
        find=_thinks,
    ),
    Rule(
        name="control_token",
        severity=Severity.REJECT,
        says="No field holds the tokens with which chats are built.",
        good="[INSTRUCTIONS TO COUNSEL] The tenant may sue.",
        bad="The tenant may sue.<|eot_id|>",
        find=_holds_tokens,
    ),
    Rule(
        name="markup",
        severity=Severity.REJECT,
        says="No field holds HTML or XML.",
        good="It is enough that x < y > z, and R&D stays as it is.",
        bad="<div><h2>Issue</h2><p>Whether the tenant may sue.</p></div>",
        find=_is_marked_up,
    ),
    Rule(
        name="garbled",
        severity=Severity.REJECT,
        says="No field holds characters that were read in the wrong encoding.",
        good="The \u00a3500 is due under Soci\u00e9t\u00e9 G\u00e9n\u00e9rale\u2019s guarantee.",
        bad="The tenant\u00e2\u20ac\u2122s claim is for \u00c2\u00a3500.",
        find=_is_garbled,
    ),
    Rule(
        name="repeated_field",
        severity=Severity.REJECT,
        says="No field only repeats another one.",
        good="She can sue. He changed the locks without a court's order, and so put her out unlawfully.",
        bad=EXAMPLE.question,
        find=_repeats,
    ),
)
