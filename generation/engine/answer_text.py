"""The text of an answer before it is JSON: its thinking, and characters that no database takes."""

import re
from dataclasses import dataclass

KEYS = ("question", "answer", "case_citation", "reasoning")

_TAG = re.compile(r"<(/?)think(?:ing)?\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Voices:
    """``said``: what stands outside all thinking. ``muttered``: what stands beside a tag that lacks its partner."""

    said: str
    muttered: str


def voices(text: str) -> Voices:
    """Tell thinking from speech: tags in any case, nested, or without a partner. Closed thinking is dropped."""
    said: list[str] = []
    muttered: list[str] = []
    depth = start = 0
    for tag in _TAG.finditer(text):
        closes = bool(tag[1])
        if depth == 0:
            said.append(text[start : tag.start()])
            if closes:  # a template swallowed the opening tag: all so far was thinking
                muttered += said
                said.clear()
        depth = max(0, depth - 1) if closes else depth + 1
        if depth == 0 or (depth == 1 and not closes):
            start = tag.end()
    (muttered if depth else said).append(text[start:])
    return Voices("".join(said).strip(), "".join(muttered).strip())


def without_thinking(text: str) -> str:
    return voices(text).said
