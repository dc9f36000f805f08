"""What may be copied of a JSON object that a person typed: everything but texts that look like secrets."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

NOT_SHOWN = "(not shown)"
LONGEST = 200
SECRET_NAME = re.compile(r"key|token|secret|passw|pwd|auth|cookie|credential|signature|session", re.IGNORECASE)
SECRET_TEXT = re.compile(
    r"\b(?:bearer|basic|token)\s+\S|\b(?:sk|gsk|pk|csk|xai|hf|ghp|AIza)[-_]?[A-Za-z0-9_-]{12}|\w{32}", re.IGNORECASE
)


def flat(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """(dotted path, from, to) of every part that is not as it was; what is not there is None."""
    for part in dict.fromkeys([*before, *after]):
        path, was, now = f"{name}.{part}", before.get(part), after.get(part)
        if was == now:
            continue
        if isinstance(was or {}, dict) and isinstance(now or {}, dict) and (was or now):
            yield from flat(path, was or {}, now or {})
        else:
            yield path, shown(path, was), shown(path, now)


def shown(path: str, value: Any) -> Any:
    """The value, or a word in place of it. Numbers are no secrets: max_tokens is told."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    names = path if isinstance(value, str) else f"{path} {text}"
    if SECRET_NAME.search(names) or SECRET_TEXT.search(text):
        return NOT_SHOWN
    return value if len(text) <= LONGEST else f"{text[:LONGEST]}..."
