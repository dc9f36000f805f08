"""Changes of the taxonomy: terms added, changed, switched, moved and deleted.

Each is atomic, takes plain values (of a reference the word), raises ValidationError with a message per field, or the
table's DoesNotExist, and returns the fresh row. Batches that are ordered already keep what they were ordered with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from samples import vocabulary
from samples.models import Term
from samples.places import Places
from samples.taxonomy.in_use import nothing_left

T = TypeVar("T", bound=Term)

TAXONOMY_LOCK = 7_314_101  # any number that no other advisory lock of this database uses
SHOWN_MAX = 30
TOLD_MAX = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """The orders before and after."""

    was: Places
    now: Places


class OutdatedOrderError(ValidationError):
    """The order is not the one that was to be changed, so nothing was done."""

    def __init__(self) -> None:
        super().__init__("Somebody has changed the order meanwhile.", code="conflict")


def columns(table: type[Term]) -> tuple[str, ...]:
    """What people set of a term."""
    fields = table._meta.concrete_fields
    return tuple(field.name for field in fields if not field.primary_key and field.name != "position")


@transaction.atomic
def add_term(table: type[T], values: Mapping[str, Any], by: User | None = None) -> T:
    """At the end of its list."""
    _lock()
    row = table(position=len(places_of(table).keys))
    _assign(row, values)
    row.save(force_insert=True)
    _require_something_left()
    _log(by, row, ADDITION, "Added.")
    return row


@transaction.atomic
def change_term(table: type[T], pk: int, changes: Mapping[str, Any], by: User | None = None) -> T:
    """Changes the named fields only."""
    _lock()
    row: T = _rows(table).get(pk=pk)
    before = _facts(row)
    _assign(row, changes)
    told = _differences(before, _facts(row))
    if told:
        row.save(update_fields=list(changes))
        _require_something_left()
        _log(by, row, CHANGE, told)
    return row


def switch_term(table: type[T], pk: int, enabled: bool, by: User | None = None) -> T:
    return change_term(table, pk, {"enabled": enabled}, by)


@transaction.atomic
def delete_term(table: type[T], pk: int, by: User | None = None) -> None:
    """Only what nothing has or refers to. The places of the others close up."""
    _lock()
    row: T = _rows(table).get(pk=pk)
    if why := row.why_kept(row.word):
        raise ValidationError(
            f"{row} cannot be deleted: {why}. Switch it off instead: then it is not ordered any more."
        )
    _log(by, row, DELETION, "Deleted.")
    row.delete()
    _write(table, places_of(table))
    _require_something_left()


@transaction.atomic
def move_term(
    table: type[T],
    pk: int,
    *,
    before: int | None = None,
    after: int | None = None,
    only_from: str | None = None,
    by: User | None = None,
) -> Moved:
    """Right before or right after another one of its list. With ``only_from`` from the order of that mark alone."""
    _lock()
    row: T = _rows(table).get(pk=pk)
    was = places_of(table)
    if only_from not in (None, was.mark):
        raise OutdatedOrderError
    if (before is None) == (after is None):
        raise ValidationError({"before": "Give either before or after: the row to move next to."})
    neighbour = after if before is None else before
    if neighbour not in was.keys:
        field = "after" if before is None else "before"
        raise ValidationError({field: f"{neighbour!r} is not in this list. Look at the list again."})
    now = was.moved(pk, neighbour, is_after=before is None)
    if now != was:
        _write(table, now)
        _log(by, row, CHANGE, f"Moved to place {now.keys.index(pk) + 1} of {len(now.keys)}.")
    return Moved(was, now)


def places_of(table: type[Term]) -> Places:
    return Places(tuple(_rows(table).order_by("position", "pk").values_list("pk", flat=True)))


def _write(table: type[Term], places: Places) -> None:
    """No row is written that has its place already."""
    places_by_key = {key: place for place, key in enumerate(places.keys)}
    stale = [row for row in _rows(table).only("pk", "position") if row.position != places_by_key[row.pk]]
    for row in stale:
        row.position = places_by_key[row.pk]
    _rows(table).bulk_update(stale, ["position"])


def _assign(row: Term, values: Mapping[str, Any]) -> None:
    known = columns(type(row))
    if unknown := sorted(set(values) - set(known)):
        raise ValidationError({name: f"There is no such field. Use: {', '.join(known)}." for name in unknown})
    for name, value in values.items():
        field = row._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            setattr(row, field.attname, _word_of(field, value))
        else:
            setattr(row, name, value)
    row.full_clean()


def _word_of(field: "models.ForeignKey[Any, Any]", word: Any) -> str | None:
    """Of a term that is there."""
    if not word:
        return None
    words = list(_rows(field.related_model).order_by("position").values_list("word", flat=True))
    if word not in words:
        shown = ", ".join(words[:SHOWN_MAX])
        raise ValidationError({field.name: f"'{word}' is no {field.related_model._meta.verbose_name}. Use: {shown}."})
    return str(word)


def _require_something_left() -> None:
    if kind := nothing_left(vocabulary.load().in_use):
        raise ValidationError({"enabled": f"No {kind} would be left to order. Switch another one on first."})


def _facts(row: Term) -> dict[str, Any]:
    fields = {name: row._meta.get_field(name) for name in columns(type(row))}
    return {name: getattr(row, getattr(field, "attname", name)) for name, field in fields.items()}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What was changed, in words; empty where nothing was."""
    names = [name for name in after if before[name] != after[name]]
    return " ".join(f"{name}: {_told(before[name])} → {_told(after[name])}." for name in names)


def _told(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
    return f"{text[:TOLD_MAX]}…" if len(text) > TOLD_MAX else text or "nothing"


def _log(by: User | None, row: Term, flag: int, message: str) -> None:
    """The admin's log is the trail of the taxonomy. It names people: what nobody in particular does is not in it."""
    if by is None:
        return
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row)[:TOLD_MAX],
        action_flag=flag,
        change_message=message,
    )


def _lock() -> None:
    """One change at a time: rules look at several rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAXONOMY_LOCK])


def _rows(table: Any) -> Any:
    return table._default_manager
