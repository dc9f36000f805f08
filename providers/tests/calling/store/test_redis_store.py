"""What only the real server can show: many workers, its keys, its absence."""

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from django.conf import settings
from redis import exceptions
from redis._parsers.base import BaseParser
from redis.asyncio import Redis

from providers.calling.store import scripts, wire
from providers.calling.store.redis_store import RedisStore, connect
from providers.calling.store.wire import CHANGED_FOR_MS
from providers.routing.admission import Admission, Admitted, ScopeState, StoreForeign, StoreUnavailable
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import HORIZON_MS, Bucket
from providers.routing.limits.window import SECOND
from providers.routing.seconds import DAY_S
from providers.tests.calling.store.store_rig import (
    MANY,
    MODEL,
    RPM,
    SPAN_S,
    TPM,
    Clock,
    Rig,
    by_the_servers_clock,
    calls_at_first,
    delete_all,
    own_prefix,
)

pytestmark = pytest.mark.redis


def test_eight_workers_never_overshoot_a_limit_and_leave_none_of_it_unused():
    bucket = Bucket("groq", Unit.REQUESTS, SECOND, 50)

    async def hammer(prefix: str, seconds: float) -> list[float]:
        store, loop = connect(settings.REDIS_URL, prefix), asyncio.get_running_loop()
        await store.restore((), 0)
        stamps: list[float] = []
        end = loop.time() + seconds
        while loop.time() < end:
            answer = await store.admit(Admission(MODEL, (bucket,)))
            if isinstance(answer, Admitted):
                stamps.append(answer.reservation.at_ms / 1000)
            else:
                await asyncio.sleep(answer.wait_s)
        await store.aclose()
        return stamps

    async def main() -> list[float]:
        async with own_prefix() as prefix:
            with calls_at_first(MANY), ThreadPoolExecutor(8) as pool:
                runs = list(pool.map(lambda _: asyncio.run(hammer(prefix, 3)), range(8)))
        return sorted(stamp for run in runs for stamp in run)

    stamps = asyncio.run(main())
    spans = [late - early for early, late in zip(stamps, stamps[bucket.limit :], strict=False)]
    assert min(spans) >= bucket.window_s
    assert len(stamps) >= 0.95 * 3 * bucket.limit


def test_every_key_carries_the_prefix_and_goes_away_by_itself():
    async def main() -> dict[str, int]:
        redis = Redis.from_url(settings.REDIS_URL, decode_responses=True)
        async with by_the_servers_clock() as (store, prefix), redis:
            rig = Rig(store, Clock(), lambda: delete_all(prefix))
            admitted = await rig.admit(RPM, TPM)
            await rig.settle(admitted.reservation, 50)
            await rig.admit(RPM)
            await rig.fail("groq")
            await rig.hold("groq", 5, "wait")
            await store.clear(["other"], 7)
            return {key.removeprefix(prefix): await redis.pttl(key) async for key in redis.scan_iter(f"{prefix}:*")}

    ttls = asyncio.run(main())
    window = (":budget:groq:requests:1", ":budget:groq:tokens:1", ":budget:groq:tokens:1:amounts")
    flights = {f":flight:{scope}" for scope in MODEL}
    born = ttls.pop(":state:rest_until")  # its absence says that the server has lost its data
    assert (born, ttls.pop(":state:since")) == (-1, -1)
    assert (
        set(ttls)
        == {*window, ":breaker:groq", ":hold:groq", ":ramp:groq/llama", ":worked:groq", ":cleared:other"} | flights
    )
    assert all(0 < ttls[key] <= SPAN_S * 1000 + HORIZON_MS for key in window)
    assert 0 < ttls[":hold:groq"] <= 5000 + DAY_S * 1000
    assert 0 < ttls[":breaker:groq"] <= 2 * DAY_S * 1000
    assert 0 < ttls[":cleared:other"] <= CHANGED_FOR_MS


def test_a_server_that_has_lost_the_scripts_is_given_them_again(monkeypatch):
    known = scripts.load("look", scripts.literal(wire.rules()))
    fresh = scripts.Script(f"{known.text}\n-- {os.urandom(8).hex()}", os.urandom(20).hex())

    async def main() -> Mapping[str, ScopeState]:
        async with by_the_servers_clock() as (store, _):
            monkeypatch.setattr(scripts, "load", lambda name, rules: fresh)
            return await store.states(["groq"])

    assert not asyncio.run(main())["groq"].is_suspended


async def refusal_of(url: str) -> StoreUnavailable:
    store = connect(url, "nowhere")
    try:
        await store.admit(Admission(MODEL, (RPM,), Amounts(1)))
    except StoreUnavailable as error:
        return error
    finally:
        await store.aclose()
    pytest.fail("admitted by a server that is away")


class Refusing:
    """A connection to a server that answers each command with the same error line."""

    def __init__(self, line: str) -> None:
        self.error = BaseParser.parse_error(line)

    async def evalsha(self, *args: object) -> None:
        raise self.error


# What Valkey 9.1 and Redis 7.0 answered during failovers and under pressure.
AWAY_LINES = [
    "READONLY You can't write against a read only replica. script: on @user_script:1.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "LOADING Redis is loading the dataset in memory",
    "NOREPLICAS Not enough good replicas to write. script: on @user_script:1.",
    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    "BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "Command # 1 (SET x 1) of pipeline caused error: BUSY Redis is busy running a script.",
    "MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    "OOM command not allowed when used memory > 'maxmemory'. script: on @user_script:1.",
    "CLUSTERDOWN The cluster is down",
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "ERR max number of clients reached",
]


@pytest.mark.parametrize("line", AWAY_LINES)
def test_a_server_that_takes_no_step_now_is_store_unavailable(line):
    with pytest.raises(StoreUnavailable):
        asyncio.run(RedisStore(cast("Redis", Refusing(line)), "p").states(["groq"]))


@pytest.mark.parametrize("line", ["WRONGTYPE Operation against a key", "ERR unknown command", "BUSYGROUP exists"])
def test_any_other_refusal_of_the_server_is_a_bug(line):
    with pytest.raises(exceptions.ResponseError):
        asyncio.run(RedisStore(cast("Redis", Refusing(line)), "p").states(["groq"]))


def test_a_port_without_a_server_is_store_unavailable():
    assert isinstance(asyncio.run(refusal_of("redis://127.0.0.1:1/0")).__cause__, exceptions.ConnectionError)


def test_a_server_that_does_not_answer_is_given_up_after_two_seconds():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        error = asyncio.run(refusal_of(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
    assert isinstance(error.__cause__, exceptions.TimeoutError)
    assert 1.5 < time.monotonic() - started < 6


def test_states_and_usage_come_together_also_from_a_server_that_lost_its_scripts():
    async def main() -> None:
        async with by_the_servers_clock() as (store, _), Redis.from_url(settings.REDIS_URL) as redis:
            await store.admit(Admission(MODEL, (RPM,), Amounts(1)))
            for _ in range(2):
                states, usage = await store.look(MODEL, [RPM, TPM])
                assert (states["groq"].in_flight, usage) == (1, {RPM: 1, TPM: 0})
                await redis.script_flush()

    asyncio.run(main())


def test_the_first_installation_has_a_prefix_and_others_are_refused():
    async def main() -> None:
        async with own_prefix() as prefix:
            own, same, other, unknown = (
                connect(settings.REDIS_URL, prefix, installation) for installation in ("own", "own", "other", "")
            )
            await own.restore((), 0)
            for store in (same, unknown):
                assert isinstance(await store.admit(Admission(MODEL, ())), Admitted)
            with pytest.raises(StoreForeign, match="Set another KEY_PREFIX"):
                await other.admit(Admission(MODEL, ()))
            with pytest.raises(StoreForeign):
                await other.states(MODEL)
            for store in (own, same, other, unknown):
                await store.aclose()

    asyncio.run(main())
