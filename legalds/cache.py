"""Django's Redis cache with JSON in it: what stands in Redis is data, and unpickling runs whatever it says."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache


class JsonSerializer:
    """Plain values only: who keeps others says how they are written, as ``generation.selectors.shared_numbers``."""

    def dumps(self, obj: Any) -> int | str:
        return obj if type(obj) is int else json.dumps(obj, allow_nan=False)  # so that incr() can count

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class JsonCache(RedisCache):
    """What is no JSON was not written by us, and counts as not there."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**params.get("OPTIONS", {}), "serializer": JsonSerializer}})

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except (ValueError, RecursionError):
            return default

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return BaseCache.get_many(self, keys, version)  # one after the other, by get()
