"""What the sandbox's samples are put together from: read once from the two files beside this one. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

WORDS = ("adjectives", "nouns", "verbs", "months", "syllables")
ALSO = {"United Kingdom": "England and Wales", "": "England and Wales"}
"""Whose authorities are cited where it is the United Kingdom as a whole, or where nothing is said."""
FOLDER = Path(__file__).parent
_YEAR = re.compile(r"(?<![\d/])(?:1[5-9]|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Authority:
    """``law`` is what it stands for, as a clause; ``year`` is the latest one in its citation, 0 where there is none."""

    citation: str
    law: str
    year: int


@dataclass(frozen=True, slots=True)
class Pools:
    """``things`` are "the signed notice" and the like, thousands of them. {names} in the others are filled in."""

    things: tuple[str, ...]
    verbs: tuple[str, ...]
    months: tuple[str, ...]
    syllables: tuple[str, ...]
    openers: tuple[str, ...]
    ends: tuple[str, ...]
    lead_ins: tuple[str, ...]
    conclusions: tuple[str, ...]
    cases: tuple[str, ...]
    matters: tuple[str, ...]
    orders: tuple[str, ...]


@cache
def pools(is_american: bool) -> Pools:
    data = _file("phrases")
    lists: dict[str, str] = {name: text for name, text in data.items() if isinstance(text, str)}
    if is_american:
        lists = {name: _american(text, data["american"]) for name, text in lists.items()}
    words = {name: tuple(lists.pop(name).split()) for name in WORDS}
    return Pools(
        things=tuple(f"the {adjective} {noun}" for adjective, noun in product(words["adjectives"], words["nouns"])),
        verbs=words["verbs"],
        months=words["months"],
        syllables=words["syllables"],
        **{name: _phrases(text) for name, text in lists.items()},
    )


@cache
def authorities(jurisdiction: str, is_american: bool, until: int | None) -> tuple[Authority, ...]:
    """Of the jurisdiction, up to the year; of one that is not known those of international law, which bind there."""
    data = _file("authorities")
    spelling: Mapping[str, str] = _file("phrases")["american"] if is_american else {}
    listed = data.get(ALSO.get(jurisdiction, jurisdiction)) or data["International Law"]
    found = [Authority(each, _american(law, spelling), _year(each)) for each, law in listed.items()]
    return tuple(each for each in found if until is None or each.year < until) or tuple(found)


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split("|"))


def _american(text: str, spelling: Mapping[str, str]) -> str:
    for british, american in spelling.items():
        text = text.replace(british, american)
    return text


def _year(citation: str) -> int:
    return max(map(int, _YEAR.findall(citation)), default=0)
