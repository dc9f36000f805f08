"""A row dropped beside another one: done, undone, and told, also where the page did not know the newest order."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest

from providers import actions
from providers.admin.lists.changed_by import who_changed
from providers.admin.lists.ordered_list import OrderedList, Row
from providers.admin.requests import REDO, UNDO, Asked, GoneError, RefusalError, asked_as_in, way_back
from providers.configuration.positions import Positions

RETURNED = {UNDO: "Undone: {} is back where it was.", REDO: "Done again: {} is where you had put it."}


def move(admin: OrderedList, request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """``id``, ``before`` or ``after``, and ``believed``, a mark: relative to a neighbour, so that stale and filtered
    lists work. ``only_from`` is the mark of the one order that an undo may start from."""
    sides = [side for side in ("before", "after") if side in asked]
    if "id" not in asked or len(sides) != 1:
        raise RefusalError(400, "Give the row's id and one neighbour, before or after.")
    side, asked_as = sides[0], asked_as_in(asked)
    pk, neighbour_pk = admin.parse_id(asked["id"]), admin.parse_id(asked[side])
    moved = _move(admin, pk, {side: neighbour_pk}, asked.get("only_from"), exactly=asked.get("exactly") == "true")
    row, neighbour = _rows(admin, pk, neighbour_pk)
    message = _told(row, neighbour, side, moved) if asked_as is None else RETURNED[asked_as].format(row)
    if (believed := asked.get("believed")) and believed != moved.was.mark:
        own = int(moved.was != moved.now)
        message += f" {who_changed(row, 'order', own=own)} had changed the order meanwhile: this is the order now."
    answer = {"message": message, **order_facts(moved.now)}
    if moved.was != moved.now:
        back = {"id": pk, **moved.was.neighbour_of(pk), "only_from": moved.now.mark, "exactly": True}
        answer["undo"] = way_back(admin.url_of("move"), back, asked_as)
    if side == "before" and neighbour_pk == moved.was.start and asked_as is None:
        answer |= admin.offer(request, row, neighbour)
    return answer


def order_facts(order: Positions) -> dict[str, Any]:
    """What sets a page's list right."""
    return {
        "order": [str(key) for key in order.shown],
        "positions": {str(key): place for place, key in enumerate(order.keys)},
        "mark": order.mark,
    }


def _move(
    admin: OrderedList, pk: Any, neighbour: Mapping[str, Any], only_from: str | None, *, exactly: bool
) -> actions.Moved:
    try:
        return admin.place(pk, only_from=only_from, exactly=exactly, **neighbour)
    except ObjectDoesNotExist:
        raise GoneError from None
    except actions.OutdatedError:
        row, _ = _rows(admin, pk, pk)
        message = f"Nothing was undone: {who_changed(row, 'order')} has changed the order since. This is the order now."
        raise RefusalError(409, message, {**order_facts(admin.order_of(row)), "redraw": True}) from None
    except ValidationError:
        row, other = _rows(admin, pk, *neighbour.values())
        message = f"{row} and {other} stand in different lists, so nothing was moved."
        raise RefusalError(409, message, {"redraw": True}) from None


def _rows(admin: OrderedList, pk: Any, neighbour_pk: Any) -> tuple[Row, Row]:
    rows = admin.model._default_manager.in_bulk([pk, neighbour_pk])
    if pk not in rows or neighbour_pk not in rows:
        raise GoneError
    return rows[pk], rows[neighbour_pk]


def _told(row: Row, neighbour: Row, side: str, moved: actions.Moved) -> str:
    if neighbour.pk == moved.was.start and row.pk != neighbour.pk:
        return f"{row} is tried right after {neighbour}, which comes first."
    if moved.was == moved.now:
        return f"{row} stood there already."
    return f"{row} moved {'above' if side == 'before' else 'below'} {neighbour}."
