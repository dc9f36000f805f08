"""Switches, champions and suspensions changed in place: what was done, what it means, and the way back."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest

from providers import actions
from providers.admin.lists.changed_by import who_changed
from providers.admin.lists.consequences import Consequence, of_model_switch, of_provider_switch
from providers.admin.lists.ordered_list import OrderedList, Row
from providers.admin.requests import REDO, UNDO, Asked, GoneError, RefusalError, asked_as_in, flag_in, way_back
from providers.models import Model
from providers.routing.admission import StoreUnavailable

STARTED = {None: "", UNDO: "Undone: ", REDO: "Done again: "}


# --- on and off --------------------------------------------------------------
def switch(admin: OrderedList, request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """``id`` and ``enabled``. One that stands so already was switched by somebody else."""
    pk, enabled, asked_as = _id_in(admin, asked), flag_in(asked, "enabled"), asked_as_in(asked)
    try:
        is_changed = actions.switch(admin.model, pk, enabled)
    except ObjectDoesNotExist:
        raise GoneError from None
    except ValidationError as error:
        raise RefusalError(409, " ".join(error.messages)) from error
    row = _row(admin, pk)
    word = "on" if enabled else "off"
    if not is_changed:
        return _switched_already(row, f"{row} was {word} already", word, enabled, asked_as)
    consequence = _consequence(row)
    message = f"{STARTED[asked_as]}{row} is {word}. {consequence.words}".strip()
    back = way_back(admin.url_of("switch"), {"id": pk, "enabled": not enabled}, asked_as)
    return {
        "message": message,
        "enabled": enabled,
        "tone": "warning" if consequence.is_warning else "plain",
        "redraw": _leads(row),
        "undo": back,
    }


def _switched_already(row: Row, fact: str, word: str, enabled: bool, asked_as: str | None) -> dict[str, Any]:
    facts = {"enabled": enabled, "redraw": True}
    who = who_changed(row, "enabled")
    if asked_as:
        raise RefusalError(409, f"Nothing was undone: {fact}. {who} had switched it {word} meanwhile.", facts)
    return {"message": f"{fact}: {who} had switched it {word} meanwhile.", **facts}


def _consequence(row: Row) -> Consequence:
    return of_model_switch(row) if isinstance(row, Model) else of_provider_switch(row)


def _leads(row: Row) -> bool:
    """Whether the list must be drawn anew, because what is tried first may be another one now."""
    if not isinstance(row, Model):
        return False
    return row.pk in (row.provider.champion_model_id, row.provider.default_model_id)


# --- champions ---------------------------------------------------------------
def make_champion(admin: OrderedList, request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """``id``, ``champion``, and ``believed``: the champion that the page knew, or empty."""
    if not request.user.has_perm("providers.change_provider"):
        raise RefusalError(403, "A champion is a setting of its provider, and you may not change providers.")
    pk, is_champion, asked_as = _id_in(admin, asked), flag_in(asked, "champion"), asked_as_in(asked)
    only_from = asked.get("only_from")
    try:
        done = actions.set_champion(pk, is_champion, only_from=None if only_from is None else (_key(admin, only_from),))
    except ObjectDoesNotExist:
        raise GoneError from None
    except actions.OutdatedError:
        who = who_changed(_row(admin, pk), "champion")
        message = f"Nothing was undone: {who} has changed the champion since. This is the list now."
        raise RefusalError(409, message, {"redraw": True}) from None
    except ValidationError as error:
        raise RefusalError(409, " ".join(error.messages), {"redraw": True}) from error
    model = _row(admin, pk)
    message = STARTED[asked_as] + _champion_words(model, done)
    believed = asked.get("believed")
    if believed is not None and _key(admin, believed) != done.was:
        who = who_changed(model, "champion", own=int(done.was != done.now))
        message += f" {who} had changed the champion meanwhile."
    answer: dict[str, Any] = {"message": message, "redraw": True}
    if done.was != done.now:
        restored = {"id": done.was, "champion": True} if done.was else {"id": pk, "champion": False}
        now = "" if done.now is None else str(done.now)
        answer["undo"] = way_back(admin.url_of("champion"), {**restored, "only_from": now}, asked_as)
    return answer


def _champion_words(model: Model, done: actions.Championed) -> str:
    if done.now != model.pk:
        return f"{model} is not the champion of {model.provider.name} any more."
    if not model.enabled:
        return f"{model} is the champion of {model.provider.name}, but it is off: another one starts until it is on."
    return f"{model} is the champion of {model.provider.name}: it is tried first."


def _key(admin: OrderedList, text: str) -> int | None:
    key: int | None = admin.parse_id(text) if text else None
    return key


# --- suspensions -------------------------------------------------------------
def try_again(admin: OrderedList, request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """``id``: ends a suspension before its time."""
    row = _row(admin, _id_in(admin, asked))
    try:
        actions.try_again(row)
    except StoreUnavailable:
        message = "Redis is away, so nothing was done. Suspensions end by themselves; try again when it is back."
        raise RefusalError(503, message) from None
    message = f"{row} is tried again from now on."
    if not row.enabled:
        message = f"{row} is not suspended any more, but it is off."
    return {"message": message, "refresh": True}


def _id_in(admin: OrderedList, asked: Asked) -> Any:
    if "id" not in asked:
        raise RefusalError(400, "Give the row's id.")
    return admin.parse_id(asked["id"])


def _row(admin: OrderedList, pk: Any) -> Any:
    rows = admin.model._default_manager
    row = (rows.select_related("provider") if admin.model is Model else rows).filter(pk=pk).first()
    if row is None:
        raise GoneError
    return row
