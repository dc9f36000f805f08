"""Plain values from outside, held against the types that they must have, before Django or DRF converts what it can."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeGuard

from django.core.exceptions import ValidationError
from django.db import models

from providers.validators import validate_new_extra


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of JSON values, as a refusal names it."""

    name: str
    takes: Callable[[Any], bool]


def is_json_object(value: Any) -> TypeGuard[dict[str, Any]]:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return isinstance(value, dict)


def _is_finite(value: float | Decimal) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


TEXT = Kind("a string", lambda value: isinstance(value, str))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
WHOLE_NUMBER = Kind("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool))
NUMBER = Kind("a number", lambda value: isinstance(value, int | float | Decimal) and not isinstance(value, bool))
FINITE_NUMBER = Kind("a number", lambda value: NUMBER.takes(value) and _is_finite(value))
OBJECT = Kind("a JSON object, such as {}", is_json_object)
NO_OBJECT = "Give an object of field names and values."
MODEL_ID = Kind("a model id as text", TEXT.takes)


def check(model: type[models.Model], values: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise for every value of an unknown name or of the wrong type, all at once."""
    if not isinstance(values, Mapping):
        raise ValidationError(NO_OBJECT)
    names = list(known)
    problems: dict[str, str] = {}
    for name, value in values.items():
        if name not in names:
            problems[str(name)] = f"Unknown field '{name}'. Known: {', '.join(names)}."
        elif problem := _problem(model._meta.get_field(name), value):
            problems[name] = problem
    if problems:
        raise ValidationError(dict(problems))


def check_extra(new: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Raise for extra settings that are not as they were and hold what they must not."""
    if "extra_config" in new and new["extra_config"] != before.get("extra_config"):
        try:
            validate_new_extra(new["extra_config"])
        except ValidationError as error:
            raise ValidationError({"extra_config": error.messages}) from None


def unstorable(value: Any) -> str | None:
    """What PostgreSQL does not take of a text, or of a text inside a JSON value: NUL, and half a surrogate pair."""
    for text in _texts(value):
        if "\x00" in text:
            return "The text holds a NUL character. Remove it."
        try:
            text.encode()
        except UnicodeEncodeError:
            return "The text holds half a character (a lone surrogate). Remove it."
    return None


def _texts(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            pending.extend((*item.keys(), *item.values()))
        elif isinstance(item, list | tuple):
            pending.extend(item)


def _problem(field: Any, value: Any) -> str | None:
    """What is wrong with the type of ``value`` or its characters; ranges and lengths are full_clean's."""
    if value is None and field.null:
        return None
    kind = _kind_of(field)
    return unstorable(value) if kind.takes(value) else f"Give {kind.name}{' or null' if field.null else ''}."


def _kind_of(field: Any) -> Kind:
    match field:
        case models.BooleanField():
            return FLAG
        case models.IntegerField():
            return WHOLE_NUMBER
        case models.DecimalField():
            return FINITE_NUMBER
        case models.JSONField():
            return OBJECT
        case models.ForeignKey():
            return MODEL_ID
    return TEXT


def assign(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        # A float such as 0.1 means 0.1, not its binary neighbour with 55 digits.
        setattr(row, name, Decimal(str(value)) if isinstance(value, float) else value)
