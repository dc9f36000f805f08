"""Phrases that give a text away, read from a file beside the rules and looked for in the writer's own words.

In such a file a line break with the two spaces after it is nothing, a space any white space, and ``<name>`` the
fragment of that name. Patterns meet folded text.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from samples.quality.text import BEGINNING_CHARS, beginnings, is_reported, words_of

PLACES_MAX = 50
"""How many places of one phrase are looked at in a text."""

INDENTATION = "  "


@dataclass(frozen=True, slots=True)
class Phrase:
    """One of ``anchors`` stands in every text that the pattern fits, and begins there where a word does.

    Nor is an anchor looked for in a text that has none of the beginnings of words in ``heads``, but for the ``loose``
    ones: they tell most texts at a fraction of the cost.
    """

    anchors: tuple[str, ...]
    heads: frozenset[bytes]
    loose: tuple[str, ...]
    pattern: re.Pattern[str]


Phrases = tuple[Phrase, ...]


def read_phrases(module: str) -> Mapping[str, Phrases]:
    """The groups of phrases in the file that stands beside a module, by their names."""
    data = tomllib.loads(Path(module).with_suffix(".toml").read_text(encoding="utf-8"))
    fragments = data.pop("fragments", {})
    return {group: tuple(_phrase(entry, fragments) for entry in entries.values()) for group, entries in data.items()}


def said(text: str, phrases: Iterable[Phrase], start: int = 0, end: int | None = None) -> str:
    """The first of the phrases that the writer of the folded text says between the two places; else nothing."""
    start, end = max(0, start), len(text) if end is None else end
    piece = text[start:end]
    for phrase in phrases:
        if _may_fit(phrase, text, piece) and (words := _said(text, phrase.pattern, start, end)):
            return words
    return ""


def _may_fit(phrase: Phrase, text: str, piece: str) -> bool:
    anchors = phrase.loose if phrase.heads.isdisjoint(beginnings(text)) else phrase.anchors
    for anchor in anchors:  # noqa: SIM110 - asked hundreds of times for each sample, and any() takes twice as long
        if anchor in piece:
            return True
    return False


def _said(text: str, pattern: re.Pattern[str], start: int, end: int) -> str:
    places = islice(pattern.finditer(text, start, end), PLACES_MAX)
    return next((found[0] for found in places if not is_reported(text, found.start())), "")


def _phrase(entry: Mapping[str, Any], fragments: dict[str, str]) -> Phrase:
    pattern = _joined(entry["pattern"])
    for name, fragment in reversed(fragments.items()):  # one may hold those that stand before it
        pattern = pattern.replace(f"<{name}>", _joined(fragment))
    anchors = tuple(entry["anchors"])
    heads = {anchor: head for anchor in anchors if (head := _head(anchor))}
    loose = tuple(anchor for anchor in anchors if anchor not in heads)
    return Phrase(anchors, frozenset(heads.values()), loose, re.compile(pattern.replace(" ", r"\s"), re.MULTILINE))


def _head(anchor: str) -> bytes:
    """The longest of its words, or as much of the last one as ``beginnings`` tells; nothing where that is too short."""
    words = words_of(anchor)
    if words and anchor[-1].isalnum():
        words[-1] = words[-1][:BEGINNING_CHARS] if len(words[-1]) >= BEGINNING_CHARS else b""
    return max(words, key=len, default=b"")


def _joined(lines: str) -> str:
    return "".join(line.removeprefix(INDENTATION) for line in lines.split("\n"))
