"""The store's home: Redis, or Valkey. One script call per step, on the server's clock."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from providers.llm.errors import ErrorKind
from providers.routing import scripts
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, ScopeState, StoreUnavailable
from providers.routing.breaker import REMEMBERED_S, brief
from providers.routing.budget import MARGIN_S, Bucket, Reservation, Unit, span_ms

SOCKET_TIMEOUT_S = 2.0
CONNECTIONS = 8  # per store: a call takes well under a millisecond, so more only cost the server
OBSTACLES = (Obstacle.SUSPENDED, Obstacle.HELD, Obstacle.OVER_BUDGET)  # as admit.lua numbers them
AWAY = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
    exceptions.MasterDownError,
)
AWAY_WORDS = ("MISCONF", "BUSY ", "NOREPLICAS")  # redis-py has no class for these answers


class RedisStore:
    """The Store on one Redis or Valkey. All its keys begin with ``prefix`` and expire by themselves.

    ``margin_s`` is how much longer than its window an entry counts. A store belongs to the event loop that first
    uses it.
    """

    def __init__(self, redis: Redis, prefix: str, *, margin_s: float = MARGIN_S) -> None:
        self._redis = redis
        self._prefix = prefix
        self._margin_s = margin_s

    async def aclose(self) -> None:
        await self._redis.aclose()

    async def admit(self, admission: Admission) -> Admitted | Refused:
        scopes, buckets = admission.scopes, tuple(dict.fromkeys(admission.buckets))
        reservation_id = secrets.token_hex(8)
        keys = [*self._breakers(scopes), *self._holds(scopes), *self._logs(buckets)]
        lease_ms = _ms(admission.probe_lease_s)
        args = [len(scopes), reservation_id, lease_ms, *self._terms(buckets, admission.tokens)]
        code, number, *rest = await self._run("admit", keys, args)
        if code == 0:
            reservation = Reservation(reservation_id, buckets, admission.tokens, scopes, number / 1000)
            return Admitted(reservation, tuple(scopes[index - 1] for index in rest))
        obstacle = OBSTACLES[code - 1]
        index, half_open, reason = rest
        if obstacle is Obstacle.OVER_BUDGET:
            bucket = buckets[index - 1]
            return Refused(number / 1000, obstacle, bucket.key, str(bucket))
        return Refused(number / 1000, obstacle, scopes[index - 1], _text(reason), bool(half_open))

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        weighed = tuple(bucket for bucket in reservation.buckets if bucket.unit is Unit.TOKENS)
        if weighed:
            await self._run("settle", self._logs(weighed)[1::2], [reservation.id, max(tokens, 0)])

    async def release(self, reservation: Reservation) -> None:
        keys = [*self._breakers(reservation.scopes), *self._logs(reservation.buckets)]
        args = [len(reservation.scopes), reservation.id, *self._terms(reservation.buckets, reservation.tokens)]
        await self._run("release", keys, args)

    async def free_probes(self, reservation: Reservation) -> None:
        if reservation.scopes:
            await self._run("release", self._breakers(reservation.scopes), [len(reservation.scopes), reservation.id])

    async def succeed(self, scopes: Iterable[str]) -> None:
        await self._delete(self._breakers(scopes))

    async def fail(
        self, scope: str, kind: ErrorKind, reason: str, *, opens_after: int, open_s: float, max_open_s: float
    ) -> bool:
        args = [kind.value, brief(reason), opens_after, _ms(open_s), _ms(max_open_s), _ms(REMEMBERED_S)]
        return bool(await self._run("fail", self._breakers([scope]), args))

    async def hold(self, scope: str, seconds: float, reason: str) -> None:
        if _ms(seconds) > 0:
            await self._run("hold", self._holds([scope]), [_ms(seconds), brief(reason)])

    async def clear(self, scopes: Iterable[str]) -> None:
        names = tuple(scopes)
        await self._delete([*self._breakers(names), *self._holds(names)])

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        names = tuple(dict.fromkeys(scopes))
        rows = await self._run("states", [*self._breakers(names), *self._holds(names)], [])
        return {name: _state(name, row) for name, row in zip(names, rows, strict=True)}

    async def usage(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, int]:
        asked = tuple(dict.fromkeys(buckets))
        numbers = await self._run("usage", self._logs(asked), self._terms(asked, 0))
        return dict(zip(asked, numbers, strict=True))

    def _breakers(self, scopes: Iterable[str]) -> list[str]:
        return [f"{self._prefix}:breaker:{scope}" for scope in scopes]

    def _holds(self, scopes: Iterable[str]) -> list[str]:
        return [f"{self._prefix}:hold:{scope}" for scope in scopes]

    def _logs(self, buckets: Iterable[Bucket]) -> list[str]:
        """Two keys per bucket: its log, and its amounts."""
        names = [f"{self._prefix}:budget:{bucket.key}:{bucket.unit}:{bucket.window_s}" for bucket in buckets]
        return [key for name in names for key in (name, f"{name}:amounts")]

    def _terms(self, buckets: Iterable[Bucket], tokens: int) -> list[str | int]:
        """Four arguments per bucket, as `common.lua` reads them."""
        return [
            term
            for bucket in buckets
            for term in (bucket.unit.value, span_ms(bucket, self._margin_s), bucket.limit, bucket.cost(tokens))
        ]

    async def _run(self, name: str, keys: Sequence[str], args: Sequence[str | int]) -> Any:
        """One script, one round trip; a server that has lost its scripts is given the text again."""
        script = scripts.load(name)
        with _translated():
            try:
                return await self._redis.evalsha(script.sha, len(keys), *keys, *args)
            except exceptions.NoScriptError:
                return await self._redis.eval(script.text, len(keys), *keys, *args)

    async def _delete(self, keys: Sequence[str]) -> None:
        if keys:
            with _translated():
                await self._redis.delete(*keys)


def connect(url: str, prefix: str) -> RedisStore:
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
    return RedisStore(Redis.from_pool(pool), prefix)


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


def _state(scope: str, row: Sequence[Any]) -> ScopeState:
    suspended_ms, half_open, failures, kind, reason, held_ms, held_reason = row
    return ScopeState(
        scope,
        suspended_for_s=suspended_ms / 1000,
        half_open=bool(half_open),
        failures=failures,
        kind=ErrorKind(_text(kind)) if kind else None,
        reason=_text(reason),
        held_for_s=held_ms / 1000,
        held_reason=_text(held_reason),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _text(value: str | bytes) -> str:
    """Whether or not the client was told to decode."""
    return value.decode() if isinstance(value, bytes) else value
