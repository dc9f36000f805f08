"""How two versions of the texts differ, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from generation.engine.wording.texts import NAMES, PromptTexts

AROUND = 2
"""Lines shown before and after what differs."""


class Side(StrEnum):
    """``gap`` stands for lines that are the same and not shown."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Line:
    """``old`` and ``new`` are its numbers in the two texts, None where it is not in one."""

    side: Side
    text: str = ""
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one text; ``name`` is the text's."""

    name: str
    lines: tuple[Line, ...]

    @property
    def removed(self) -> int:
        return sum(line.side is Side.REMOVED for line in self.lines)

    @property
    def added(self) -> int:
        return sum(line.side is Side.ADDED for line in self.lines)


def differences(old: PromptTexts, new: PromptTexts) -> tuple[Difference, ...]:
    """Of the texts that are not the same."""
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in NAMES]
    return tuple(Difference(name, tuple(_lines(one, other))) for name, one, other in pairs if one != other)


def _lines(old_text: str, new_text: str) -> Iterator[Line]:
    old, new = old_text.split("\n"), new_text.split("\n")
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
    shown_to = 0
    for group in groups:
        if group[0][1] > shown_to:
            yield Line(Side.GAP)
        for tag, old_from, old_to, new_from, new_to in group:
            yield from _changed(tag, old, new, (old_from, old_to), (new_from, new_to))
        shown_to = group[-1][2]
    if shown_to < len(old):
        yield Line(Side.GAP)


def _changed(
    tag: str, old: Sequence[str], new: Sequence[str], of_old: tuple[int, int], of_new: tuple[int, int]
) -> Iterator[Line]:
    if tag == "equal":
        for number, other in zip(range(*of_old), range(*of_new), strict=True):
            yield Line(Side.SAME, old[number], number + 1, other + 1)
        return
    for number in range(*of_old):
        yield Line(Side.REMOVED, old[number], old=number + 1)
    for number in range(*of_new):
        yield Line(Side.ADDED, new[number], new=number + 1)
