"""A text that stops before its end."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.rule import Broken, Rule
from samples.quality.text import shown, texts
from samples.taxonomy.requirements import Requirements

LINE_CHARS = 2_000
LINES_MAX = 200
PROSE_WORDS_MIN = 6
FRAGMENT_WORDS_MIN = 4
SIGN_OFF_WORDS_MAX = 4
ITEMS_MIN = 2

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_GOES_ON = frozenset(_WORDS["anywhere"].split())
_GOES_ON_IN_PROSE = frozenset(_WORDS["in_prose"].split())
_RULER = re.compile(r"\s{0,9}[-=*_~]{3,300}\Z")
_MARKS = "*_`~"
_CLOSED = frozenset("\"'\u201d\u2019)]}>\u00bb|%\u2026.!?;\u3002")
_BROKEN_OFF = frozenset(",:(\u201c\u2018[{\u2014\u2013-&")
_ITEM = re.compile(
    r"\s{0,40}(?:[-*\u2022\u2013\u25cf+>|#]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.):]|[*_]{0,3}step \d|[\w ]{1,30}:)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[^\W_]{2}[.!?]|\d[)\]][.!?])[\"'\u201d\u2019)\]]{0,2}\s{1,3}(?=\S)")
_ABBREVIATED = re.compile(
    r"\b(?:no|nos|art|arts|cl|para|paras|ss|ch|mr|mrs|ms|dr|st|inc|ltd|co|corp|cf|jr|sr|pp|vol|ed|hon|prof|reg|rev|dept)\.\Z",
    re.IGNORECASE,
)


def _stops(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        lines = [line for line in text[-LINE_CHARS * 5 :].split("\n")[-LINES_MAX:] if any(map(str.isalnum, line))]
        if not lines:
            continue
        last = _RULER.sub("", lines[-1].rstrip()[-LINE_CHARS:]).rstrip(_MARKS)
        if _breaks_off(last) or (field in ("answer", "reasoning") and _lacks_its_end(last, lines[:-1])):
            yield field, f"{field} stops before its end ('{shown(last[-50:])}'): finish it"


def _breaks_off(line: str) -> bool:
    """Whether the line cannot end so, whatever kind of text it is."""
    if not line or line[-1] in _CLOSED:
        return False
    if line[-1] in _BROKEN_OFF:
        return line[-1] != "," or len(line.split()) > SIGN_OFF_WORDS_MAX  # "Yours sincerely,"
    opened = max(line.rfind("("), line.rfind("["))
    return _last_word(line) in _GOES_ON or opened > max(line.rfind(")"), line.rfind("]"))


def _lacks_its_end(line: str, before: list[str]) -> bool:
    """Whether the last line lacks a full stop where its writer puts one."""
    if not line or not line[-1].islower() or "." in _last_word(line):
        return False  # ended, or with a name, a number, an authority, an address
    words = len(line.split())
    if _ITEM.match(line):
        peers = [other for other in before if _ITEM.match(other) and len(other.split()) >= FRAGMENT_WORDS_MIN]
        return words >= PROSE_WORDS_MIN and len(peers) >= ITEMS_MIN and all(map(_has_stop, peers))
    if words >= FRAGMENT_WORDS_MIN and _last_word(line) in _GOES_ON_IN_PROSE:
        return True
    if (start := _last_sentence(line)) > 0:
        return len(line[start:].split()) >= FRAGMENT_WORDS_MIN
    peers = [other for other in before if not _ITEM.match(other) and len(other.split()) >= FRAGMENT_WORDS_MIN]
    return words >= PROSE_WORDS_MIN and bool(peers) and all(map(_has_stop, peers))


def _last_word(line: str) -> str:
    """In small letters, but for the A of "Annex A" and the V of "Part V"."""
    word = line.rsplit(None, 1)[-1].strip("\"'\u201c\u2018([*_")
    return word.lower() if len(word) > 2 else word


def _has_stop(line: str) -> bool:
    return line.rstrip(" \t*_`\"'\u201d\u2019)]").endswith((".", "!", "?"))


def _last_sentence(line: str) -> int:
    """Where the last sentence of the line begins; 0 where it is the only one."""
    ends = [end for end in _SENTENCE_END.finditer(line) if not _ABBREVIATED.search(line, 0, end.start())]
    return ends[-1].end() if ends else 0


RULES = (
    Rule(
        name="cut_off",
        severity=Severity.REJECT,
        says="Every text comes to its end.",
        good="She can sue. The court may award:\n- damages for what she lost\n- costs, under CPR 44.2",
        bad="She can sue. However, the court may also award aggra",
        find=_stops,
    ),
)
