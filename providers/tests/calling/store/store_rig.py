"""What the store's suite stands on: each scenario runs over the oracle and over real Redis, on clocks of its own."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast
from unittest.mock import patch

import pytest
from django.conf import settings
from redis.asyncio import Redis

from providers.calling.store.protocol import Store
from providers.calling.store.redis_store import RedisStore, connect
from providers.llm.errors import ErrorKind
from providers.routing.admission import Admission, Refused
from providers.routing.breaker import Trip
from providers.routing.limits import ramp
from providers.routing.limits.amounts import NOTHING, Amounts, Unit
from providers.routing.limits.budget import Bucket, Reservation
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.limits.urgency import Urgency
from providers.routing.limits.window import SECOND
from providers.routing.report import Failure, Hold, Report
from providers.tests.calling.store.clocked_redis import ClockedRedis
from providers.tests.oracle.store import MemoryStore

SPAN_S = 1.25  # a window of one second and its margin
MODEL = ("groq", "groq/llama")
RPM = Bucket("groq", Unit.REQUESTS, SECOND, 3)
TPM = Bucket("groq", Unit.TOKENS, SECOND, 100)
MODEL_RPM = Bucket("groq/llama", Unit.REQUESTS, SECOND, 1)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Rig:
    """A store, its clock, and how close to a deadline that can tell."""

    store: Store
    clock: Clock
    lose_data: Callable[[], Awaitable[None]]
    grain_s: float = 0.001

    async def sleep(self, seconds: float) -> None:
        self.clock.now_s += seconds

    async def usage(self, *buckets: Bucket) -> Mapping[Bucket, int]:
        return (await self.store.look((), buckets))[1]

    async def admit(
        self,
        *buckets: Bucket,
        tokens: int = 10,
        amounts: Amounts | None = None,
        scopes: tuple[str, ...] = MODEL,
        ceilings: tuple[int | None, ...] = (),
        version: int = 0,
        account: str = "",
        is_last_resort: bool = False,
        urgency: Urgency = Urgency.NORMAL,
        party: str = "",
        call_id: str = "",
    ) -> Any:
        admission = Admission(
            scopes,
            buckets,
            amounts or Amounts(tokens),
            ceilings,
            version,
            account=account,
            is_last_resort=is_last_resort,
            urgency=urgency,
            party=party,
        )
        return await self.store.admit(replace(admission, id=call_id or admission.id))

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
        await self.store.book(reservation, Report(Amounts(tokens)))

    async def refused_by_vendor(self, reservation: Reservation) -> None:
        hold = Hold("groq", 0.05, "retry-after")
        await self.store.book(reservation, Report(NOTHING, hold=hold))

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


def calls_at_first(count: int) -> AbstractContextManager[object]:
    """So many calls let out at once by stores that are made meanwhile. The product has one number and no way to set it;
    without this every scenario would be about it."""
    return patch.object(ramp, "COLD_CALLS", count)


@asynccontextmanager
async def in_memory(cold_calls: int = MANY, clock: Clock | None = None) -> AsyncIterator[Rig]:
    clock = clock or Clock()
    store = MemoryStore(clock, cold_calls=cold_calls)
    await store.restore((), 0)
    yield Rig(store, clock, store.lose)


@asynccontextmanager
async def on_redis(
    cold_calls: int = MANY, clock: Clock | None = None, change: Callable[[str], str] = str
) -> AsyncIterator[Rig]:
    """``change`` may alter a script's text."""
    clock = clock or Clock()
    async with own_prefix() as prefix, Redis.from_url(settings.REDIS_URL) as redis:
        clocked = ClockedRedis(redis, clock, change)
        with calls_at_first(cold_calls):
            store = RedisStore(cast("Redis", clocked), prefix, clock)
            await store.restore((), 0)
            yield Rig(store, clock, lambda: delete_all(prefix))


@asynccontextmanager
async def by_the_servers_clock(cold_calls: int = MANY) -> AsyncIterator[tuple[RedisStore, str]]:
    """The store as workers have it, and its prefix."""
    async with own_prefix() as prefix:
        with calls_at_first(cold_calls):
            store = connect(settings.REDIS_URL, prefix)
        await store.restore((), 0)
        try:
            yield store, prefix
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
    @pytest.mark.parametrize(
        "opened", [pytest.param(in_memory, id="memory"), pytest.param(on_redis, id="redis", marks=pytest.mark.redis)]
    )
    def test(opened: Opened) -> None:
        async def main() -> None:
            async with opened(cold_calls) as rig:
                await scenario(rig)

        asyncio.run(main())

    return test
