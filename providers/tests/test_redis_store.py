"""What only the real server can show: many workers, its keys, its absence."""

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from redis import exceptions
from redis.asyncio import Redis

from providers.routing import scripts
from providers.routing.budget import DAY_S, HORIZON_MS, Bucket, Unit
from providers.routing.stores import Admission, Admitted, ScopeState, StoreUnavailable, connect
from providers.tests.store_rig import MANY, MODEL, RPM, SPAN_S, TPM, Rig, delete_all, on_redis, own_prefix


def test_eight_workers_never_overshoot_a_limit_and_leave_none_of_it_unused():
    bucket = Bucket("groq", Unit.REQUESTS, 1, 50)

    async def hammer(prefix: str, seconds: float) -> list[float]:
        store, loop = connect(settings.REDIS_URL, prefix, cold_calls=MANY), asyncio.get_running_loop()
        await store.restore((), 0)
        stamps: list[float] = []
        end = loop.time() + seconds
        while loop.time() < end:
            answer = await store.admit(Admission(MODEL, (bucket,), 0))
            if isinstance(answer, Admitted):
                stamps.append(answer.reservation.at_ms / 1000)
            else:
                await asyncio.sleep(answer.wait_s)
        await store.aclose()
        return stamps

    async def main() -> list[float]:
        async with own_prefix() as prefix:
            with ThreadPoolExecutor(8) as pool:
                runs = list(pool.map(lambda _: asyncio.run(hammer(prefix, 3)), range(8)))
        return sorted(stamp for run in runs for stamp in run)

    stamps = asyncio.run(main())
    spans = [late - early for early, late in zip(stamps, stamps[bucket.limit :], strict=False)]
    assert min(spans) >= bucket.window_s
    assert len(stamps) >= 0.95 * 3 * bucket.limit


def test_every_key_carries_the_prefix_and_goes_away_by_itself():
    async def main() -> dict[str, int]:
        async with own_prefix() as prefix, Redis.from_url(settings.REDIS_URL, decode_responses=True) as redis:
            store = connect(settings.REDIS_URL, prefix)
            await store.restore((), 0)
            rig = Rig(store, asyncio.sleep, 0.1, lambda: delete_all(prefix))
            admitted = await rig.admit(RPM, TPM)
            await rig.settle(admitted.reservation, 50)
            await rig.admit(RPM)
            await rig.fail("groq")
            await rig.hold("groq", 5, "wait")
            await store.aclose()
            return {key.removeprefix(prefix): await redis.pttl(key) async for key in redis.scan_iter(f"{prefix}:*")}

    ttls = asyncio.run(main())
    window = (":budget:groq:requests:1", ":budget:groq:tokens:1", ":budget:groq:tokens:1:amounts")
    flights = {f":flight:{scope}" for scope in MODEL}
    born = ttls.pop(":state:rest_until")  # its absence says that the server has lost its data
    assert born == -1
    assert set(ttls) == {*window, ":breaker:groq", ":hold:groq", ":ramp:groq/llama"} | flights
    assert all(0 < ttls[key] <= SPAN_S * 1000 + HORIZON_MS for key in window)
    assert 0 < ttls[":hold:groq"] <= 5000
    assert 0 < ttls[":breaker:groq"] <= 2 * DAY_S * 1000


def test_a_server_that_has_lost_the_scripts_is_given_them_again(monkeypatch):
    known = scripts.load("states")
    fresh = scripts.Script(f"{known.text}\n-- {os.urandom(8).hex()}", os.urandom(20).hex())
    monkeypatch.setattr(scripts, "load", lambda name: fresh)

    async def main() -> Mapping[str, ScopeState]:
        async with on_redis() as rig:
            return await rig.store.states(["groq"])

    assert not asyncio.run(main())["groq"].is_suspended


async def refusal_of(url: str) -> StoreUnavailable:
    store = connect(url, "nowhere")
    try:
        await store.admit(Admission(MODEL, (RPM,), 1))
    except StoreUnavailable as error:
        return error
    finally:
        await store.aclose()
    pytest.fail("admitted by a server that is away")


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
        async with own_prefix() as prefix, Redis.from_url(settings.REDIS_URL) as redis:
            store = connect(settings.REDIS_URL, prefix)
            await store.restore((), 0)
            rig = Rig(store, asyncio.sleep, 0.1, lambda: delete_all(prefix))
            await rig.admit(RPM)
            for _ in range(2):
                states, usage = await store.look(MODEL, [RPM, TPM])
                assert (states["groq"].in_flight, usage) == (1, {RPM: 1, TPM: 0})
                await redis.script_flush()
            await store.aclose()

    asyncio.run(main())
