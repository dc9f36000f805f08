"""Lists and objects where a text should be, as the text that they mean, with all its words."""

import re
from collections.abc import Mapping
from typing import Any

from generation.engine.answers.keys import key_meant
from generation.engine.answers.lenient import Numeral

DEPTH_MAX = 6
_SCHEMA_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
# Names that say nothing that their value does not say.
_NAMELESS = frozenset(
    {"text", "content", "contents", "value", "name", "title", "heading", "description", "detail", "details", "body"}
    | {"paragraph", "sentence", "explanation", "statement", "citation", "citations", "case", "cases", "casename"}
    | {"statute", "statutes", "authority", "authorities", "legislation", "source", "sources", "reference", "item"}
    | {"number", "no", "index", "id", "order"}
)
_WORD_ENDS = re.compile(r"[_\s]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)")
_IDENTIFIER = re.compile(r"[a-z][A-Za-z0-9_]*\Z")
_SHORT_NUMBER = re.compile(r"[A-Za-z]?\d[\w().-]{0,7}\Z")


def plain_text(value: Any, *, is_citation: bool = False, depth: int = 0) -> str:
    """The value as text, a part on each line; empty where it holds no text, is nested too deep or is a schema."""
    if isinstance(value, str):
        return value.strip()
    if depth > DEPTH_MAX or not isinstance(value, dict | list):
        return ""
    if isinstance(value, list):
        parts = [plain_text(part, is_citation=is_citation, depth=depth + 1) for part in value]
        return "\n".join(filter(None, parts))
    return "" if _is_schema(value) else _of_object(value, is_citation, depth)


def _of_object(value: Mapping[str, Any], is_citation: bool, depth: int) -> str:
    """``{"step": 1, "text": "Ask"}`` is "Step 1: Ask"; ``{"name": "Act", "section": "27"}`` "Act, section 27"."""
    parts = []
    for name, inner in value.items():
        if text := plain_text(inner, is_citation=is_citation, depth=depth + 1):
            parts.append(_part(name, text, is_citation))
    if is_citation:
        is_one = all(map(_IDENTIFIER.match, value)) and not any("\n" in part for part in parts)
        return (", " if is_one else "\n").join(parts)
    joined = ""
    for part in parts:
        joined += part if part.endswith(": ") else f"{part}\n"
    return joined.removesuffix(": ").strip()


def _part(name: str, text: str, is_citation: bool) -> str:
    label = _label(name)
    if _SHORT_NUMBER.match(text) and not is_citation:
        return f"{label} {text}: ".lstrip()
    if not label:
        return text
    if is_citation:
        return f"{label[0].lower() if _IDENTIFIER.match(name) else label[0]}{label[1:]} {text}"
    return f"{label}:\n{text}" if "\n" in text else f"{label}: {text}"


def _label(name: str) -> str:
    words = " ".join(_WORD_ENDS.split(name.strip()))
    if key_meant(name) or "".join(filter(str.isalnum, name)).casefold() in _NAMELESS:
        return ""
    return words[:1].upper() + words[1:]


def _is_schema(value: Mapping[str, Any]) -> bool:
    kind = value.get("type")
    return isinstance(kind, str) and not isinstance(kind, Numeral) and kind in _SCHEMA_TYPES
