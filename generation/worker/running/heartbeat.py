"""Whether any worker shows signs of life: workers leave one every few seconds, and each round of a lane."""

import logging

from django.core.cache import cache
from redis import RedisError

logger = logging.getLogger(__name__)
NAME = "worker-seen"
FADES_S = 60


def beat() -> None:
    try:
        cache.set(NAME, True, FADES_S)
    except RedisError:
        logger.warning("heartbeat: Redis is away")


def is_anybody_working() -> bool | None:
    """None where that is not known, since Redis is away."""
    try:
        return bool(cache.get(NAME))
    except RedisError:
        return None
