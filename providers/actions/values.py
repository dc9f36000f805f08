"""Plain values from outside, held against the fields that they are for, before Django converts what it can."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeGuard

from django.core.exceptions import ValidationError
from django.db import models


def check(model: type[models.Model], values: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise for every value of an unknown name or of the wrong type, all at once."""
    if not isinstance(values, Mapping):
        raise ValidationError("Give an object of field names and values.")
    names = list(known)
    problems: dict[str, str] = {}
    for name, value in values.items():
        if name not in names:
            problems[str(name)] = f"Unknown field '{name}'. Known: {', '.join(names)}."
        elif problem := _problem(model._meta.get_field(name), value):
            problems[name] = problem
    if problems:
        raise ValidationError(dict(problems))


def is_whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_json_object(value: Any) -> TypeGuard[dict[str, Any]]:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return isinstance(value, dict)


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
    is_right, wanted = _expected(field, value)
    return unstorable(value) if is_right else f"Give {wanted}{' or null' if field.null else ''}."


def _expected(field: Any, value: Any) -> tuple[bool, str]:
    match field:
        case models.BooleanField():
            return isinstance(value, bool), "true or false"
        case models.IntegerField():
            return is_whole_number(value), "a whole number"
        case models.DecimalField():
            return _is_finite(value), "a number"
        case models.JSONField():
            return is_json_object(value), "a JSON object, such as {}"
        case models.ForeignKey():
            return isinstance(value, str), "a model id as text"
    return isinstance(value, str), "a text"


def _is_finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def assign(row: models.Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        # A float such as 0.1 means 0.1, not its binary neighbour with 55 digits.
        setattr(row, name, Decimal(str(value)) if isinstance(value, float) else value)
