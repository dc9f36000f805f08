"""Limits beyond those with columns as plain lists: in API, catalogue, presets and forms; read, and written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from providers.models import Model, Provider
from providers.models.limit import PLACES
from providers.routing.config import LimitEntry, LimitScope, limit_name
from providers.routing.limits.amounts import MILLIONTHS, Unit
from providers.routing.limits.window import Window

MOST = 12
AMOUNT_MOST = 10**11
FIELDS = ("scope", "unit", "amount", "window", "time_zone")
FORM = 'a list of limits, such as [{"unit": "tokens", "amount": 200000, "window": "1 day", "time_zone": "UTC"}]'
Choice = TypeVar("Choice", Unit, LimitScope)


def read(values: Any, scopes: Sequence[LimitScope]) -> list[LimitEntry]:
    """The limits as they are given; ``scopes`` are those that their owner may have, the first where none is given.

    Raises ValidationError under ``limits``: which one, what is wrong with it, and what would be right.
    """
    if not isinstance(values, list | tuple):
        raise ValidationError({"limits": f"Give {FORM}."})
    if len(values) > MOST:
        raise ValidationError({"limits": f"Give at most {MOST} limits."})
    found: dict[int, LimitEntry] = {}
    problems: list[str] = []
    for number, value in enumerate(values, 1):
        try:
            found[number] = _read(value, scopes)
        except ValueError as problem:
            problems.append(f"Limit {number}: {problem}")
    problems += _twice(found)
    if problems:
        raise ValidationError({"limits": problems})
    return list(found.values())


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


def told(entry: LimitEntry) -> str:
    return f"{entry.words}, each model" if entry.scope is LimitScope.MODEL else entry.words


def scopes_of(owner: Provider | Model) -> tuple[LimitScope, ...]:
    """What its limits may hold for; the first where nothing is said."""
    if isinstance(owner, Model):
        return (LimitScope.MODEL,)
    usual = (LimitScope.ACCOUNT, LimitScope.MODEL)
    return usual if owner.limits_scope == LimitScope.ACCOUNT else usual[::-1]


def require_apart(owner: Provider | Model, entries: Iterable[LimitEntry]) -> None:
    """Raises ValidationError where the owner's scope has changed so that a limit of its list is one with a column."""
    for entry in entries:
        if name := _column(entry.scope, entry.unit, entry.window, scopes_of(owner)):
            words = (
                f"With this scope, {name} sets the limit '{told(entry)}' of the list. Remove that from the list first."
            )
            raise ValidationError({"limits_scope": words})


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
    if (name := _column(scope, unit, window, scopes)) is not None:
        raise ValueError(f"Set {name} instead: it is this very limit.")
    return LimitEntry(scope, unit, _amount(unit, value.get("amount")), window)


def _column(scope: LimitScope, unit: Unit, window: Window, scopes: Sequence[LimitScope]) -> str | None:
    """The field that sets this very limit, if any: those with columns count over the owner's first scope."""
    name = limit_name(unit, window)
    return name if name != "limits" and scope is scopes[0] is not LimitScope.INSTALLATION else None


def _one_of(choices: Iterable[Choice], name: str, value: Any) -> Choice:
    known = list(choices)
    found = next((each for each in known if each.value == value), None)
    if found is None:
        raise ValueError(f"'{value}' is no {name} here. Choose one of: {', '.join(known)}.")
    return found


def _amount(unit: Unit, value: Any) -> int:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if not is_number or not 0 < value <= AMOUNT_MOST:
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
    window, zone = value.get("window"), "" if value.get("time_zone") is None else value["time_zone"]
    if not isinstance(window, str) or not isinstance(zone, str):
        raise ValueError('Give window as text such as "1 day", and time_zone as text or null.')
    return Window.read(window, zone)


def _twice(entries: Mapping[int, LimitEntry]) -> Iterator[str]:
    """Two limits of one scope that count the same."""
    seen: set[tuple[LimitScope, Unit, str]] = set()
    for number, entry in entries.items():
        counted = (entry.scope, entry.unit, entry.window.name)
        if counted in seen:
            what = f"{entry.unit.words} per {entry.window.words}"
            yield f"Limit {number}: there are two limits on {what}. Keep one."
        seen.add(counted)
