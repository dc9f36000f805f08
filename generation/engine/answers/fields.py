"""From an object to the four texts of a sample, or to what is wrong with each, by their form alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.engine.answers.cleaning import clean
from generation.engine.answers.json_objects import Object, decoded
from generation.engine.answers.keys import KEYS, key_meant
from generation.engine.answers.lenient import Numeral
from generation.engine.answers.plain_text import plain_text
from samples.quality.draft import Draft
from samples.quality.rules.shape.form import RULES

FIELD_CHARS_MAX = 50_000  # what a model can write within the tokens that it is given
TYPE_NAMES: Mapping[type, str] = {dict: "an object", list: "a list", bool: "a boolean", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts that are good, and a clause without a full stop on each that is not."""

    texts: Mapping[str, str]
    complaints: tuple[str, ...]


def fields_of(candidate: Object) -> Fields:
    values = _values(candidate)
    texts = {key: _text(key, values[key]) for key in KEYS if key in values}
    faults = {key: _fault(key, values[key], texts[key]) if key in values else f"{key} is missing" for key in KEYS}
    whole = {key: texts[key] for key in KEYS if not faults[key]}
    for field, message in _misshapen(whole):
        faults[field] = faults[field] or message
    return Fields({key: text for key, text in whole.items() if not faults[key]}, tuple(filter(None, faults.values())))


def _misshapen(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the texts by their form, though a lack of others is no fault of theirs."""
    draft = Draft(**{**dict.fromkeys(KEYS, ""), **texts})
    return ((finding.field, finding.message) for rule in RULES for finding in rule.findings(draft, None))


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
    return ""
