"""Reading an object whose JSON is broken, where it is plain what was meant: never by guessing, each character once.

Read are other quotes, quotes inside strings, keys without quotes, commas that lack or trail, comments, Python's
literals and escapes, line breaks in strings, and a last brace that lacks. An object that breaks off is never completed.
"""

import re
from dataclasses import dataclass
from typing import Any

from generation.engine.answers.cleaning import unescaped
from generation.engine.answers.keys import KEY_PATTERN, KEYS, key_meant
from samples.quality.marks import MARK

DEPTH_MAX = 20
DOUBLE = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02"
SINGLE = "\u2018\u2019\u201a\u201b\u2039\u203a"
QUOTE = f"[\"'`{DOUBLE}{SINGLE}]"

_SPACE = r"(?:\s|//[^\n]{0,120}(?=\n|\Z)|\#[^\n]{0,120}(?=\n|\Z)|/\*[\s\S]{0,120}?\*/)*+"
_COLON = r"(?:[:\uff1a]|=>)"
_COMMA = r"[,;\uff0c]"
_NAME = rf"(?:{QUOTE}[^\"\u201c\u201d{{}}:\n]{{1,60}}?{QUOTE}|[A-Za-z_$][\w$-]{{0,60}})"
_VALUE_START = rf"(?:{QUOTE}|[\[{{]|-?\d|(?i:true|false|null|none|nan|undefined)\b)"
_NEXT_PAIR = rf"{_COMMA}{_SPACE}{_NAME}{_SPACE}{_COLON}{_SPACE}{_VALUE_START}"
_NEXT_OWN_KEY = rf"(?:{_COMMA}{_SPACE})?{QUOTE}\s*(?i:{KEY_PATTERN})\s*{QUOTE}{_SPACE}{_COLON}"
_OBJECT_END = rf"(?:{_COMMA}{_SPACE})?\}}(?P<words>(?![ \t]*,[ \t]*\w+\s*:)[ \t]*,?[ \t]*\w)?"
_LIST_END = rf"(?:{_COMMA}{_SPACE})?\]"

SPACE = re.compile(_SPACE)
SEPARATORS = re.compile(rf"(?:{_SPACE}{_COMMA})*+{_SPACE}")
KEY = re.compile(rf"(?P<name>{_NAME}){_SPACE}{_COLON}{_SPACE}")
OPENING = re.compile(rf'"""|\'\'\'|{QUOTE}')
LITERAL = re.compile(rf"(?P<word>[^\s,;:\[\]{{}}\"\u201c\u201d]{{1,60}})(?={_SPACE}(?:{_COMMA}|[\]}}]))")
NUMERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
AFTER_IN_OBJECT = re.compile(rf"{_SPACE}(?:{_NEXT_OWN_KEY}|{_NEXT_PAIR}|{_OBJECT_END})")
AFTER_IN_LIST = re.compile(rf"{_SPACE}(?:{_COMMA}{_SPACE}{_VALUE_START}|{_LIST_END})")
LATER_END = re.compile(rf"{QUOTE}\s*,?\s*\}}")
END_OF_TEXT = re.compile(rf"{_SPACE}(?:```|~~~)?\s*\Z")
_NEW_OBJECT = rf"(?P<new>\{{\s*{QUOTE}(?i:{KEY_PATTERN}){QUOTE}\s*{_COLON})"


class Numeral(str):
    """A number, as it was written."""

    __slots__ = ()


class BrokenError(Exception):
    """The object cannot be read. ``read_to``: how far the reading came; ``is_cut``: the text ends inside the object."""

    def __init__(self, read_to: int, *, is_cut: bool = False) -> None:
        super().__init__(read_to)
        self.read_to = read_to
        self.is_cut = is_cut


@dataclass(frozen=True, slots=True)
class Read:
    value: Any
    end: int


def read_object(text: str, start: int, depth: int = 0) -> Read:
    """The object that opens at ``start``."""
    pairs: dict[str, Any] = {}
    position = _space(text, start + 1)
    while True:
        after_comma, position = position, _separators(text, position)
        if text.startswith("}", position):
            return Read(pairs, position + 1)
        if END_OF_TEXT.match(text, position):
            if after_comma == position and _is_complete(pairs):
                return Read(pairs, len(text))
            raise BrokenError(len(text), is_cut=True)
        key = KEY.match(text, position)
        if key is None:
            raise BrokenError(position, is_cut=_may_be_key(text, position))
        read = _value(text, key.end(), depth + 1, AFTER_IN_OBJECT)
        pairs[key["name"].strip("\"'`" + DOUBLE + SINGLE)] = read.value
        position = _space(text, read.end)


def _list(text: str, start: int, depth: int) -> Read:
    parts: list[Any] = []
    position = _separators(text, start + 1)
    while not text.startswith("]", position):
        read = _value(text, position, depth + 1, AFTER_IN_LIST)
        parts.append(read.value)
        position = _separators(text, read.end)
    return Read(parts, position + 1)


def _value(text: str, start: int, depth: int, after: re.Pattern[str]) -> Read:
    if depth > DEPTH_MAX:
        raise BrokenError(start)
    if text.startswith("{", start):
        return read_object(text, start, depth)
    if text.startswith("[", start):
        return _list(text, start, depth)
    if opening := OPENING.match(text, start):
        return _string(text, opening, after)
    literal = LITERAL.match(text, start)
    if literal is None:
        raise BrokenError(start, is_cut=len(text) - start < 60)
    return Read(_literal(literal["word"]), literal.end())


def _string(text: str, opening: re.Match[str], after: re.Pattern[str]) -> Read:
    """A quote ends the string only where a value can end: the next key, or the end of the object, follows it."""
    is_first = True
    for found in _ends_of(opening[0]).finditer(text, opening.end()):
        if found["new"]:
            raise BrokenError(found.start())
        if not found["quote"]:
            continue
        ends_text = is_first and _closes(opening[0], found["quote"]) and END_OF_TEXT.match(text, found.end())
        if ends_text or _ends_value(text, after.match(text, found.end())):
            return _read_string(text, opening.end(), found)
        is_first = False
    raise BrokenError(len(text), is_cut=True)


def _ends_value(text: str, after: re.Match[str] | None) -> bool:
    """Words after a brace speak about the object, or the brace is part of a string that ends later."""
    if after is None:
        return False
    return after.lastgroup != "words" or not LATER_END.search(text, after.end())


def _read_string(text: str, start: int, end: re.Match[str]) -> Read:
    body = text[start : end.start()]
    if MARK.search(body):
        raise BrokenError(end.end())
    return Read(unescaped(body), end.end())


def _ends_of(opening: str) -> re.Pattern[str]:
    """What matters inside a string that was opened so: escapes, quotes that may end it, and another sample's start."""
    return _ENDS.get(opening) or _ENDS[opening[0]]


def _ends(quotes: str) -> re.Pattern[str]:
    return re.compile(rf"\\[\s\S]|(?P<quote>{quotes})|{_NEW_OBJECT}")


_ENDS = {
    '"""': _ends('"""'),
    "'''": _ends("'''"),
    "`": _ends("`"),
    "'": _ends("['\u2019]"),
    '"': _ends('["\u201c\u201d]'),
    **dict.fromkeys(DOUBLE, _ends(f'["{DOUBLE}]')),
    **dict.fromkeys(SINGLE, _ends(f"['{SINGLE}]")),
}


def _closes(opening: str, quote: str) -> bool:
    return quote == opening or (opening not in "\"'" and quote in "\"'\u201d\u00bb\u2019\u203a\u300d\u300f")


def _literal(word: str) -> Any:
    """A number or a boolean; a word that stands where a value should is none."""
    if NUMERAL.match(word):
        return Numeral(word)
    return {"true": True, "false": False}.get(word.lower())


def _is_complete(pairs: dict[str, Any]) -> bool:
    """Whether the object may end though its brace lacks: it, or an object in it, has all the keys."""
    inner = [value for value in pairs.values() if isinstance(value, dict)]
    return {key_meant(name) for name in pairs} >= set(KEYS) or any(map(_is_complete, inner))


def _may_be_key(text: str, position: int) -> bool:
    """Whether the text ends inside a key."""
    return len(text) - position < 60 and "\n" not in text[position:].strip()


def _space(text: str, position: int) -> int:
    return _end(SPACE.match(text, position), position)


def _separators(text: str, position: int) -> int:
    return _end(SEPARATORS.match(text, position), position)


def _end(match: re.Match[str] | None, position: int) -> int:
    return match.end() if match else position
