"""What a page asks by POST, and how it is refused."""

from collections.abc import Mapping
from typing import Any

GONE = "A row of this list is gone: somebody has deleted it. This is the list now."
UNDO, REDO = "undo", "redo"
LABELS = {UNDO: "Undo", REDO: "Redo"}
FLAGS = {"true": True, "false": False}

Asked = Mapping[str, str]
"""The fields of a POST."""


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


def asked_as_in(asked: Asked) -> str | None:
    """UNDO or REDO, where it takes something back."""
    word = asked.get("as")
    if word is not None and word not in LABELS:
        raise RefusalError(400, "Give as: undo or redo, or leave it out.")
    return word


def flag_in(asked: Asked, name: str) -> bool:
    value = FLAGS.get(asked.get(name, ""))
    if value is None:
        raise RefusalError(400, f"Give the row's id and {name}, true or false.")
    return value


def way_back(url: str, body: Mapping[str, Any], asked_as: str | None) -> dict[str, Any]:
    """What takes the answered thing back: the same kind of POST, of what stands there now alone."""
    word = REDO if asked_as == UNDO else UNDO
    return {"url": url, "body": {**body, "as": word}, "label": LABELS[word]}
