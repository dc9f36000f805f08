"""Numbers that all viewers share for some seconds, so that many open pages cost the database no more than one."""

import logging
from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)
T = TypeVar("T")


def remembered(name: str, seconds: float, compute: Callable[[], T]) -> T:
    """What ``compute`` gave at most ``seconds`` ago; with Redis away it is computed each time."""
    try:
        return cast(T, cache.get_or_set(f"remembered:{name}", compute, seconds))
    except RedisError:
        logger.warning("remembered: the cache is away")
        return compute()
