"""What rules ask of a text again and again: how it is compared, and whether the writer speaks at a place in it."""

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

from samples.quality.draft import Draft

FIELDS = tuple(field.name for field in fields(Draft))
SHOWN_CHARS = 60
LOOK_BACK_CHARS = 2_000
BEGINNING_CHARS = 4

_SPACED = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
_PLAIN = (("\u2019", "'"), ("\u00a0", " "), ("\u202f", " "), ("\u2011", "-"), ("\u2010", "-"))
_SPEAKER = re.compile(r"[ \t*_>-]{0,12}(?P<name>[^\W\d_][\w .'-]{0,40}?)(?: \([^()\n]{1,40}\))?[*_]{0,3}:")
_OPENED = re.compile(r"(?<![\w.,;:!?)\]])['\u2018](?=[^\s']|\Z)")
_CLOSED = re.compile(r"(?<=[^\s(])'(?!\w)")
_ROLE = re.compile(
    r"\b(?:client|solicitor|lawyer|barrister|attorney|counsel|judge|court|witness|claimant|defendant|plaintiff|prosecutor"
    r"|respondent|appellant|applicant|tenant|landlord|employer|employee|trainee|partner|associate|student|professor|teacher"
    r"|tutor|advis[eo]r|mediator|arbitrator|clerk)\b"
)
_MODELS = frozenset(("assistant", "ai", "ai assistant", "model", "answer", "response", "note", "disclaimer"))
_LETTER_STARTS = re.compile(r"^[ \t*_>]{0,9}dear [\w\[]", re.MULTILINE)
_LETTER_ENDS = re.compile(r"\b(?:yours (?:sincerely|faithfully|truly)|(?:kind|best|warm) regards|sincerely)\b")
LETTER_CHARS = 600


def texts(draft: Draft) -> Iterator[tuple[str, str]]:
    """Each field's name with its text, where it has one."""
    for field in FIELDS:
        if text := getattr(draft, field):
            yield field, text


@lru_cache(maxsize=16)
def folded(text: str) -> str:
    """Small letters, plain apostrophes, spaces and hyphens: as phrases are compared. Every place stays where it is."""
    lowered = text.lower()
    if text.isascii():
        return lowered
    if len(lowered) != len(text):  # a capital letter whose small one takes two characters
        lowered = "".join(letter.lower()[:1] for letter in text)
    for odd, plain in _PLAIN:
        lowered = lowered.replace(odd, plain)
    return lowered


def words_of(text: str) -> list[bytes]:
    """Letters and digits that stand together, those of ASCII alone: in bytes, which are parted ten times as fast."""
    return text.encode("ascii", "replace").translate(_SPACED).split()


@lru_cache(maxsize=16)
def beginnings(text: str) -> frozenset[bytes]:
    """Every word of the text, and the first BEGINNING_CHARS of each."""
    words = set(words_of(text))
    return frozenset(words | {word[:BEGINNING_CHARS] for word in words})


@lru_cache(maxsize=16)
def word_count(text: str) -> int:
    """What a reader counts: marks that stand alone are none."""
    return sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())


def shown(text: str) -> str:
    """A piece of a text as a finding tells it: on one line, and short."""
    words = " ".join(text.split())
    return words if len(words) <= SHOWN_CHARS else f"{words[:SHOWN_CHARS].rstrip()}..."


def is_reported(text: str, position: int) -> bool:
    """Whether at the place in a folded text somebody is quoted or speaks: the writer does not say it."""
    line, paragraph = (text[_start(text, mark, position) : position] for mark in ("\n", "\n\n"))
    return line.lstrip().startswith(">") or _is_open(paragraph) or _is_spoken(text, line)


def is_letter(text: str) -> bool:
    """Whether a folded text is a letter or holds one: its polite phrases belong to it."""
    head, tail = text[:LETTER_CHARS], text[-LETTER_CHARS:]
    if "dear " in head and _LETTER_STARTS.search(head):
        return True
    return ("sincerely" in tail or "yours " in tail or "regards" in tail) and bool(_LETTER_ENDS.search(tail))


def _start(text: str, mark: str, position: int) -> int:
    """Where the piece of text begins that follows the last such mark."""
    low = max(0, position - LOOK_BACK_CHARS)
    found = text.rfind(mark, low, position)
    return low if found < 0 else found + len(mark)


def _is_open(before: str) -> bool:
    """Whether a quotation begins in the text and does not end in it."""
    if before.count('"') % 2 or before.count("\u201c") > before.count("\u201d"):
        return True
    opened = [found.end() for found in _OPENED.finditer(before)]
    closed = [found.end() for found in _CLOSED.finditer(before)]
    return bool(opened) and opened[-1] > max(closed, default=0)


def _is_spoken(text: str, line: str) -> bool:
    """Whether the line begins with a speaker's name: a role, or a name that begins other lines too."""
    if not (label := _SPEAKER.match(line)):
        return False
    name = label["name"]
    if name in _MODELS:
        return False
    return bool(_ROLE.search(name)) or text.count(f"{name}:") + text.count(f"{name}**:") > 1
