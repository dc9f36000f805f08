"""Which parts of an answer are thinking, by the marks that models and their templates put around it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from samples.quality.marks import marks

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Speech:
    """``said``: the spans outside all thinking. ``open_from``: where thinking begins that never ends.

    ``is_forgotten_tag``: it was opened by a tag that models write as text, and forget to close. Tokens of a template
    (``[THINK]``, a channel) are never forgotten: what follows one that is open is thinking.
    """

    said: tuple[Span, ...]
    open_from: int | None = None
    is_forgotten_tag: bool = False

    def holds(self, position: int) -> bool:
        before = bisect_right(self.said, (position, float("inf"))) - 1
        return before >= 0 and position < self.said[before][1]


def is_thinking(name: str) -> bool:
    """Whether a key of this name holds thinking."""
    return bool(re.fullmatch(r"think(?:ing)?|thoughts?|reasoning(?:_content)?|scratch_?pad", name, re.IGNORECASE))


def speech(text: str, objects: Iterable[Span] = ()) -> Speech:
    """Tell thinking from speech, its marks nested or without a partner; those inside ``objects`` do not count."""
    said: list[Span] = []
    opener: re.Match[str] | None = None
    depth = start = 0
    last = len(text.rstrip())
    for mark in _outside(marks(text), objects):
        kind = mark.lastgroup
        if depth == 0 and (kind == "maybe" or (kind == "close" and opener and mark.end() == last)):
            continue
        if depth == 0:
            said.append((start, mark.start()))
        if kind == "final" or (kind == "close" and depth == 0):  # a template swallowed the opening mark
            said.clear()
        if kind in ("open", "token"):
            opener = mark if depth == 0 else opener
            depth += 1
        elif kind != "block":
            depth = 0 if kind == "final" else max(0, depth - 1)
        start = mark.end()
    if opener is None or depth == 0:
        return Speech((*said, (start, len(text))))
    return Speech(tuple(said), opener.end(), opener.lastgroup == "open")


def without_thinking(text: str) -> str:
    return "".join(text[start:end] for start, end in speech(text).said).strip()


def _outside(found: Iterable[re.Match[str]], spans: Iterable[Span]) -> Iterator[re.Match[str]]:
    """The marks that stand in none of the spans; both come in order."""
    rest = iter(spans)
    start, end = next(rest, (0, 0))
    for mark in found:
        while end and end <= mark.start():
            start, end = next(rest, (0, 0))
        if not (end and start <= mark.start()):
            yield mark
