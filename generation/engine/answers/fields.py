"""From an object to the four texts of a sample, or to what is wrong with each, by their form alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from generation.engine.answers.cleaning import clean
from generation.engine.answers.json_objects import Object, decoded
from generation.engine.answers.keys import KEYS, key_meant
from generation.engine.answers.lenient import Numeral
from generation.engine.answers.placeholders import is_placeholder
from generation.engine.answers.plain_text import plain_text
from generation.engine.answers.thinking import holds_thinking

FIELD_CHARS_MAX = 50_000  # what a model can write within the tokens that it is given
QUOTED_CHARS = 40
TYPE_NAMES: Mapping[type, str] = {dict: "an object", list: "a list", bool: "a boolean", type(None): "null"}

_MARKUP = re.compile(r"</[A-Za-z][\w:-]{0,30}\s*>|<(?:br|hr|img|script|iframe)\b[^<>]{0,200}>", re.IGNORECASE)
_TOKEN = re.compile(r"<\|[\w ]{1,40}\|>|<\uff5c[^\uff5c<>]{1,40}\uff5c>|\[/?INST\]|</?s>|<<SYS>>")
# UTF-8 that was read as Latin-1 or Windows-1252, and what a decoder leaves of bytes that it cannot read
_GARBLED = re.compile(
    "\u00e2[\u20ac\u201a\u201e\u2020\x80]|\u00c3[\x80-\xbf\u2030\u20ac\u02c6\u2026\u2021]|\u00c2[\xa0-\xbf]|\ufffd"
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts that are good, and a clause without a full stop on each that is not."""

    texts: Mapping[str, str]
    complaints: tuple[str, ...]


def fields_of(candidate: Object) -> Fields:
    values = _values(candidate)
    texts = {key: _text(key, values[key]) for key in KEYS if key in values}
    faults = {key: _fault(key, values[key], texts[key]) if key in values else f"{key} is missing" for key in KEYS}
    good = {key: text for key, text in texts.items() if not faults[key]}
    return Fields(good, (*filter(None, faults.values()), *_repeated(good)))


def _values(candidate: Object) -> dict[str, Any]:
    """The values by the keys that are meant; of several spellings the exact one counts, else the last."""
    meant = {key: value for name, value in candidate.items() if (key := key_meant(name))}
    return {**meant, **{key: candidate[key] for key in KEYS if key in candidate}}


def _text(key: str, value: Any) -> str:
    """The value as text; empty where it is none."""
    if isinstance(value, Numeral):
        return ""
    if isinstance(value, str):
        value = clean(value)
        value = value if (inner := decoded(value)) is None else inner
    return clean(plain_text(value, is_citation=key == "case_citation"))


def _fault(key: str, value: Any, text: str) -> str:
    if not text:
        is_text = isinstance(value, str) and not isinstance(value, Numeral)
        return (
            f"{key} is empty" if is_text else f"{key} must be a string, not {TYPE_NAMES.get(type(value), 'a number')}"
        )
    if len(text) > FIELD_CHARS_MAX:
        return f"{key} is longer than {FIELD_CHARS_MAX:,} characters"
    if is_placeholder(text, is_citation=key == "case_citation"):
        return f"{key} is only a placeholder ('{' '.join(text[:QUOTED_CHARS].split())}')"
    if holds_thinking(text):
        return f"{key} holds thinking, which belongs before the JSON object"
    for pattern, what in ((_TOKEN, "a control token"), (_MARKUP, "HTML or XML"), (_GARBLED, "garbled characters")):
        if found := pattern.search(text):
            return f"{key} holds {what} ('{found[0][:QUOTED_CHARS]}')"
    return ""


def _repeated(texts: Mapping[str, str]) -> Iterator[str]:
    bare = {key: "".join(filter(str.isalnum, text)).casefold() for key, text in texts.items()}
    for first, second in combinations(bare, 2):
        if bare[first] == bare[second]:
            yield f"{second} only repeats {first}"
