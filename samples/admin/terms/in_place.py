"""Rows of the taxonomy's lists, moved and switched where they stand: done, told, and the way back."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse

from samples import actions
from samples.models import Jurisdiction, Term
from samples.places import Places

GONE = "A row of this list is gone: somebody has deleted it. This is the list now."
MEANWHILE = "The order had been changed meanwhile: this is the order now."
LABELS = {"undo": "Undo", "redo": "Redo"}
STARTED = {"": "", "undo": "Undone: ", "redo": "Done again: "}
RETURNED = {"undo": "Undone: {} is back where it was.", "redo": "Done again: {} is where you had put it."}
FLAGS = {"true": True, "false": False}
BIGGEST = 2**63

Asked = Mapping[str, str]
Handler = Callable[[type[Term], str, HttpRequest], dict[str, Any]]


class RefusalError(Exception):
    """Why something is not done: a status code, one sentence for the person, and facts that set the page right."""

    def __init__(self, status: int, message: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.facts = dict(facts or {})


def answered(handler: Handler, table: type[Term], url: str, request: HttpRequest, *, not_allowed: str) -> HttpResponse:
    """``not_allowed``: why this person may not change rows; empty for who may."""
    try:
        if request.method != "POST":
            raise RefusalError(405, "Send this as a POST.")
        if not_allowed:
            raise RefusalError(403, not_allowed)
        return JsonResponse(handler(table, url, request))
    except RefusalError as refusal:
        return JsonResponse({"message": refusal.message, **refusal.facts}, status=refusal.status)


def switch(table: type[Term], url: str, request: HttpRequest) -> dict[str, Any]:
    """``id`` and ``enabled``."""
    asked = request.POST.dict()
    enabled = FLAGS.get(asked.get("enabled", ""))
    if enabled is None:
        raise RefusalError(400, "Give the row's id and enabled, true or false.")
    pk = _key(asked, "id")
    row = _changed(lambda: actions.switch_term(table, pk, enabled, by=_person(request)))
    return {
        "message": STARTED[_as(asked)] + (f"{row} is on: it can be ordered." if enabled else _told_off(row)),
        "enabled": enabled,
        "undo": _way_back(url, {"id": pk, "enabled": not enabled}, asked),
    }


def _told_off(row: Term) -> str:
    """Of a jurisdiction with its parts, whose own switches stay as they are."""
    parts = row.parts.filter(enabled=True) if isinstance(row, Jurisdiction) else ()
    if not parts:
        return f"{row} is off: it is not ordered any more."
    return f"{row} is off: it and its parts ({', '.join(map(str, parts))}) are not ordered any more."


def move(table: type[Term], url: str, request: HttpRequest) -> dict[str, Any]:
    """``id``, and ``before`` or ``after``: relative to a neighbour, so that stale and filtered lists work. ``believed``
    is the mark of the order that the page shows, ``only_from`` that of the one order that an undo may start from."""
    asked = request.POST.dict()
    sides = [side for side in ("before", "after") if side in asked]
    if len(sides) != 1:
        raise RefusalError(400, "Give the row's id and one neighbour, before or after.")
    pk, neighbour = _key(asked, "id"), {sides[0]: _key(asked, sides[0])}
    person, only_from = _person(request), asked.get("only_from")
    try:
        moved = _changed(lambda: actions.move_term(table, pk, **neighbour, only_from=only_from, by=person))
    except actions.OutdatedOrderError:
        facts = {**_order_facts(actions.places_of(table)), "redraw": True}
        raise RefusalError(409, f"Nothing was undone. {MEANWHILE}", facts) from None
    answer = {"message": _told(table, pk, sides[0], moved, asked), **_order_facts(moved.now)}
    if moved.was != moved.now:
        back = {"id": pk, **moved.was.neighbour_of(pk), "only_from": moved.now.mark}
        answer["undo"] = _way_back(url, back, asked)
    return answer


def _changed(act: Callable[[], Any]) -> Any:
    """What the action gives; what it refuses as the page is told it."""
    try:
        return act()
    except ObjectDoesNotExist:
        raise RefusalError(409, GONE, {"redraw": True}) from None
    except actions.OutdatedOrderError:
        raise
    except ValidationError as refusal:
        raise RefusalError(409, " ".join(refusal.messages), {"redraw": True}) from refusal


def _told(table: type[Term], pk: int, side: str, moved: actions.Moved, asked: Asked) -> str:
    other = _key(asked, side)
    rows: Any = table._default_manager
    names = {row.pk: str(row) for row in rows.filter(pk__in=(pk, other))}
    told = f"{names[pk]} moved {'above' if side == 'before' else 'below'} {names[other]}."
    if moved.was == moved.now:
        told = f"{names[pk]} stood there already."
    elif how := RETURNED.get(_as(asked)):
        told = how.format(names[pk])
    is_stale = asked.get("believed") not in (None, moved.was.mark)
    return f"{told} {MEANWHILE}" if is_stale else told


def _order_facts(places: Places) -> dict[str, Any]:
    """What sets a page's list right."""
    keys = [str(key) for key in places.keys]
    return {"order": keys, "positions": {key: place for place, key in enumerate(keys)}, "mark": places.mark}


def _as(asked: Asked) -> str:
    word = asked.get("as", "")
    if word not in STARTED:
        raise RefusalError(400, "Give as: undo or redo, or leave it out.")
    return word


def _way_back(url: str, body: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The same kind of POST, of what stands there now alone."""
    word = "redo" if _as(asked) == "undo" else "undo"
    return {"url": url, "body": {**body, "as": word}, "label": LABELS[word]}


def _key(asked: Asked, name: str) -> int:
    text = asked.get(name, "")
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) < BIGGEST:
        raise RefusalError(400, f"Give {name} as a whole number: the row's id.")
    return int(text)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
