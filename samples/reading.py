"""A sample's texts, taken apart for reading: sections, paragraphs and lists, numbered steps, stressed words. Pure.

Of Markdown only what models write all the time; all else stays as it stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

# "## Issue", "**Issue:**", "1. Issue", "ISSUE:", "Issue - what follows on the same line"
_DECORATION = r"[#*_\s]*(?:\d+[.)]\s*)?[*_]*"
_ITEM = re.compile(r"^[ \t]*(?:(?P<number>\d{1,3})[.)]|[-*\u2022])[ \t]+(?=\S)")
# Bounded, so that a text full of stars costs no more than any other.
_STRESSED = re.compile(r"(?P<marks>\*\*|\*)(?=[^\s*])(?P<words>[^\n]{1,300}?)(?<=[^\s*])(?P=marks)(?!\*)")
_STEP = re.compile(r"^[\s*#>-]*(?:step\s+)?\d+\s*[.:)-]\s*[*_]*\s*", re.IGNORECASE | re.MULTILINE)


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
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    heading = re.compile(
        rf"^{_DECORATION}(?P<name>{listed})[*_]*\s*(?:[:.\u2010-\u2015-]+[*_]*\s*|$)", re.IGNORECASE | re.MULTILINE
    )
    known = {name.lower(): name for name in names}
    found = list(heading.finditer(answer))
    ends = [match.start() for match in found[1:]] + [len(answer)]
    before = answer[: found[0].start()] if found else answer
    pieces = [Section("", before.strip())] if before.strip() else []
    for match, end in zip(found, ends, strict=True) if found else ():
        pieces.append(Section(known[match["name"].lower()], answer[match.end() : end].strip()))
    return pieces


def steps(reasoning: str) -> list[str]:
    """The numbered steps, without their numbers; empty where the reasoning is no list of at least two."""
    found = list(_STEP.finditer(reasoning))
    if len(found) < 2 or reasoning[: found[0].start()].strip():
        return []
    ends = [match.start() for match in found[1:]] + [len(reasoning)]
    return [reasoning[match.end() : end].strip() for match, end in zip(found, ends, strict=True)]


def blocks(text: str) -> list[Block]:
    """Paragraphs, which keep their line breaks, and lists; a list goes on over empty lines."""
    found: list[Block] = []
    for shape, number, words in _lines(text):
        last = found[-1] if found else None
        if shape is Shape.PARAGRAPH or last is None or last.shape is not shape:
            found.append(Block(shape, (words,), number))
        else:
            found[-1] = Block(shape, (*last.texts, words), last.start)
    return found


def _lines(text: str) -> Iterator[tuple[Shape, int, str]]:
    """Paragraphs whole, entries of lists each for itself, with the lines that they go on over."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        shape, number, words = Shape.PARAGRAPH, 1, ""
        for line in paragraph.split("\n"):
            entry = _ITEM.match(line)
            if entry is None:
                words = f"{words}\n{line}" if words else line
                continue
            if words.strip():
                yield shape, number, words.strip()
            shape = Shape.NUMBERS if entry["number"] else Shape.BULLETS
            number, words = int(entry["number"] or 1), line[entry.end() :]
        if words.strip():
            yield shape, number, words.strip()


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
