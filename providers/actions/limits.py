"""Limits beyond those with columns: set as one list, of a provider, of a model or of the whole installation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions.values import FINITE_NUMBER, NO_OBJECT
from providers.configuration import audit
from providers.models import Limit, Model, Provider
from providers.models.limit import PLACES
from providers.routing.config import LimitEntry, LimitScope, limit_name
from providers.routing.limits.amounts import MILLIONTHS, Unit
from providers.routing.limits.window import Window

MOST = 12
AMOUNT_MOST = 10**11
FIELDS = ("scope", "unit", "amount", "window", "time_zone")
FORM = 'a list of limits, such as [{"unit": "tokens", "amount": 200000, "window": "1 day", "time_zone": "UTC"}]'
Owner = Provider | Model | None
Choice = TypeVar("Choice", Unit, LimitScope)


def read(values: Any, scopes: Sequence[LimitScope]) -> list[LimitEntry]:
    """The limits as they are given; ``scopes`` are those that their owner may have, the first where none is given.

    Raises ValidationError under ``limits``: which one, what is wrong with it, and what would be right.
    """
    if not isinstance(values, list | tuple):
        raise ValidationError({"limits": f"Give {FORM}."})
    if len(values) > MOST:
        raise ValidationError({"limits": f"Give at most {MOST} limits."})
    found: list[LimitEntry] = []
    problems: list[str] = []
    for number, value in enumerate(values, 1):
        try:
            found.append(_read(value, scopes))
        except ValueError as problem:
            problems.append(f"Limit {number}: {problem}")
    problems += _twice(found)
    if problems:
        raise ValidationError({"limits": problems})
    return found


def written(entry: LimitEntry) -> dict[str, Any]:
    """As ``read`` takes it."""
    amount = Decimal(entry.amount) / MILLIONTHS if entry.unit is Unit.MONEY else entry.amount
    return {
        "scope": entry.scope.value,
        "unit": entry.unit.value,
        "amount": float(amount) if isinstance(amount, Decimal) else amount,
        "window": entry.window.text,
        "time_zone": entry.window.time_zone or None,
    }


def replace(owner: Provider | Model, values: Any) -> list[str]:
    """The owner's limits are these from now on. Answers what they were, in words. The caller holds the owner's lock."""
    return _write(owner, read(values, scopes_of(owner)))


def scopes_of(owner: Provider | Model) -> tuple[LimitScope, ...]:
    """What its limits may hold for; the first where nothing is said."""
    if isinstance(owner, Model):
        return (LimitScope.MODEL,)
    usual = (LimitScope.ACCOUNT, LimitScope.MODEL)
    return usual if owner.limits_scope == LimitScope.ACCOUNT else usual[::-1]


def replaced(owner: Provider | Model, values: Any) -> tuple[list[str], list[str]]:
    """``replace`` where there are ``values``. Answers what the limits were and what they are, in words."""
    return ([], []) if values is None else (replace(owner, values), words(owner))


def words(owner: Provider | Model) -> list[str]:
    return [_told(row.entry) for row in Limit.objects.filter(**_owned(owner))]


def split(given: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """What are columns of a row, and its list of limits; None where none is given."""
    if not isinstance(given, Mapping):
        raise ValidationError(NO_OBJECT)
    if "limits" in given and given["limits"] is None:
        raise ValidationError({"limits": f"Give {FORM}; an empty list for none."})
    columns = {name: value for name, value in given.items() if name != "limits"}
    return columns, given.get("limits")


@transaction.atomic
def set_installation_limits(values: Any) -> list[LimitEntry]:
    """What holds for all providers together, such as money in a month."""
    entries = read(values, (LimitScope.INSTALLATION,))
    list(Limit.objects.select_for_update().filter(scope=LimitScope.INSTALLATION))
    before = _write(None, entries)
    audit.record(audit.installation_changed(before, [_told(entry) for entry in entries]))
    return entries


def installation_limits() -> list[LimitEntry]:
    return [row.entry for row in Limit.objects.filter(scope=LimitScope.INSTALLATION)]


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
    return [_told(entry) for entry in rows]


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


def _told(entry: LimitEntry) -> str:
    return f"{entry.words}, each model" if entry.scope is LimitScope.MODEL else entry.words


def _read(value: Any, scopes: Sequence[LimitScope]) -> LimitEntry:
    """Raises ValueError, in words for people."""
    if not isinstance(value, Mapping):
        raise ValueError(f"Give {FORM}.")
    unknown = [str(name) for name in value if name not in FIELDS]
    if unknown:
        raise ValueError(f"Unknown field '{unknown[0]}'. Known: {', '.join(FIELDS)}.")
    unit = _one_of(Unit, "unit", value.get("unit"))
    scope = scopes[0] if value.get("scope") is None else _one_of(scopes, "scope", value["scope"])
    window = _window(value)
    if (name := limit_name(unit, window)) != "limits" and scope is not LimitScope.INSTALLATION:
        raise ValueError(f"Set {name} instead: it is this very limit.")
    return LimitEntry(scope, unit, _amount(unit, value.get("amount")), window)


def _one_of(choices: Iterable[Choice], name: str, value: Any) -> Choice:
    known = list(choices)
    found = next((each for each in known if each.value == value), None)
    if found is None:
        raise ValueError(f"'{value}' is no {name} here. Choose one of: {', '.join(known)}.")
    return found


def _amount(unit: Unit, value: Any) -> int:
    if not FINITE_NUMBER.takes(value) or not 0 < value <= AMOUNT_MOST:
        raise ValueError("Give an amount above 0, as a number.")
    exact = Decimal(str(value))
    if unit is Unit.MONEY:
        if exact != round(exact, PLACES):
            raise ValueError(f"Give an amount with at most {PLACES} decimal places.")
        return int(exact * MILLIONTHS)
    if exact != int(exact):
        raise ValueError("Give a whole number as amount.")
    return int(exact)


def _window(value: Mapping[str, Any]) -> Window:
    window, zone = value.get("window"), value.get("time_zone") or ""
    if not isinstance(window, str) or not isinstance(zone, str):
        raise ValueError('Give window as text such as "1 day", and time_zone as text or null.')
    return Window.read(window, zone)


def _twice(entries: Sequence[LimitEntry]) -> Iterator[str]:
    """Two limits of one scope that count the same."""
    seen: set[tuple[LimitScope, Unit, str]] = set()
    for entry in entries:
        counted = (entry.scope, entry.unit, entry.window.name)
        if counted in seen:
            yield f"{entry.words}: there are two limits on {entry.unit.words} per {entry.window.words}. Keep one."
        seen.add(counted)
