"""A row dropped beside another one: done, undone, and told, also where the page did not know the newest order."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest

from providers import actions
from providers.admin.asking import REDO, UNDO, GoneError, RefusalError, asked_as_in, text_in, way_back
from providers.admin.meanwhile import who_changed
from providers.models import Model, Provider
from providers.orders import Order

if TYPE_CHECKING:
    from providers.admin.in_place import InPlaceAdmin

Row = Provider | Model
RETURNED = {UNDO: "Undone: {} is back where it was.", REDO: "Done again: {} is where you had put it."}


def move(admin: "InPlaceAdmin", request: HttpRequest, body: Mapping[str, Any]) -> dict[str, Any]:
    """``{"id": ..., "before" | "after": ..., "believed": mark}``: relative to a neighbour, so that stale and filtered
    lists work. ``only_from`` is the mark of the one order that an undo may start from."""
    sides = [side for side in ("before", "after") if side in body]
    if "id" not in body or len(sides) != 1:
        raise RefusalError(400, "Give the row's id and one neighbour, before or after.")
    side, asked_as = sides[0], asked_as_in(body)
    pk, neighbour_pk = admin.parse_id(body["id"]), admin.parse_id(body[side])
    moved = _move(admin, pk, {side: neighbour_pk}, text_in(body, "only_from"), exactly=body.get("exactly") is True)
    row, neighbour = _rows(admin, pk, neighbour_pk)
    message = (
        _told(admin, row, neighbour, side, moved) if asked_as is None else RETURNED[asked_as].format(admin.name_of(row))
    )
    if (believed := text_in(body, "believed")) and believed != moved.was.mark:
        own = int(moved.was != moved.now)
        message += f" {who_changed(row, 'order', own=own)} had changed the order meanwhile: this is the order now."
    answer = {"message": message, **order_facts(moved.now)}
    if moved.was != moved.now:
        back = {"id": pk, **moved.was.neighbour_of(pk), "only_from": moved.now.mark, "exactly": True}
        answer["undo"] = way_back(admin.url_of("move"), back, asked_as)
    if side == "before" and neighbour_pk == moved.was.start and asked_as is None:
        answer |= admin.offer(request, row, neighbour)
    return answer


def order_facts(order: Order) -> dict[str, Any]:
    """What sets a page's list right."""
    return {
        "order": [str(key) for key in order.shown],
        "positions": {str(key): place for place, key in enumerate(order.keys)},
        "mark": order.mark,
    }


def _move(
    admin: "InPlaceAdmin", pk: Any, neighbour: Mapping[str, Any], only_from: str | None, *, exactly: bool
) -> actions.Moved:
    try:
        return admin.place(pk, only_from=only_from, exactly=exactly, **neighbour)
    except ObjectDoesNotExist:
        raise GoneError from None
    except actions.OutdatedError:
        row, _ = _rows(admin, pk, pk)
        message = f"Nothing was undone: {who_changed(row, 'order')} has changed the order since. This is the order now."
        raise RefusalError(409, message, {**order_facts(admin.order_of(row)), "redraw": True}) from None
    except ValidationError as error:
        raise RefusalError(409, " ".join(error.messages), {"redraw": True}) from error


def _rows(admin: "InPlaceAdmin", pk: Any, neighbour_pk: Any) -> tuple[Row, Row]:
    rows = admin.model._default_manager.in_bulk([pk, neighbour_pk])
    if pk not in rows or neighbour_pk not in rows:
        raise GoneError
    return rows[pk], rows[neighbour_pk]


def _told(admin: "InPlaceAdmin", row: Row, neighbour: Row, side: str, moved: actions.Moved) -> str:
    return _words(
        admin.name_of(row),
        admin.name_of(neighbour),
        side,
        is_beside_start=neighbour.pk == moved.was.start and row.pk != neighbour.pk,
        is_moved=moved.was != moved.now,
    )


def _words(name: str, other: str, side: str, *, is_beside_start: bool, is_moved: bool) -> str:
    if is_beside_start:
        return f"{name} is tried right after {other}, which comes first."
    if not is_moved:
        return f"{name} stood there already."
    return f"{name} moved {'above' if side == 'before' else 'below'} {other}."
