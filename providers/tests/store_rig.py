"""What the store's suite stands on: each scenario runs over the memory twin on a fake clock, and over real Redis."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from redis.asyncio import Redis

from providers.llm.errors import ErrorKind
from providers.routing.budget import Bucket, Unit
from providers.routing.memory import MemoryStore
from providers.routing.stores import Admission, Refused, Store, connect

SPAN_S = 1.25  # a window of one second and its margin
MODEL = ("groq", "groq/llama")
RPM = Bucket("groq", Unit.REQUESTS, 1, 3)
TPM = Bucket("groq", Unit.TOKENS, 1, 100)
MODEL_RPM = Bucket("groq/llama", Unit.REQUESTS, 1, 1)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Rig:
    """A store, a way to let time pass, and how close to a deadline its clock can tell."""

    store: Store
    sleep: Callable[[float], Awaitable[None]]
    grain_s: float

    async def admit(
        self, *buckets: Bucket, tokens: int = 10, scopes: tuple[str, ...] = MODEL, lease_s: float = 150.0
    ) -> Any:
        return await self.store.admit(Admission(scopes, buckets, tokens, lease_s))

    async def fail(
        self,
        scope: str = "groq",
        kind: ErrorKind = ErrorKind.SERVER,
        opens_after: int = 1,
        open_s: float = 0.2,
        max_open_s: float = 10.0,
    ) -> None:
        await self.store.fail(scope, kind, "503", opens_after=opens_after, open_s=open_s, max_open_s=max_open_s)

    async def wait_of(self, *buckets: Bucket, **kwargs: Any) -> float:
        refused = await self.admit(*buckets, **kwargs)
        assert isinstance(refused, Refused), refused
        return refused.wait_s


Opened = Callable[[], AbstractAsyncContextManager[Rig]]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Rig]:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now_s += seconds

    yield Rig(MemoryStore(clock), sleep, 0.001)


@asynccontextmanager
async def on_redis() -> AsyncIterator[Rig]:
    async with own_prefix() as prefix:
        store = connect(settings.REDIS_URL, prefix)
        try:
            yield Rig(store, asyncio.sleep, 0.25)
        finally:
            await store.aclose()


@asynccontextmanager
async def own_prefix() -> AsyncIterator[str]:
    """A prefix of the test's own, whose keys are removed after it."""
    prefix = f"{settings.KEY_PREFIX}:test:{os.urandom(6).hex()}"
    try:
        yield prefix
    finally:
        async with Redis.from_url(settings.REDIS_URL) as redis:
            async for key in redis.scan_iter(match=f"{prefix}:*", count=1000):
                await redis.delete(key)


def on_both(scenario: Callable[[Rig], Awaitable[None]]) -> Callable[[Opened], None]:
    """The async scenario as a test, run once per store."""

    @pytest.mark.parametrize("opened", [in_memory, on_redis], ids=["memory", "redis"])
    def test(opened: Opened) -> None:
        async def main() -> None:
            async with opened() as rig:
                await scenario(rig)

        asyncio.run(main())

    return test
