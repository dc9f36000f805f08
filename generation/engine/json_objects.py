"""Finding JSON objects in text that a model wrote, in bounded time whatever it wrote."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import json_repair

_DECODER = json.JSONDecoder(strict=False)  # takes line breaks inside strings
_OBJECT_START = re.compile(r'\{\s*"')
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.")
_QUOTE = "[\"'\u201c\u201d\u2018\u2019]"
_VALUE_END = re.compile(rf"(?:{_QUOTE}|\])\Z")
_AFTER_VALUE = "`~, \t\r\n"
ATTEMPTS_MAX = 1_000
FAILED_CHARS_MAX = 8_000_000
REPAIRED_CHARS_MAX = 60_000
BRACKETS_MAX = 500
NESTING_MAX = 3
NODES_MAX = 200

Object = Mapping[str, Any]


def objects_in(text: str) -> Iterator[Object]:
    """The well-formed objects in the text, in order, whatever stands around them; not those inside others."""
    spent = position = 0
    for _ in range(ATTEMPTS_MAX):
        start = _OBJECT_START.search(text, position)
        if start is None or spent > FAILED_CHARS_MAX:
            return
        try:
            found, position = _DECODER.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            spent += len(text) - start.start()
            position = start.start() + 1
        else:
            yield found


def unwrapped(wrapper: Object) -> Iterator[Object]:
    """The object itself, then those that it wraps, directly or in lists, down to a small depth."""
    level: list[Any] = [wrapper]
    for _ in range(NESTING_MAX + 1):
        deeper: list[Any] = []
        for node in level[:NODES_MAX]:
            if isinstance(node, dict):
                yield node
                deeper += node.values()
            elif isinstance(node, list):
                deeper += node
        level = [node for node in deeper if isinstance(node, dict | list)]


def repaired(text: str, keys: tuple[str, ...]) -> Iterator[Object]:
    """The last broken object of the text that has one of the keys, mended; nothing where that would be guesswork.

    Guesswork is an object that breaks off inside a value, and a repair that lost a letter or made up a key.
    """
    broken = _last_broken(text, keys)
    if not broken or len(broken) > REPAIRED_CHARS_MAX or broken.count("{") + broken.count("[") > BRACKETS_MAX:
        return
    try:
        mended = json_repair.loads(broken, skip_json_loads=True)
    except (ValueError, RecursionError):
        return
    if isinstance(mended, dict) and _is_faithful(mended, broken, keys):
        yield mended


def _last_broken(text: str, keys: tuple[str, ...]) -> str:
    """From the last brace that opens with one of the keys to the brace that ends it; empty where it breaks off."""
    starts = [start.start() for start in re.finditer(rf"\{{\s*{_QUOTE}?(?:{'|'.join(keys)})\b", text)]
    if not starts:
        return ""
    body = text[starts[-1] :].rstrip(_AFTER_VALUE)
    if not _VALUE_END.search(body):  # else only the brace is missing
        body = body.rpartition("}")[0].rstrip(_AFTER_VALUE)
    return body + "}" if body.endswith("}") or _VALUE_END.search(body) else ""


def _is_faithful(mended: Object, broken: str, keys: tuple[str, ...]) -> bool:
    others = [key for key in mended if key not in keys]
    made_up = [key for key in others if not re.search(rf"[,{{]\s*{_QUOTE}{re.escape(key)}{_QUOTE}\s*:", broken)]
    before = _letters(_ESCAPE.sub("", broken))
    after = _letters(_ESCAPE.sub("", json.dumps(mended, ensure_ascii=False)))
    return not made_up and after >= before


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
