"""A sample's texts, taken apart for reading: sections under their headings, numbered steps. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# "## Issue", "**Issue:**", "1. Issue", "ISSUE:", "Issue - what follows on the same line"
_DECORATION = r"[#*_\s]*(?:\d+[.)]\s*)?[*_]*"
_STEP = re.compile(r"^[\s*#>-]*(?:step\s+)?\d+\s*[.:)-]\s*[*_]*\s*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """``heading`` is empty for what stands before the first one."""

    heading: str
    text: str


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
