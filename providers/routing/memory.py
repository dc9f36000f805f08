"""The store's twin in one process, for tests of what stands above it. Same answers, a clock of the test's own."""

from collections.abc import Callable, Iterable, Mapping

from providers.routing import breaker as breakers
from providers.routing import budget as budgets
from providers.routing import ramp as ramps
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, ScopeState, StoreLost
from providers.routing.breaker import Breaker
from providers.routing.budget import HORIZON_MS, MARGIN_S, SMOOTH_FOR_MS, Bucket, Entry, Reservation, Surplus, Unit
from providers.routing.ramp import COLD_CALLS, Ramp
from providers.routing.report import Failure, Hold, Report
from providers.routing.wire import (
    CHANGED_FOR_MS,
    CHANGED_REASON,
    CHANGED_WAIT_MS,
    REST_REASON,
    facts_of,
    said_of,
)


class MemoryStore:
    """Satisfies Store. ``clock`` gives seconds; nothing expires but by it. It is born with its data ``lost``."""

    def __init__(self, clock: Callable[[], float], *, margin_s: float = MARGIN_S, cold_calls: int = COLD_CALLS) -> None:
        self._clock = clock
        self._margin_s = margin_s
        self._cold = Ramp(calls=cold_calls)
        self._rest_until: int | None = None
        self._breakers: dict[str, Breaker] = {}
        self._holds: dict[str, tuple[int, str]] = {}
        self._ramps: dict[str, Ramp] = {}
        self._flights: dict[str, dict[str, int]] = {}
        self._logs: dict[str, tuple[Entry, ...]] = {}
        self._surpluses: dict[str, Surplus] = {}
        self._paces: dict[str, float] = {}
        self._smooth_until: dict[str, int] = {}
        self._cleared: dict[str, tuple[int, int]] = {}

    async def restore(self, past: Iterable[tuple[Bucket, str, float]], rest_s: float) -> None:
        now = self._now()
        for bucket, call_id, ago_s in past:
            self._enter(bucket, Entry(call_id, now - round(ago_s * 1000), 1))
        if self._rest_until is None:
            self._rest_until = now + round(rest_s * 1000)

    async def lose(self) -> None:
        """As if the server had been restarted without its data."""
        self.__init__(self._clock, margin_s=self._margin_s, cold_calls=int(self._cold.calls))  # type: ignore[misc]

    async def admit(self, admission: Admission) -> Admitted | Refused:
        if self._rest_until is None:
            raise StoreLost
        now = self._now()
        scopes, buckets = admission.scopes, tuple(dict.fromkeys(admission.buckets))
        ceilings = admission.ceilings or (None,) * len(scopes)
        heeded = () if admission.is_test else scopes
        for refusals in (
            [self._outdated(scope, admission.version, now) for scope in scopes],
            [self._suspension(scope, now) for scope in heeded],
            [*(self._holding(scope, now) for scope in heeded), *(self._resting(bucket, now) for bucket in buckets)],
            [self._crowd(scope, ceiling, now) for scope, ceiling in zip(scopes, ceilings, strict=True)],
            [self._lack(bucket, admission.tokens, now) for bucket in buckets],
        ):
            worst = max(refusals, key=lambda refused: refused.wait_s, default=None)
            if worst and worst.wait_s > 0:
                return worst
        start = round(max((self._next_start(bucket, now) for bucket in buckets), default=now))
        reservation = Reservation(
            admission.id, buckets, admission.tokens, scopes, start, admission.version, admission.is_test
        )
        probes = tuple(scope for scope in heeded if self._breaker(scope).is_half_open(now))
        lease_until = start + round(admission.lease_s * 1000)
        for scope in probes:
            self._breakers[scope] = breakers.probed(self._breaker(scope), reservation.id, lease_until)
        for scope in scopes:
            self._flights.setdefault(scope, {})[admission.id] = lease_until
        for bucket in buckets:
            cost = bucket.cost(admission.tokens)
            self._enter(bucket, Entry(reservation.id, start, cost))
            if self._is_smooth(bucket, now):
                self._paces[bucket.name] = max(start, self._next_start(bucket, now)) + cost * bucket.gap_ms
        return Admitted(reservation, probes, (start - now) / 1000)

    async def book(self, reservation: Reservation, report: Report) -> None:
        if self._rest_until is None:
            raise StoreLost
        now = self._now()
        out = {scope: self._in_flight(scope, now) for scope in reservation.scopes}
        probed = {scope for scope in reservation.scopes if self._breaker(scope).probe == reservation.id}
        for scope in reservation.scopes:
            self._flights.get(scope, {}).pop(reservation.id, None)
        for bucket in reservation.buckets:
            self._settle(bucket, reservation, report, now)
        self._heed(reservation.buckets, report, now)
        if any(self._outdated(scope, reservation.version, now).wait_s for scope in reservation.scopes):
            self._unprobe(reservation)
            return
        for scope in report.congested:
            in_flight = out.get(scope, self._in_flight(scope, now))
            self._ramps[scope] = ramps.shrunk(self._ramp(scope), in_flight, now)
        if report.hold:
            self._hold(report.hold, reservation.buckets, now)
        if report.failure:
            opened = self._fail(report.failure, now)
            if report.outage and (opened or report.outage.scope in probed):
                self._fail(report.outage, now)
        if report.is_well:
            for scope in reservation.scopes:
                closed = Breaker() if reservation.is_test else breakers.succeeded(self._breaker(scope), now)
                self._breakers[scope] = closed
                self._ramps[scope] = ramps.grown(self._ramp(scope), now, report.latency_s * 1000)
        self._unprobe(reservation)

    async def release(self, reservation: Reservation) -> None:
        self._unprobe(reservation)
        for scope in reservation.scopes:
            self._flights.get(scope, {}).pop(reservation.id, None)
        for bucket in reservation.buckets:
            entries = self._logs.get(bucket.name, ())
            self._logs[bucket.name] = tuple(entry for entry in entries if entry.id != reservation.id)

    async def clear(self, scopes: Iterable[str], version: int) -> None:
        for scope in scopes:
            self._cleared[scope] = (version, self._now() + CHANGED_FOR_MS)
            for known in (self._breakers, self._holds, self._ramps, self._smooth_until):
                known.pop(scope, None)

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        now = self._now()
        return {scope: self._state(scope, now) for scope in scopes}

    async def usage(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, int]:
        now = self._now()
        return {bucket: budgets.used(self._live(bucket, now)) + self._surplus(bucket, now) for bucket in buckets}

    def _now(self) -> int:
        return round(self._clock() * 1000)

    # --- budgets ---
    def _live(self, bucket: Bucket, now: int) -> tuple[Entry, ...]:
        return budgets.live(self._logs.get(bucket.name, ()), now, budgets.span_ms(bucket, self._margin_s))

    def _enter(self, bucket: Bucket, entry: Entry) -> None:
        """Put the entry in its place, in the place of an earlier one of that id."""
        others = [each for each in self._logs.get(bucket.name, ()) if each.id != entry.id]
        self._logs[bucket.name] = tuple(sorted([*others, entry], key=lambda each: each.at_ms))

    def _settle(self, bucket: Bucket, reservation: Reservation, report: Report, now: int) -> None:
        at = reservation.at_ms + round(report.lag_s * 1000)
        if at <= now - budgets.span_ms(bucket, self._margin_s):
            return
        known = [entry.amount for entry in self._logs.get(bucket.name, ()) if entry.id == reservation.id]
        reserved = known[0] if known else bucket.cost(reservation.tokens)
        settles = bucket.unit is Unit.TOKENS and report.tokens is not None
        amount = max(report.tokens or 0, 0) if settles else reserved
        self._enter(bucket, Entry(reservation.id, at, amount))
        if bucket.name in self._paces and amount < reserved:
            self._paces[bucket.name] = max(now, self._paces[bucket.name] - (reserved - amount) * bucket.gap_ms)

    def _surplus(self, bucket: Bucket, now: int) -> int:
        surplus = self._surpluses.get(bucket.name, Surplus())
        return surplus.amount if surplus.until_ms > now else 0

    def _heed(self, buckets: tuple[Bucket, ...], report: Report, now: int) -> None:
        for unit in Unit:
            index = said_of(buckets, unit)
            left, reset_s = facts_of(report.vendor, unit)
            if index is None or left is None:
                continue
            bucket = buckets[index]
            span = budgets.span_ms(bucket, self._margin_s)
            until = now + (span if reset_s is None else round(reset_s * 1000))
            self._surpluses[bucket.name] = budgets.surplus_of(bucket.limit, self._live(bucket, now), left, until)

    def _is_smooth(self, bucket: Bucket, now: int) -> bool:
        return bucket.gap_ms > 0 and (bucket.is_smooth or self._smooth_until.get(bucket.key, 0) > now)

    def _next_start(self, bucket: Bucket, now: int) -> float:
        return max(now, self._paces.get(bucket.name, 0)) if self._is_smooth(bucket, now) else now

    # --- breakers and places ---
    def _breaker(self, scope: str) -> Breaker:
        return self._breakers.get(scope, Breaker())

    def _ramp(self, scope: str) -> Ramp:
        return self._ramps.get(scope, self._cold)

    def _in_flight(self, scope: str, now: int) -> int:
        return sum(until > now for until in self._flights.get(scope, {}).values())

    def _fail(self, failure: Failure, now: int) -> bool:
        before = self._breaker(failure.scope)
        after = breakers.failed(before, now, failure.kind, breakers.brief(failure.reason), failure.trip)
        self._breakers[failure.scope] = after
        if opened := after.openings > before.openings:
            self._ramps.pop(failure.scope, None)
        return opened

    def _hold(self, hold: Hold, buckets: tuple[Bucket, ...], now: int) -> None:
        until = now + round(hold.seconds * 1000)
        if until > max(now, self._holds.get(hold.scope, (0, ""))[0]):
            self._holds[hold.scope] = (until, breakers.brief(hold.reason))
        counts = ((budgets.used(self._live(bucket, now)) + self._surplus(bucket, now), bucket) for bucket in buckets)
        if all(count <= budgets.ROOMY * bucket.limit for count, bucket in counts):
            self._smooth_until |= {bucket.key: now + SMOOTH_FOR_MS for bucket in buckets if bucket.gap_ms}

    def _unprobe(self, reservation: Reservation) -> None:
        for scope in reservation.scopes:
            self._breakers[scope] = breakers.unprobed(self._breaker(scope), reservation.id)

    # --- obstacles ---
    def _outdated(self, scope: str, version: int, now: int) -> Refused:
        since, until = self._cleared.get(scope, (0, 0))
        is_outdated = 0 < version < since and now < until
        return Refused(CHANGED_WAIT_MS / 1000 if is_outdated else 0, Obstacle.HELD, scope, CHANGED_REASON)

    def _suspension(self, scope: str, now: int) -> Refused:
        state = self._breaker(scope)
        wait_s = state.wait_ms(now) / 1000
        return Refused(wait_s, Obstacle.SUSPENDED, scope, state.reason, state.is_half_open(now))

    def _holding(self, scope: str, now: int) -> Refused:
        until, reason = self._holds.get(scope, (0, ""))
        return Refused((until - now) / 1000, Obstacle.HELD, scope, reason)

    def _resting(self, bucket: Bucket, now: int) -> Refused:
        rest_ms = (self._rest_until or 0) - now if bucket.gap_ms else 0
        return Refused(rest_ms / 1000, Obstacle.HELD, bucket.key, REST_REASON)

    def _crowd(self, scope: str, ceiling: int | None, now: int) -> Refused:
        allowed = self._ramp(scope).allowed(self._breaker(scope).failures, ceiling)
        if self._in_flight(scope, now) < allowed:
            return Refused(0, Obstacle.BUSY, scope)
        self._ramps[scope] = ramps.wanted(self._ramp(scope), now)
        return Refused(ramps.BUSY_WAIT_MS / 1000, Obstacle.BUSY, scope, str(allowed))

    def _lack(self, bucket: Bucket, tokens: int, now: int) -> Refused:
        span = budgets.span_ms(bucket, self._margin_s)
        surplus = self._surpluses.get(bucket.name, Surplus())
        wait = budgets.wait_ms(self._live(bucket, now), bucket.cost(tokens), bucket.limit, now, span, surplus=surplus)
        pace_wait = self._next_start(bucket, now) - now - HORIZON_MS
        return Refused(max(wait, pace_wait) / 1000, Obstacle.OVER_BUDGET, bucket.key, str(bucket))

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
            in_flight=self._in_flight(scope, now),
            concurrency=int(self._ramp(scope).calls),
        )
