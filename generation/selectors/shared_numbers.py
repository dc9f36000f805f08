"""Numbers that all viewers share for some seconds, so that many open pages cost the database no more than one.

The cache holds JSON. What is read back is checked against its type: anything else counts as not there.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, get_type_hints

from django.core.cache import cache
from pydantic import TypeAdapter, ValidationError
from redis import RedisError

logger = logging.getLogger(__name__)
T = TypeVar("T")
_forms: dict[Any, TypeAdapter[Any]] = {}  # made once for each kind, since that takes a while


def remembered(name: str, seconds: float, compute: Callable[[], T]) -> T:
    """What ``compute`` gave at most ``seconds`` ago; with Redis away it is computed each time.

    It is a function, or a partial of one, that declares what it returns: that is what the cache may hold.
    """
    function = compute.func if isinstance(compute, partial) else compute
    kind: type[T] = get_type_hints(function)["return"]
    try:
        found = recall(name, kind)
        if found is None:
            found = compute()
            remember(name, kind, found, seconds)
        return found
    except RedisError:
        logger.warning("remembered: the cache is away")
        return compute()


def recall(name: str, kind: type[T]) -> T | None:
    """None where nothing of that kind is kept under the name; raises RedisError."""
    kept = cache.get(f"remembered:{name}")
    try:
        return None if kept is None else _form(kind).validate_python(kept)
    except ValidationError:
        return None


def remember(name: str, kind: type[T], value: T, seconds: float) -> None:
    cache.set(f"remembered:{name}", _form(kind).dump_python(value, mode="json"), seconds)


def _form(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _forms:
        _forms[kind] = TypeAdapter(kind)
    return _forms[kind]
