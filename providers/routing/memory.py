"""The store's twin in one process, for tests of what stands above it. Same answers, a clock of the test's own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count

from providers.llm.errors import ErrorKind
from providers.routing import breaker as breakers
from providers.routing import budget as budgets
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, ScopeState
from providers.routing.breaker import Breaker, Trip
from providers.routing.budget import MARGIN_S, Bucket, Entry, Reservation, Unit

LogKey = tuple[str, Unit, int]


class MemoryStore:
    """Satisfies Store. ``clock`` gives seconds; nothing expires but by it."""

    def __init__(self, clock: Callable[[], float], *, margin_s: float = MARGIN_S) -> None:
        self._clock = clock
        self._margin_s = margin_s
        self._ids = count(1)
        self._breakers: dict[str, Breaker] = {}
        self._holds: dict[str, tuple[int, str]] = {}
        self._logs: dict[LogKey, tuple[Entry, ...]] = {}

    async def admit(self, admission: Admission) -> Admitted | Refused:
        now = self._now()
        scopes, buckets = admission.scopes, tuple(dict.fromkeys(admission.buckets))
        for refusals in (
            [self._suspension(scope, now) for scope in scopes],
            [self._holding(scope, now) for scope in scopes],
            [self._lack(bucket, admission.tokens, now) for bucket in buckets],
        ):
            worst = max(refusals, key=lambda refused: refused.wait_s, default=None)
            if worst and worst.wait_s > 0:
                return worst
        reservation = Reservation(str(next(self._ids)), buckets, admission.tokens, scopes, now / 1000)
        probes = tuple(scope for scope in scopes if self._breaker(scope).is_half_open(now))
        lease_ms = round(admission.probe_lease_s * 1000)
        for scope in probes:
            self._breakers[scope] = breakers.probed(self._breaker(scope), reservation.id, now + lease_ms)
        for bucket in buckets:
            entry = Entry(reservation.id, now, bucket.cost(admission.tokens))
            self._logs[_log_key(bucket)] = (*self._live(bucket, now), entry)
        return Admitted(reservation, probes)

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        for bucket in reservation.buckets:
            if bucket.unit is Unit.TOKENS:
                self._logs[_log_key(bucket)] = tuple(
                    replace(entry, amount=max(tokens, 0)) if entry.id == reservation.id else entry
                    for entry in self._logs.get(_log_key(bucket), ())
                )

    async def free_probes(self, reservation: Reservation) -> None:
        for scope in reservation.scopes:
            self._breakers[scope] = breakers.unprobed(self._breaker(scope), reservation.id)

    async def release(self, reservation: Reservation) -> None:
        await self.free_probes(reservation)
        for bucket in reservation.buckets:
            entries = self._logs.get(_log_key(bucket), ())
            self._logs[_log_key(bucket)] = tuple(entry for entry in entries if entry.id != reservation.id)

    async def succeed(self, scopes: Iterable[str]) -> None:
        for scope in scopes:
            self._breakers.pop(scope, None)

    async def fail(
        self, scope: str, kind: ErrorKind, reason: str, *, opens_after: int, open_s: float, max_open_s: float
    ) -> bool:
        trip = Trip(opens_after, round(open_s * 1000), round(max_open_s * 1000))
        before = self._breaker(scope)
        self._breakers[scope] = breakers.failed(before, self._now(), kind, breakers.brief(reason), trip)
        return self._breakers[scope].openings > before.openings

    async def hold(self, scope: str, seconds: float, reason: str) -> None:
        now = self._now()
        until = now + round(seconds * 1000)
        if until > max(now, self._holds.get(scope, (0, ""))[0]):
            self._holds[scope] = (until, breakers.brief(reason))

    async def clear(self, scopes: Iterable[str]) -> None:
        for scope in scopes:
            self._breakers.pop(scope, None)
            self._holds.pop(scope, None)

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        now = self._now()
        return {scope: self._state(scope, now) for scope in scopes}

    async def usage(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, int]:
        now = self._now()
        return {bucket: budgets.used(self._live(bucket, now)) for bucket in buckets}

    def _now(self) -> int:
        return round(self._clock() * 1000)

    def _breaker(self, scope: str) -> Breaker:
        return self._breakers.get(scope, Breaker())

    def _live(self, bucket: Bucket, now: int) -> tuple[Entry, ...]:
        return budgets.live(self._logs.get(_log_key(bucket), ()), now, budgets.span_ms(bucket, self._margin_s))

    def _suspension(self, scope: str, now: int) -> Refused:
        state = self._breaker(scope)
        wait_s = state.wait_ms(now) / 1000
        return Refused(wait_s, Obstacle.SUSPENDED, scope, state.reason, state.is_half_open(now))

    def _holding(self, scope: str, now: int) -> Refused:
        until, reason = self._holds.get(scope, (0, ""))
        return Refused((until - now) / 1000, Obstacle.HELD, scope, reason)

    def _lack(self, bucket: Bucket, tokens: int, now: int) -> Refused:
        span = budgets.span_ms(bucket, self._margin_s)
        wait = budgets.wait_ms(self._live(bucket, now), bucket.cost(tokens), bucket.limit, now, span)
        return Refused(wait / 1000, Obstacle.OVER_BUDGET, bucket.key, str(bucket))

    def _state(self, scope: str, now: int) -> ScopeState:
        state = self._breaker(scope)
        until, held_reason = self._holds.get(scope, (0, ""))
        held_ms = max(until - now, 0)
        return ScopeState(
            scope,
            suspended_for_s=state.suspended_ms(now) / 1000,
            half_open=state.is_half_open(now),
            failures=state.failures,
            kind=state.kind,
            reason=state.reason,
            held_for_s=held_ms / 1000,
            held_reason=held_reason if held_ms else "",
        )


def _log_key(bucket: Bucket) -> LogKey:
    """A changed limit keeps its log."""
    return (bucket.key, bucket.unit, bucket.window_s)
