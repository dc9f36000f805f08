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
from providers.routing.breaker import Trip
from providers.routing.budget import Bucket, Reservation, Unit
from providers.routing.memory import MemoryStore
from providers.routing.ramp import COLD_CALLS
from providers.routing.report import Failure, Hold, Report
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
    lose_data: Callable[[], Awaitable[None]]

    async def admit(
        self,
        *buckets: Bucket,
        tokens: int = 10,
        scopes: tuple[str, ...] = MODEL,
        lease_s: float = 150.0,
        ceilings: tuple[int | None, ...] = (),
        version: int = 0,
    ) -> Any:
        return await self.store.admit(Admission(scopes, buckets, tokens, lease_s, ceilings, version))

    async def fail(
        self,
        scope: str = "groq",
        kind: ErrorKind = ErrorKind.SERVER,
        opens_after: int = 1,
        open_s: float = 0.2,
        max_open_s: float = 10.0,
    ) -> None:
        trip = Trip(opens_after, round(open_s * 1000), round(max_open_s * 1000))
        await self.book(Report(failure=Failure(scope, kind, "503", trip)))

    async def succeed(self, scopes: tuple[str, ...] = MODEL) -> None:
        await self.book(Report(), scopes)

    async def hold(self, scope: str, seconds: float, reason: str) -> None:
        await self.book(Report(hold=Hold(scope, seconds, reason)))

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        await self.store.book(reservation, Report(tokens=tokens))

    async def refused_by_vendor(self, reservation: Reservation) -> None:
        hold = Hold("groq/llama", 0.05, "retry-after")
        await self.store.book(reservation, Report(tokens=0, hold=hold))

    async def book(self, report: Report, scopes: tuple[str, ...] = ()) -> None:
        """Of a call that nobody admitted."""
        await self.store.book(Reservation("nobody's", scopes=scopes), report)

    async def wait_of(self, *buckets: Bucket, **kwargs: Any) -> float:
        refused = await self.admit(*buckets, **kwargs)
        assert isinstance(refused, Refused), refused
        return refused.wait_s


Opened = Callable[[int], AbstractAsyncContextManager[Rig]]
Scenario = Callable[[Rig], Awaitable[None]]
MANY = 1000  # calls at once, where a scenario is not about them


@asynccontextmanager
async def in_memory(cold_calls: int = MANY) -> AsyncIterator[Rig]:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now_s += seconds

    store = MemoryStore(clock, cold_calls=cold_calls)
    await store.restore((), 0)
    yield Rig(store, sleep, 0.001, store.lose)


@asynccontextmanager
async def on_redis(cold_calls: int = MANY) -> AsyncIterator[Rig]:
    async with own_prefix() as prefix:
        store = connect(settings.REDIS_URL, prefix, cold_calls=cold_calls)
        await store.restore((), 0)
        try:
            yield Rig(store, asyncio.sleep, 0.25, lambda: delete_all(prefix))
        finally:
            await store.aclose()


async def delete_all(prefix: str) -> None:
    async with Redis.from_url(settings.REDIS_URL) as redis:
        async for key in redis.scan_iter(match=f"{prefix}:*", count=1000):
            await redis.delete(key)


@asynccontextmanager
async def own_prefix() -> AsyncIterator[str]:
    """A prefix of the test's own, whose keys are removed after it."""
    prefix = f"{settings.KEY_PREFIX}:test:{os.urandom(6).hex()}"
    try:
        yield prefix
    finally:
        await delete_all(prefix)


def on_both(scenario: Scenario) -> Callable[[Opened], None]:
    """The async scenario as a test, run once per store."""
    return _on_both(scenario, MANY)


def on_both_cold(scenario: Scenario) -> Callable[[Opened], None]:
    """The same on stores that let as few calls out at first as real ones do."""
    return _on_both(scenario, COLD_CALLS)


def _on_both(scenario: Scenario, cold_calls: int) -> Callable[[Opened], None]:
    @pytest.mark.parametrize("opened", [in_memory, on_redis], ids=["memory", "redis"])
    def test(opened: Opened) -> None:
        async def main() -> None:
            async with opened(cold_calls) as rig:
                await scenario(rig)

        asyncio.run(main())

    return test
