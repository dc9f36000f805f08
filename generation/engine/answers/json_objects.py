"""Finding JSON objects in text that a model wrote; the work grows with the length of the text, whatever it holds."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import Any

from generation.engine.answers.cleaning import unescaped
from generation.engine.answers.keys import KEY_PATTERN
from generation.engine.answers.lenient import QUOTE, BrokenError, Numeral, Read, read_object
from generation.engine.answers.thinking import is_thinking

WINDOW_CHARS = 256
LITERAL_CHARS = 16  # more than an escape, "false" or "-Infinity" takes
READS_MAX = 12  # how many characters may be read, counted in the length of the text
LEVELS_MAX = 8
NODES_MAX = 200
ENCODED_MAX = 4

Object = Mapping[str, Any]

_DECODER = json.JSONDecoder(  # takes line breaks inside strings
    strict=False, parse_int=Numeral, parse_float=Numeral, parse_constant=lambda _: None
)
_ENCODED_START = r'"(?=(?:\s|\\+[nrt"])*[\[{])|\{(?=(?:\s|\\+[nrt])*\\+")'
_START = re.compile(rf"{_ENCODED_START}|\{{(?=\s*(?:{QUOTE}|[A-Za-z_$/#]))")
_OWN_START = re.compile(rf"\{{\s*{QUOTE}?\s*(?i:{KEY_PATTERN})\b")
_IS_ENCODED = re.compile(_ENCODED_START)
_ENCODED = re.compile(r'\[\s*["{]|\{\s*"')
_STRING_BODY = re.compile(r'(?:[^"\\]|\\[\s\S])*+')


class State(Enum):
    """WHOLE: well-formed JSON. MENDED: plain what was meant. CUT: it breaks off with the text. BROKEN: unreadable."""

    WHOLE = auto()
    MENDED = auto()
    CUT = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Root:
    """An object that stands in no other. ``value``: a list where it was a string with objects, None if unreadable."""

    start: int
    end: int
    state: State
    value: Any = None


@dataclass(slots=True)
class Effort:
    """How many characters may still be read; every reading counts, those of strings in strings too."""

    left: int
    spent: int = 0

    @classmethod
    def for_text(cls, text: str) -> "Effort":
        return cls(READS_MAX * len(text))

    def spend(self, characters: int) -> None:
        self.left -= characters
        self.spent += characters


def roots_in(text: str, effort: Effort, encoded: int = 0) -> Iterator[Root]:
    """The objects in the text, in order; of those that cannot be read, the ones that begin like a sample."""
    position = 0
    while effort.left > 0 and (start := _START.search(text, position)):
        effort.spend(start.end() - position)
        root = _root(text, start.start(), effort, encoded)
        if root:
            yield root
        position = root.end if root and root.value is not None else start.end()


def _root(text: str, start: int, effort: Effort, encoded: int) -> Root | None:
    """The object that opens here; None where nothing does that is, or begins like, a sample."""
    if _IS_ENCODED.match(text, start):
        return _encoded(text, start, effort, encoded)
    if whole := _strict(text, start, effort):
        return Root(start, whole.end, State.WHOLE, whole.value)
    try:
        mended = read_object(text, start)
    except BrokenError as broken:
        effort.spend(broken.read_to - start)
        state = State.CUT if broken.is_cut else State.BROKEN
        return Root(start, broken.read_to, state) if _OWN_START.match(text, start) else None
    effort.spend(mended.end - start)
    return Root(start, mended.end, State.MENDED, mended.value)


def _strict(text: str, start: int, effort: Effort) -> Read | None:
    """The well-formed object that opens here. It is looked for in a window, for an error counts all lines before it."""
    size = WINDOW_CHARS
    while True:
        window = text[start : start + size]
        effort.spend(len(window))
        try:
            value, end = _DECODER.raw_decode(window)
        except json.JSONDecodeError as error:
            is_window_at_fault = error.msg.startswith("Unterminated") or error.pos > size - LITERAL_CHARS
            if not is_window_at_fault or start + size >= len(text):
                return None
        except RecursionError:
            return None
        else:
            return Read(value, start + end)
        size *= 4


def _encoded(text: str, start: int, effort: Effort, encoded: int) -> Root | None:
    """An object inside a string, with or without the quotes of the string around it."""
    body = _STRING_BODY.match(text, start + text.startswith('"', start))
    end = body.end() if body else start
    effort.spend(end - start)
    inner = list(roots_in(unescaped(body[0]), effort, encoded + 1)) if body and encoded < ENCODED_MAX else []
    values = [root.value for root in inner if root.value is not None]
    if values:
        is_whole = all(root.state is State.WHOLE for root in inner)
        return Root(start, end, State.WHOLE if is_whole else State.MENDED, values)
    return Root(start, end, inner[-1].state) if inner else None


def levels(values: Sequence[Any], effort: Effort) -> Iterator[list[Object]]:
    """The objects among the values, then those that these wrap, in objects, lists and strings, down to some depth."""
    nodes = list(values)
    for _ in range(LEVELS_MAX):
        if not nodes:
            return
        yield [node for node in nodes if isinstance(node, dict)]
        nodes = list(islice((inner for node in nodes for inner in _inside(node, effort)), NODES_MAX))


def _inside(node: Any, effort: Effort) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if not is_thinking(name))
    elif isinstance(node, list):
        yield from node
    elif isinstance(node, str) and "{" in node:
        yield from (root.value for root in roots_in(node, effort, 1) if root.value is not None)


def decoded(text: str) -> Any:
    """What a string holds that is itself the JSON of a list or an object; None where it is just text."""
    if not _ENCODED.match(text):
        return None
    read = _strict(text, 0, Effort(len(text)))
    return read.value if read and not text[read.end :].strip() else None
