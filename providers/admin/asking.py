"""What a page asks by POST, read with care, and how it is refused."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

GONE = "A row of this list is gone: somebody has deleted it. This is the list now."
UNDO, REDO = "undo", "redo"
LABELS = {UNDO: "Undo", REDO: "Redo"}


class RefusalError(Exception):
    """Why something is not done: a status code, one sentence for the person, and facts that set the page right."""

    def __init__(self, status: int, message: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.facts = dict(facts or {})


class GoneError(RefusalError):
    def __init__(self) -> None:
        super().__init__(409, GONE, {"redraw": True})


def read_object(request: HttpRequest) -> Mapping[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusalError(400, "Send a JSON object.")
    return body


def text_in(body: Mapping[str, Any], name: str) -> str | None:
    """None where it is not given."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise RefusalError(400, f"Give {name} as a text.")
    return value


def asked_as_in(body: Mapping[str, Any]) -> str | None:
    """UNDO or REDO, where it takes something back."""
    word = text_in(body, "as")
    if word is not None and word not in LABELS:
        raise RefusalError(400, "Give as: undo or redo, or leave it out.")
    return word


def flag_in(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise RefusalError(400, f"Give the row's id and {name}, true or false.")
    return value


def way_back(url: str, body: Mapping[str, Any], asked_as: str | None) -> dict[str, Any]:
    """What takes the answered thing back: the same kind of POST, of what stands there now alone."""
    word = REDO if asked_as == UNDO else UNDO
    return {"url": url, "body": {**body, "as": word}, "label": LABELS[word]}
