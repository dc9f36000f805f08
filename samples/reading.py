"""A sample's texts, taken apart for reading: sections, paragraphs and lists, numbered steps, stressed words. Pure.

Of Markdown only what models write all the time; all else stays as it stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

# Every repetition is bounded and none goes on over a line, so that no text costs more than another of its length.
_GAP = r"[^\S\n]{0,20}"
# "## Issue", "**Issue:**", "1. Issue", "ISSUE:", "Issue - what follows on the same line"
_DECORATION = rf"[#*_ \t]{{0,20}}(?:\d{{1,4}}[.)]{_GAP})?[*_]{{0,3}}"
_ITEM = re.compile(r"^[ \t]{0,40}(?:(?P<number>\d{1,3})[.)]|[-*\u2022])[ \t]{1,20}(?=\S)")
_STRESSED = re.compile(r"(?P<marks>\*\*|\*)(?=[^\s*])(?P<words>[^\n]{1,300}?)(?<=[^\s*])(?P=marks)(?!\*)")
_STEP = re.compile(
    rf"^[ \t*#>(-]{{0,20}}(?:step[ \t]{{1,4}})?(?P<number>\d{{1,4}}){_GAP}[.:)-]{_GAP}[*_]{{0,3}}{_GAP}",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED_STEP = re.compile(r"\bstep[ \t]{1,4}(?P<number>\d{1,4})[*_ \t]{0,4}[.:)\u2013-]", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"\n[ \t]{0,200}\n")


@dataclass(frozen=True, slots=True)
class Section:
    """``heading`` is empty for what stands before the first one."""

    heading: str
    text: str


class Shape(StrEnum):
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph has one text, a list one for each entry. ``start`` is the first number of a numbered list."""

    shape: Shape
    texts: tuple[str, ...]
    start: int = 1


def sections(answer: str, names: Sequence[str]) -> list[Section]:
    """The answer by the headings that its type of sample has; in one piece where none of them is found."""
    if not names:
        return [Section("", answer.strip())]
    known = {name.lower(): name for name in names}
    found = list(heading(names).finditer(answer))
    ends = [match.start() for match in found[1:]] + [len(answer)]
    before = answer[: found[0].start()] if found else answer
    pieces = [Section("", before.strip())] if before.strip() else []
    for match, end in zip(found, ends, strict=True) if found else ():
        pieces.append(Section(known[match["name"].lower()], answer[match.end() : end].strip()))
    return pieces


def heading(names: Sequence[str]) -> re.Pattern[str]:
    return _heading(tuple(names))


@lru_cache(maxsize=64)
def _heading(names: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"^{_DECORATION}(?P<name>{listed})[*_]{{0,3}}{_GAP}(?:[:.\u2010-\u2015-]{{1,5}}[*_]{{0,3}}{_GAP}|$)",
        re.IGNORECASE | re.MULTILINE,
    )


def steps(reasoning: str) -> list[str]:
    """The numbered steps, without their numbers; empty where the reasoning is no list of at least two."""
    found = list(_STEP.finditer(reasoning))
    if len(found) < 2 or reasoning[: found[0].start()].strip():
        return []
    ends = [match.start() for match in found[1:]] + [len(reasoning)]
    return [reasoning[match.end() : end].strip() for match, end in zip(found, ends, strict=True)]


def step_numbers(reasoning: str) -> list[int]:
    """The numbers of the steps, wherever they stand, each once: of those that say "step" where there are any."""
    named = [int(match["number"]) for match in _NAMED_STEP.finditer(reasoning)]
    plain = [int(match["number"]) for match in _STEP.finditer(reasoning)]
    return list(dict.fromkeys(named or plain))


def authorities(case_citation: str) -> list[str]:
    """The entries of a citation, between semicolons or on lines of their own."""
    return [entry.strip() for entry in re.split(r"[;\n]", case_citation) if entry.strip()]


def blocks(text: str) -> list[Block]:
    """Paragraphs, which keep their line breaks, and lists; a list goes on over empty lines."""
    found: list[Block] = []
    for shape, lines in groupby(_lines(text), key=lambda line: line[0]):
        entries = list(lines)
        pieces = [entries] if shape is not Shape.PARAGRAPH else [[entry] for entry in entries]
        found += [Block(shape, tuple(words for _, _, words in piece), piece[0][1]) for piece in pieces]
    return found


def _lines(text: str) -> Iterator[tuple[Shape, int, str]]:
    """Paragraphs whole, entries of lists each for itself, with the lines that they go on over."""
    for paragraph in _PARAGRAPHS.split(text):
        shape, number = Shape.PARAGRAPH, 1
        lines: list[str] = []
        for line in paragraph.split("\n"):
            entry = _ITEM.match(line)
            if entry is None:
                lines.append(line)
                continue
            if words := "\n".join(lines).strip():
                yield shape, number, words
            shape = Shape.NUMBERS if entry["number"] else Shape.BULLETS
            number, lines = int(entry["number"] or 1), [line[entry.end() :]]
        if words := "\n".join(lines).strip():
            yield shape, number, words


def unstressed(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without the stars around its stressed words, and where in it those stand."""
    plain, stressed, end, length = [], [], 0, 0
    for match in _STRESSED.finditer(text):
        before = text[end : match.start()]
        plain += [before, match["words"]]
        start = length + len(before)
        length = start + len(match["words"])
        stressed.append((start, length))
        end = match.end()
    return "".join([*plain, text[end:]]), stressed
