"""How many processes work for batches, on all machines: each worker says how many it has, again and again.

What is not repeated fades by Redis's clock, since those of the machines differ.
"""

import logging

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

FADES_S = 15
TIMEOUT_S = 2.0


def announce(name: str, processes: int) -> None:
    """The worker of that name, which nobody else bears, has so many processes now."""
    try:
        with _redis() as redis, redis.pipeline() as together:
            together.sadd(_names(), name).expire(_names(), FADES_S).set(_key(name), processes, ex=FADES_S).execute()
    except RedisError as error:
        logger.warning("%s processes are not announced, Redis is away: %s", processes, error)


def take_back(name: str) -> None:
    """The worker stops. Where Redis is away, what it announced fades."""
    try:
        with _redis() as redis, redis.pipeline() as together:
            together.srem(_names(), name).delete(_key(name)).execute()
    except RedisError as error:
        logger.warning("%s stops, and cannot say so, Redis is away: %s", name, error)


def count() -> int:
    """All that are announced; as many as one worker has by the settings where that is not known."""
    return _announced() or settings.CELERY_WORKER_CONCURRENCY


def _announced() -> int:
    try:
        with _redis() as redis:
            names = [name.decode() for name in redis.smembers(_names())]
            numbers = redis.mget([_key(name) for name in names]) if names else []
            if faded := [name for name, number in zip(names, numbers, strict=True) if number is None]:
                redis.srem(_names(), *faded)
    except RedisError as error:
        logger.warning("How many processes there are is not known, Redis is away: %s", error)
        return 0
    return sum(int(number) for number in numbers if number is not None)


def _redis() -> "Redis":
    """For one question: the main process of a worker forks, and keeps no connection for its children to inherit."""
    limits = {"socket_timeout": TIMEOUT_S, "socket_connect_timeout": TIMEOUT_S}
    return Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **limits)


def _names() -> str:
    return f"{settings.KEY_PREFIX}:workers"


def _key(name: str) -> str:
    return f"{settings.KEY_PREFIX}:processes:{name}"
