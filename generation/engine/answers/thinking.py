"""Which parts of an answer are thinking, by the marks that models and their templates put around it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = (
    r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ion)?|analysis|scratch_?pad|plan(?:ning)?|monologue"
    r"|details|cot)"
)
_TAG = rf"(?:\w{{1,12}}[:_])?{_WORD}"
# ``final``: the answer starts here, whatever came before. ``maybe``: an end of thinking only where thinking goes on.
# ``block``: thinking in a fence of its own.
MARK = re.compile(
    rf"""
    (?P<final><\|channel\|>\s*final\b(?:[^<]{{0,40}}<\|message\|>)?|assistantfinal
        |<\|(?:begin_of_solution|start_response)\|>
        |<(?:final_?)?(?:answer|output|response|result)>(?=\s*(?:```\w*\s*)?[{{\["]))
    | (?P<block>```{_WORD}\s*\n[\s\S]*?```)
    | (?P<maybe><\|(?:end|start|return)\|>)
    | (?P<close></{_TAG}\s*>|\[/think(?:ing)?\]|<\|/{_TAG}\|>|<\|end_?(?:of_?)?{_WORD}\|>|\u25c1/{_TAG}\u25b7)
    | (?P<open><{_TAG}(?:\s[^<>]{{0,80}})?>)
    | (?P<token>\[think(?:ing)?\]|<\|(?:(?:begin|start)_?(?:of_?)?)?{_WORD}\|>|\u25c1{_TAG}\u25b7
        |<\|channel\|>\s*analysis\b(?:[^<]{{0,40}}<\|message\|>)?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
BEGINNINGS = ("<", "```", "\u25c1", "[think", "[/think", "assistantfinal")
"""What every mark begins with."""

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
    for mark in _outside(_marks(text), objects):
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


def holds_thinking(text: str) -> bool:
    """Whether thinking stands in the text itself; a single tag in the middle is a word about it."""
    marks = list(_marks(text))
    return len(marks) > 1 or (bool(marks) and marks[0].start() == 0)


def _marks(text: str) -> Iterator[re.Match[str]]:
    """In order. Most texts hold none, which their beginnings tell at a fraction of the cost."""
    lowered = text.lower()
    return MARK.finditer(text) if any(beginning in lowered for beginning in BEGINNINGS) else iter(())


def _outside(marks: Iterable[re.Match[str]], spans: Iterable[Span]) -> Iterator[re.Match[str]]:
    """The marks that stand in none of the spans; both come in order."""
    rest = iter(spans)
    start, end = next(rest, (0, 0))
    for mark in marks:
        while end and end <= mark.start():
            start, end = next(rest, (0, 0))
        if not (end and start <= mark.start()):
            yield mark
