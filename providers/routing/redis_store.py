"""The store's home: Redis, or Valkey. Many steps in one script call, on the server's clock."""

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from providers.routing import scripts, wire
from providers.routing.admission import Admission, Admitted, Refused, ScopeState, StoreLost, StoreUnavailable
from providers.routing.budget import MARGIN_S, Bucket, Reservation, span_ms
from providers.routing.ramp import COLD_CALLS
from providers.routing.report import Report

SOCKET_TIMEOUT_S = 2.0
CONNECTIONS = 8  # per store: a call takes well under a millisecond, so more only cost the server
STEPS_AT_ONCE = 64
RESTORED_AT_ONCE = 500
CLEARED = ("breaker", "hold", "ramp", "smooth")
AWAY = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
    exceptions.MasterDownError,
)
AWAY_WORDS = ("MISCONF", "BUSY ", "NOREPLICAS")  # redis-py has no class for these answers


class RedisStore:
    """The Store on one Redis or Valkey, not a cluster. All its keys begin with ``prefix``; all but one expire.

    ``margin_s`` is how much longer than its window an entry counts. A store belongs to the event loop that first
    uses it. Steps that are taken while a trip is under way go together in the next one.
    """

    def __init__(self, redis: Redis, prefix: str, *, margin_s: float = MARGIN_S, cold_calls: int = COLD_CALLS) -> None:
        self._redis = redis
        self._prefix = prefix
        self._margin_s = margin_s
        self._cold_calls = cold_calls
        self._rules = json.dumps(wire.rules(cold_calls))
        self._steps: deque[tuple[dict[str, Any], asyncio.Future[Any]]] = deque()
        self._courier: asyncio.Task[None] | None = None

    async def aclose(self) -> None:
        await self._redis.aclose()

    async def admit(self, admission: Admission) -> Admitted | Refused:
        return wire.verdict(admission, await self._step(wire.admit_op(admission, self._margin_s)))

    async def book(self, reservation: Reservation, report: Report) -> None:
        await self._step(wire.book_op(reservation, report, self._margin_s))

    async def release(self, reservation: Reservation) -> None:
        await self._step(wire.release_op(reservation, self._margin_s))

    async def clear(self, scopes: Iterable[str], version: int) -> None:
        names = list(scopes)
        keys = [f"{self._prefix}:{kind}:{scope}" for scope in names for kind in CLEARED]
        if keys:
            with _translated():
                async with self._redis.pipeline() as pipe:
                    for scope in names:
                        pipe.set(f"{self._prefix}:cleared:{scope}", version, px=wire.CHANGED_FOR_MS)
                    pipe.delete(*keys)
                    await pipe.execute()

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        names = tuple(dict.fromkeys(scopes))
        rows = await self._run("states", [self._cold_calls, *names])
        return {name: wire.scope_state(name, row) for name, row in zip(names, rows, strict=True)}

    async def usage(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, int]:
        asked = tuple(dict.fromkeys(buckets))
        numbers = await self._run("usage", [json.dumps(wire.bucket_terms(asked, 0, self._margin_s))])
        return dict(zip(asked, numbers, strict=True))

    async def look(
        self, scopes: Iterable[str], buckets: Iterable[Bucket]
    ) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
        """``states`` and ``usage`` in one round trip."""
        names, asked = tuple(dict.fromkeys(scopes)), tuple(dict.fromkeys(buckets))
        terms = json.dumps(wire.bucket_terms(asked, 0, self._margin_s))
        rows, numbers = await self._run_all(("states", [self._cold_calls, *names]), ("usage", [terms]))
        states = {name: wire.scope_state(name, row) for name, row in zip(names, rows, strict=True)}
        return states, dict(zip(asked, numbers, strict=True))

    async def restore(self, past: Iterable[tuple[Bucket, str, float]], rest_s: float) -> None:
        for chunk in _chunks(past, RESTORED_AT_ONCE):
            terms = [
                term
                for bucket, call_id, ago_s in chunk
                for term in (bucket.name, span_ms(bucket, self._margin_s), call_id, wire.ms(ago_s))
            ]
            await self._run("restore", terms)
        await self._run("open", [wire.ms(rest_s)])

    async def _step(self, op: dict[str, Any]) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._steps.append((op, answer))
        if self._courier is None:
            self._courier = asyncio.create_task(self._carry())
        return await answer

    async def _carry(self) -> None:
        """Take the steps that wait to the server until none is left."""
        try:
            while self._steps:
                taken = [self._steps.popleft() for _ in range(min(len(self._steps), STEPS_AT_ONCE))]
                await self._take(taken)
        finally:
            self._courier = None

    async def _take(self, taken: Sequence[tuple[dict[str, Any], asyncio.Future[Any]]]) -> None:
        try:
            answers = await self._run("step", [self._rules, json.dumps([op for op, _ in taken])])
            if answers == 0:
                raise StoreLost
        except BaseException as error:  # each step's caller is told, whatever it was
            for _, answer in taken:
                if not answer.done():
                    answer.set_exception(error if isinstance(error, Exception) else StoreUnavailable("cancelled"))
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _run(self, name: str, args: Sequence[str | int]) -> Any:
        """One script, one round trip; a server that has lost its scripts is given the text again."""
        script = scripts.load(name)
        with _translated():
            try:
                return await self._redis.evalsha(script.sha, 0, self._prefix, *args)
            except exceptions.NoScriptError:
                return await self._redis.eval(script.text, 0, self._prefix, *args)

    async def _run_all(self, *calls: tuple[str, Sequence[str | int]]) -> list[Any]:
        """Scripts that only read, in one round trip; a second one where the server has lost one of them."""
        with _translated():
            for by_text in (False, True):
                async with self._redis.pipeline(transaction=False) as pipe:
                    for name, args in calls:
                        script = scripts.load(name)
                        run, which = (pipe.eval, script.text) if by_text else (pipe.evalsha, script.sha)
                        run(which, 0, self._prefix, *args)
                    answers: list[Any] = await pipe.execute(raise_on_error=by_text)
                if not any(isinstance(answer, exceptions.NoScriptError) for answer in answers):
                    break
            for answer in answers:
                if isinstance(answer, Exception):
                    raise answer
            return answers


def connect(url: str, prefix: str, *, cold_calls: int = COLD_CALLS) -> RedisStore:
    """A store with connections of its own, made at first use; close it with ``aclose``.

    Gives up after 2 s, and never repeats a command by itself: one that was lost may have been carried out.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=SOCKET_TIMEOUT_S,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=SOCKET_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    return RedisStore(Redis.from_pool(pool), prefix, cold_calls=cold_calls)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        raise StoreUnavailable(str(error)) from error
    except exceptions.ResponseError as error:
        if str(error).startswith(AWAY_WORDS):
            raise StoreUnavailable(str(error)) from error
        raise


def _chunks(past: Iterable[tuple[Bucket, str, float]], size: int) -> Iterator[list[tuple[Bucket, str, float]]]:
    rest = iter(past)
    while chunk := list(islice(rest, size)):
        yield chunk
