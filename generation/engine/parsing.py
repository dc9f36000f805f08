"""From the text of an answer to a draft of a sample, or to plain words for what is wrong with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generation.engine.answers.cleaning import seen, without_entities
from generation.engine.answers.fields import Fields, fields_of
from generation.engine.answers.json_objects import Effort, Root, State, levels, roots_in
from generation.engine.answers.keys import KEY_PATTERN, KEYS
from generation.engine.answers.lenient import QUOTE
from generation.engine.answers.thinking import Speech, speech
from samples.quality.draft import Draft

CHARS_MAX = 100_000  # more than twice what fits into the tokens that a model is given
LEAD_CHARS = 200

_BRACELESS = re.compile(rf"\s*(?:```\w*\s*)?(?={QUOTE}(?i:{KEY_PATTERN}){QUOTE}\s*:)")
_ENTITY_OBJECT = re.compile(r"\{\s*&(?:quot|apos|[lr][sd]quo|#3[49]|#x2[27]);")
_BETWEEN_ELEMENTS = re.compile(r"[\s\[\]\"']*,[\s\[\],\"']*")
_CORRECTS = re.compile(
    r"\b(?:on reflection|correct(?:ed|ion)|revis(?:ed|ion)|final|improved|rewritten)\b", re.IGNORECASE
)
_AFTER_LAST_WORD = re.compile(r"(?:\s|\]|```|~~~|</?\w+>)*\Z")


@dataclass(frozen=True, slots=True)
class Problems:
    """Why there is no draft, in clauses without a full stop. ``cut_off``: more room may help."""

    sentences: tuple[str, ...]
    cut_off: bool = False


def parse_answer(text: str, truncated: bool = False) -> Draft | Problems:
    """Read an answer, with what is mechanical mended; ``truncated`` where the model ran into its token limit.

    The first complete sample outside thinking counts, a later one where the words before it call it a correction; a
    list of different samples is refused, for one was asked. A truncated answer is taken only where it holds a whole
    object; nothing in it is mended, for its end is missing.
    """
    if len(text) > CHARS_MAX:
        return Problems((f"the answer is longer than {CHARS_MAX:,} characters",))
    text = _prepared(text)
    effort = Effort.for_text(text)
    roots = list(roots_in(text, effort))
    voice = speech(text, [(root.start, root.end) for root in roots if root.state is State.WHOLE])
    said = [root for root in roots if voice.holds(root.start)]
    usable = [root for root in said if root.state is State.WHOLE or (root.value is not None and not truncated)]
    if not truncated:
        usable += _forgotten(text, voice, roots)
    reading = _reading(text, usable, effort)
    if isinstance(reading, Draft):
        return reading
    if truncated:
        return Problems(
            ("the answer was cut off at the token limit before its JSON object was complete",), cut_off=True
        )
    if said and said[-1].state is State.CUT and not _is_ended(text):
        return Problems(("the answer breaks off before its JSON object is complete",), cut_off=True)
    return reading or _nothing(text, voice, said)


def _prepared(text: str) -> str:
    text = seen(text)
    if _ENTITY_OBJECT.search(text):
        text = without_entities(text)
    return _BRACELESS.sub("{", text, count=1) if _BRACELESS.match(text) else text


def _forgotten(text: str, voice: Speech, roots: Sequence[Root]) -> list[Root]:
    """The object that ends an answer whose thinking was never closed: after it there was nothing left to think."""
    if not voice.is_forgotten_tag or voice.open_from is None or not roots:
        return []
    last = roots[-1]
    is_last_word = last.start >= voice.open_from and bool(_AFTER_LAST_WORD.match(text, last.end))
    return [last] if is_last_word and last.value is not None else []


def _reading(text: str, roots: Sequence[Root], effort: Effort) -> Draft | Problems | None:
    """The sample meant; else what is wrong with the object that comes closest to one; None where there is none."""
    chosen: Draft | Problems | None = None
    best = Fields({}, ())
    for lead, values in _groups(text, roots):
        if isinstance(chosen, Draft) and not _CORRECTS.search(lead):
            continue
        found, closest = _sample(values, effort)
        chosen = found or chosen
        best = max(best, closest, key=lambda fields: len(fields.texts))
    if chosen or not best.texts:
        return chosen
    return Problems(best.complaints)


def _groups(text: str, roots: Sequence[Root]) -> Iterator[tuple[str, list[Any]]]:
    """The objects with the words before them; those of one list, which only commas part, together."""
    end = 0
    lead = ""
    values: list[Any] = []
    for root in roots:
        between = text[end : root.start]
        if values and not _BETWEEN_ELEMENTS.fullmatch(between):
            yield lead, values
            values = []
        if not values:
            lead = between[-LEAD_CHARS:]
        values.append(root.value)
        end = root.end
    if values:
        yield lead, values


def _sample(values: Sequence[Any], effort: Effort) -> tuple[Draft | Problems | None, Fields]:
    """The one sample that the values hold or wrap, and the object that comes closest to one."""
    best = Fields({}, ())
    for objects in levels(values, effort):
        readings = [fields_of(candidate) for candidate in objects]
        drafts = {Draft(**fields.texts) for fields in readings if not fields.complaints}
        if len(drafts) > 1:
            return Problems((f"the answer holds {len(drafts)} different samples, and one is asked for",)), best
        if drafts:
            return drafts.pop(), best
        best = max(best, *readings, key=lambda fields: len(fields.texts)) if readings else best
    return None, best


def _is_ended(text: str) -> bool:
    return text.rstrip("`~ \t\n").endswith("}")


def _nothing(text: str, voice: Speech, said: Sequence[Root]) -> Problems:
    if not text.strip():
        return Problems(("the answer is empty",))
    if not any(text[start:end].strip() for start, end in voice.said):
        return Problems(("the answer holds nothing but thinking",), cut_off=voice.open_from is not None)
    if any(root.value is None for root in said):
        return Problems(
            ("the JSON is malformed: escape double quotes inside strings, and end every string and the object",)
        )
    keys = f"{', '.join(KEYS[:-1])} and {KEYS[-1]}"
    return Problems((f"there is no JSON object with {keys} as strings that are not empty",))
