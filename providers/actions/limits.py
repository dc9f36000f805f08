"""Limits beyond those with columns: set as one list, of a provider, of a model or of the whole installation."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from providers.actions.values import NO_OBJECT
from providers.configuration import audit
from providers.configuration.limit_lists import FORM, read, require_apart, scopes_of, told
from providers.models import Limit, Model, Provider
from providers.routing.config import LimitEntry, LimitScope
from providers.routing.limits.amounts import MILLIONTHS, Unit

Owner = Provider | Model | None
INSTALLATION_LIMITS_LOCK = 7_314_002  # any number that no other advisory lock of this database uses


def replace(owner: Provider | Model, values: Any) -> list[str]:
    """The owner's limits are these from now on. Answers what they were, in words. The caller holds the owner's lock."""
    return _write(owner, read(values, scopes_of(owner)))


def copy(copies: Mapping[Model, Model]) -> dict[Model, list[str]]:
    """New models get the limits of those that they are copies of. Answers them in words, by the new ones."""
    copied: dict[Model, list[str]] = {new: [] for new in copies.values()}
    rows = Limit.objects.filter(model__in=copies).select_related("model")
    found = [(copies[row.model], row.entry) for row in rows if row.model]
    for new, entry in found:
        copied[new].append(told(entry))
    Limit.objects.bulk_create([_row(new, entry) for new, entry in found])
    return copied


def replaced(owner: Provider | Model, values: Any) -> tuple[list[str], list[str]]:
    """``replace`` where there are ``values``; else those that there are must suit the owner as it is now.

    Answers what the limits were and what they are, in words.
    """
    if values is None:
        require_apart(owner, entries_of(owner))
        return [], []
    return replace(owner, values), words(owner)


def words(owner: Provider | Model) -> list[str]:
    return [told(entry) for entry in entries_of(owner)]


def entries_of(owner: Provider | Model) -> list[LimitEntry]:
    return [row.entry for row in Limit.objects.filter(**_owned(owner))]


def split(given: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """What are columns of a row, and its list of limits; None where none is given."""
    if not isinstance(given, Mapping):
        raise ValidationError(NO_OBJECT)
    if "limits" in given and given["limits"] is None:
        raise ValidationError({"limits": f"Give {FORM}; an empty list for none."})
    columns = {name: value for name, value in given.items() if name != "limits"}
    return columns, given.get("limits")


def lock_installation_limits() -> None:
    """Until the end of the transaction; also where there are none yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALLATION_LIMITS_LOCK])


@transaction.atomic
def set_installation_limits(values: Any) -> list[LimitEntry]:
    """What holds for all providers together, such as money in a month."""
    entries = read(values, (LimitScope.INSTALLATION,))
    lock_installation_limits()
    before = _write(None, entries)
    audit.record(audit.installation_changed(before, [told(entry) for entry in entries]))
    return entries


def installation_limits() -> list[LimitEntry]:
    return [row.entry for row in Limit.objects.of_installation()]


def _write(owner: Owner, entries: Iterable[LimitEntry]) -> list[str]:
    """Rows that are as they were stay, so that a change of nothing is no change."""
    rows = {row.entry: row for row in Limit.objects.filter(**_owned(owner))}
    wanted = list(entries)
    gone = [row.pk for entry, row in rows.items() if entry not in wanted]
    if gone:
        Limit.objects.filter(pk__in=gone).delete()
    new = [_row(owner, entry) for entry in wanted if entry not in rows]
    if new:
        Limit.objects.bulk_create(new)
    return [told(entry) for entry in rows]


def _owned(owner: Owner) -> dict[str, Any]:
    if owner is None:
        return {"scope": LimitScope.INSTALLATION}
    return {"provider": owner} if isinstance(owner, Provider) else {"model": owner}


def _row(owner: Owner, entry: LimitEntry) -> Limit:
    owned = _owned(owner)
    amount = Decimal(entry.amount) / MILLIONTHS if entry.unit is Unit.MONEY else Decimal(entry.amount)
    window = entry.window
    return Limit(
        **{**owned, "scope": entry.scope},
        unit=entry.unit,
        amount=amount,
        window_count=window.count,
        window_span=window.span,
        time_zone=window.time_zone,
    )
