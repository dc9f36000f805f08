"""From the text of an answer to a draft of a sample, or to plain words for what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.engine.answer_text import KEYS, voices
from generation.engine.json_objects import Object, objects_in, repaired, unwrapped
from providers.llm.text import storable

LISTABLE = frozenset({"case_citation", "reasoning"})
PLACEHOLDERS = frozenset(
    {"", "na", "none", "null", "nil", "string", "str", "text", "tbd", "todo", "placeholder", "notapplicable"}
    | {key.replace("_", "") for key in KEYS}
)
PLACEHOLDER_CHARS_MAX = 40
TYPE_NAMES: Mapping[type, str] = {dict: "an object", list: "a list", bool: "a boolean", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote: every field is a string with something in it, fit to be stored."""

    question: str
    answer: str
    case_citation: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class Problems:
    """Why there is no draft, in clauses without a full stop. ``cut_off``: more room may help."""

    sentences: tuple[str, ...]
    cut_off: bool = False


def parse_answer(text: str, truncated: bool = False) -> Draft | Problems:
    """Read an answer, with what is mechanical mended; ``truncated`` where the model ran into its token limit.

    Of several objects the one with the most good fields counts, and of equals the last. A truncated answer is taken
    only where it holds a whole object; nothing in it is mended, for its end is missing.
    """
    best: Object = {}
    fields: dict[str, str] = {}
    for source in _sources(text, truncated):
        for candidate in source:
            good = _good_fields(candidate)
            if good and len(good) >= len(fields):
                best, fields = candidate, good
        if len(fields) == len(KEYS):
            return Draft(**fields)
    if truncated:
        return Problems(
            ("the answer was cut off at the token limit before its JSON object was complete",), cut_off=True
        )
    return Problems(tuple(_complaints(best, fields)) if fields else (_why_nothing(text),))


def _sources(text: str, truncated: bool) -> Iterator[Iterable[Object]]:
    """Where the answer may stand, the most trusted place first."""
    voice = voices(text)
    if text.lstrip().startswith("{"):  # tags inside its strings are not thinking
        yield _all_in(text)
    yield _all_in(voice.said)
    if not truncated:
        yield repaired(voice.said, KEYS)
        yield _all_in(voice.muttered)


def _all_in(text: str) -> Iterator[Object]:
    for found in objects_in(text):
        yield from unwrapped(found)


def _good_fields(candidate: Object) -> dict[str, str]:
    values = {key: _clean(key, candidate[key]) for key in KEYS if key in candidate}
    return {key: value for key, value in values.items() if not _is_placeholder(value)}


def _clean(key: str, value: Any) -> str:
    """The value as a string; empty where it is none."""
    if isinstance(value, str):
        return storable(value)
    if key in LISTABLE and isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n".join(filter(None, map(storable, value)))
    return ""


def _is_placeholder(value: str) -> bool:
    return len(value) <= PLACEHOLDER_CHARS_MAX and "".join(filter(str.isalnum, value)).casefold() in PLACEHOLDERS


def _complaints(candidate: Object, good: Mapping[str, str]) -> Iterator[str]:
    for key in KEYS:
        if key not in candidate:
            yield f"{key} is missing"
        elif key not in good:
            yield _complaint(key, candidate[key])


def _complaint(key: str, value: Any) -> str:
    if not isinstance(value, str):
        return f"{key} must be a string, not {TYPE_NAMES.get(type(value), 'a number')}"
    if text := storable(value):
        return f"{key} is only a placeholder ('{text}')"
    return f"{key} is empty"


def _why_nothing(text: str) -> str:
    said = voices(text).said
    if not said:
        return "the answer holds nothing but thinking" if text.strip() else "the answer is empty"
    if any(f'"{key}"' in said for key in KEYS) and not any(True for _ in objects_in(said)):
        return "the JSON is malformed: escape double quotes inside strings, and end every string and the object"
    return f"there is no JSON object with {', '.join(KEYS[:-1])} and {KEYS[-1]} as strings that are not empty"
