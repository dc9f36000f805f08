"""What may be copied of a JSON object that a person typed: everything but texts that look like secrets."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from providers.secrecy.secretlike import NOT_SHOWN, secret_parts

LONGEST = 200


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
    """The value, or a word in place of it. Numbers are told, such as max_tokens."""
    if any(secret_parts(value, *path.split("."))):
        return NOT_SHOWN
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return value if len(text) <= LONGEST else f"{text[:LONGEST]}..."
