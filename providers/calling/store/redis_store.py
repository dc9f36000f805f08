"""The store's home: Redis, or Valkey. Many operations in one script call, on the server's clock."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from providers.calling.store import scripts, wire
from providers.routing.admission import (
    Admission,
    Admitted,
    Outlook,
    Refused,
    ScopeState,
    StoreForeign,
    StoreLost,
    StoreUnavailable,
)
from providers.routing.limits import ramp
from providers.routing.limits.amounts import NOTHING
from providers.routing.limits.budget import Bucket, PastUse, Reservation
from providers.routing.limits.use import SLICES, Use, use_of
from providers.routing.report import Report, Suspicion

SOCKET_TIMEOUT_S = 2.0
CONNECTIONS = 8  # per store: a call takes well under a millisecond, so more only cost the server
OPS_AT_ONCE = 64
RESTORED_AT_ONCE = 500
AWAY = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
    exceptions.ClusterDownError,  # MASTERDOWN too
    exceptions.TryAgainError,
)
# redis-py has no class for these answers; where several commands went together, its own words come first
AWAY_WORDS = re.compile(r"(^|caused error: )(BUSY|MISCONF|NOREPLICAS|UNBLOCKED) ")


class RedisStore:
    """The Store on one Redis or Valkey, not a cluster. All its keys begin with ``prefix``; all but three expire.

    One of these two names the installation that has the prefix, the first that used it. For others every operation
    raises StoreForeign; who does not know his ``installation`` is not asked for it.

    A store belongs to the event loop that first uses it. Operations that come while a trip is under way go together in
    the next one.
    """

    def __init__(
        self, redis: Redis, prefix: str, clock: Callable[[], float] = time.time, *, installation: str = ""
    ) -> None:
        """``clock`` only tells which periods of calendars are near: it may differ from the server's by a minute."""
        self._redis = redis
        self._clock = clock
        self._prefix = prefix
        self._installation = installation
        self._is_own = not installation
        self._rules = scripts.literal(wire.rules())
        self._ops: deque[tuple[dict[str, Any], asyncio.Future[Any]]] = deque()
        self._courier: asyncio.Task[None] | None = None
        self._is_closed = False

    async def aclose(self) -> None:
        """Operations under way are taken to their end; later ones are refused: they would open connections anew."""
        self._is_closed = True
        if self._courier is not None:
            await asyncio.wait({self._courier}, timeout=SOCKET_TIMEOUT_S)
        await self._redis.aclose()

    async def admit(self, admission: Admission) -> Admitted | Refused:
        return wire.decision(admission, await self._answer(wire.admit_op(admission, self._clock())))

    async def outlook(self, admissions: Sequence[Admission]) -> tuple[Outlook, ...]:
        at_s = self._clock()
        answers = await self._answers([wire.outlook_op(admission, at_s) for admission in admissions])
        return tuple(wire.outlook(admission, answer) for admission, answer in zip(admissions, answers, strict=True))

    async def book(self, reservation: Reservation, report: Report) -> Suspicion:
        return Suspicion(await self._answer(wire.book_op(reservation, report, self._clock())))

    async def require_own(self) -> None:
        """Raises StoreForeign; asks the server until it is known."""
        if self._is_own:
            return
        name = f"{self._prefix}:installation"
        with _translated():
            together = self._redis.pipeline()
            together.set(name, self._installation, nx=True)
            together.get(name)
            _, owner = await together.execute()
        if owner not in (self._installation.encode(), self._installation):  # a client may have been told to decode
            raise StoreForeign(self._prefix)
        self._is_own = True

    async def release(self, reservation: Reservation) -> None:
        await self._answer(wire.release_op(reservation))

    async def renew(self, reservations: Iterable[Reservation]) -> None:
        await self._answer(wire.renew_op(reservations))

    async def clear(self, scopes: Iterable[str], version: int) -> None:
        await self._run("clear", [version, wire.CHANGED_FOR_MS, *scopes])

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        states, _ = await self.look(scopes, ())
        return states

    async def look(
        self, scopes: Iterable[str], buckets: Iterable[Bucket]
    ) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
        names, asked = tuple(dict.fromkeys(scopes)), tuple(dict.fromkeys(buckets))
        terms = json.dumps(wire.bucket_terms(asked, NOTHING, self._clock()))
        rows, counts = await self._run("look", [ramp.COLD_CALLS, terms, *names])
        states = {name: wire.scope_state(name, row) for name, row in zip(names, rows, strict=True)}
        return states, dict(zip(asked, counts, strict=True))

    async def uses(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, Use]:
        asked = tuple(dict.fromkeys(buckets))
        terms = json.dumps(wire.bucket_terms(asked, NOTHING, self._clock()))
        answers = await self._run("uses", [SLICES, terms])
        return {bucket: _use(bucket, answer) for bucket, answer in zip(asked, answers, strict=True)}

    async def restore(self, past: Iterable[PastUse], rest_s: float) -> None:
        for chunk in _chunks(past, RESTORED_AT_ONCE):
            terms = wire.past_terms(chunk, self._clock())
            await self._run("restore", [json.dumps(terms)])
        await self._run("open", [wire.ms(rest_s)])

    async def _answer(self, op: dict[str, Any]) -> Any:
        if self._is_closed:
            raise StoreUnavailable("The store is closed.")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._ops.append((op, answer))
        if self._courier is None:
            self._courier = asyncio.create_task(self._carry())
        return await answer

    async def _carry(self) -> None:
        """Take the operations that wait to the server until none is left."""
        try:
            while self._ops:
                taken = [self._ops.popleft() for _ in range(min(len(self._ops), OPS_AT_ONCE))]
                await self._take(taken)
        finally:
            self._courier = None

    async def _take(self, taken: Sequence[tuple[dict[str, Any], asyncio.Future[Any]]]) -> None:
        try:
            answers = await self._answers([op for op, _ in taken])
        except BaseException as error:  # each operation's caller is told, whatever it was
            for _, answer in taken:
                if not answer.done():
                    answer.set_exception(error if isinstance(error, Exception) else StoreUnavailable("cancelled"))
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), answer in zip(taken, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _answers(self, ops: Sequence[dict[str, Any]]) -> Sequence[Any]:
        """The answer to each, in one trip; raises StoreLost."""
        if not ops:
            return ()
        answers: Sequence[Any] | int = await self._run("ops", [json.dumps(ops)])
        if isinstance(answers, int):
            raise StoreLost
        return answers

    async def _run(self, name: str, args: Sequence[str | int]) -> Any:
        """One script, one round trip; a server that has lost its scripts is given the text again."""
        await self.require_own()
        script = scripts.load(name, self._rules)
        with _translated():
            try:
                return await self._redis.evalsha(script.sha, 0, self._prefix, *args)
            except exceptions.NoScriptError:
                return await self._redis.eval(script.text, 0, self._prefix, *args)


def connect(url: str, prefix: str, installation: str = "") -> RedisStore:
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
    return RedisStore(Redis.from_pool(pool), prefix, installation=installation)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except AWAY as error:
        raise StoreUnavailable(str(error)) from error
    except exceptions.ResponseError as error:
        if AWAY_WORDS.search(str(error)):
            raise StoreUnavailable(str(error)) from error
        raise


def _use(bucket: Bucket, answer: Sequence[int]) -> Use:
    own, surplus, surplus_ms, *slices = answer
    return use_of(bucket, own, dict(zip(slices[::2], slices[1::2], strict=True)), (surplus, surplus_ms))


def _chunks(past: Iterable[PastUse], size: int) -> Iterator[list[PastUse]]:
    rest = iter(past)
    while chunk := list(islice(rest, size)):
        yield chunk
