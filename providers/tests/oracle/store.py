"""The shared store in one process."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from providers.calling.store.wire import CHANGED_FOR_MS
from providers.routing.admission import CALL_LEASE_S, Admission, Admitted, Outlook, Refused, ScopeState, StoreLost
from providers.routing.limits.budget import Bucket, PastUse, Reservation
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.limits.use import Use
from providers.routing.report import Report, Suspicion
from providers.tests.oracle.breakers import Breakers
from providers.tests.oracle.budgets import Budgets, words_on
from providers.tests.oracle.holds import Holds
from providers.tests.oracle.keys import Keys, ms
from providers.tests.oracle.obstacles import Obstacles, Seen
from providers.tests.oracle.places import Places, needed
from providers.tests.oracle.urgency import Turns

FORGOTTEN = ("breaker", "hold", "ramp", "smooth", "failing", "refused", "fallen", "doubt", "limits")
FOR_EVER = float("inf")


class MemoryStore:
    """Satisfies Store. ``clock`` gives seconds. It is born with its data ``lost``."""

    def __init__(
        self, clock: Callable[[], float], *, cold_calls: int = COLD_CALLS, lease_s: float = CALL_LEASE_S
    ) -> None:
        self._lease_ms = ms(lease_s)
        self._keys = Keys(clock)
        self._budgets = Budgets(self._keys)
        self._breakers = Breakers(self._keys)
        self._holds = Holds(self._keys)
        self._places = Places(self._keys, cold_calls)
        self._turns = Turns(self._keys)
        self._obstacles = Obstacles(self._keys, self._breakers, self._holds, self._places, self._budgets, self._turns)

    async def admit(self, admission: Admission) -> Admitted | Refused:
        self._check()
        seen = Seen()
        for worst in self._obstacles.met(admission, seen):
            for scope in seen.full:
                self._places.want(scope)
            if seen.left_to_another:
                self._breakers.note_turn(admission.scopes[0])
            if worst:
                self._turns.note_waiting(admission, self._obstacles.waited_for(admission, seen), worst.wait_s)
                return worst
        self._turns.note_served(admission)
        start = self._obstacles.start_ms(admission)
        self._enter(admission, seen, start)
        buckets = tuple(dict.fromkeys(admission.buckets))
        for bucket in buckets:
            self._budgets.take(bucket, admission.id, start, admission.amounts)
        reservation = Reservation(
            admission.id,
            buckets,
            admission.amounts,
            admission.scopes,
            start,
            admission.version,
            admission.is_test,
            admission.account,
        )
        return Admitted(reservation, tuple(seen.probes), (start - self._keys.now) / 1000)

    async def outlook(self, admissions: Sequence[Admission]) -> tuple[Outlook, ...]:
        if admissions:
            self._check()
        return tuple(
            Outlook(tuple(filter(None, self._obstacles.met(admission, Seen()))), self._counts(admission.buckets))
            for admission in admissions
        )

    async def book(self, reservation: Reservation, report: Report) -> Suspicion:
        self._check()
        scopes = reservation.scopes
        out = {scope: self._places.in_flight(scope) for scope in scopes}
        probed = frozenset(scope for scope in scopes if self._breakers.of(scope).probe == reservation.id)
        is_known = self._leave(reservation)
        self._settle(reservation, report, is_known=is_known)
        suspicion = Suspicion.NONE
        if not any(self._obstacles.is_outdated(reservation.version, scope) for scope in scopes):
            for scope in report.congested:
                self._places.shrink(scope, out.get(scope, self._places.in_flight(scope)))
            suspicion = self._judge(reservation, report, probed)
        self._unprobe(reservation)
        return suspicion

    async def release(self, reservation: Reservation) -> None:
        self._check()
        self._unprobe(reservation)
        self._budgets.drop(reservation, is_known=self._leave(reservation))

    async def renew(self, reservations: Iterable[Reservation]) -> None:
        self._check()
        until = self._keys.now + self._lease_ms
        for reservation in reservations:
            for scope in reservation.scopes:
                self._places.enter(scope, reservation.id, until, self._lease_ms)
                self._breakers.renew(scope, reservation.id, until)
            self._holds.renew(reservation, until)

    async def clear(self, scopes: Iterable[str], version: int) -> None:
        for scope in scopes:
            self._keys.put("cleared", scope, version, CHANGED_FOR_MS)
            for kind in FORGOTTEN:
                self._keys.drop(kind, scope)

    async def states(self, scopes: Iterable[str]) -> Mapping[str, ScopeState]:
        return {scope: self._state(scope) for scope in scopes}

    async def look(
        self, scopes: Iterable[str], buckets: Iterable[Bucket]
    ) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
        return await self.states(scopes), self._counts(buckets)

    async def uses(self, buckets: Iterable[Bucket]) -> Mapping[Bucket, Use]:
        return {bucket: self._budgets.use(bucket) for bucket in buckets}

    async def restore(self, past: Iterable[PastUse], rest_s: float) -> None:
        for use in past:
            self._budgets.restore(use)
        if self._is_lost():
            self._keys.put("state", "rest_until", self._keys.now + ms(rest_s), FOR_EVER)
            self._keys.put("state", "since", self._keys.now, FOR_EVER)

    async def lose(self) -> None:
        """As if the server had been restarted without its data."""
        self._keys.drop_all()

    def _is_lost(self) -> bool:
        return self._keys.get("state", "rest_until") is None

    def _check(self) -> None:
        if self._is_lost():
            raise StoreLost

    def _counts(self, buckets: Iterable[Bucket]) -> dict[Bucket, int]:
        return {bucket: self._budgets.used(bucket) for bucket in buckets}

    def _enter(self, admission: Admission, seen: Seen, start_ms: int) -> None:
        """Its places, and those of the probe that it is."""
        until = start_ms + self._lease_ms
        for scope in seen.probes:
            self._breakers.probe(scope, admission.id, until)
        if self._holds.doubt_of(admission):
            self._holds.find_out(admission.account, admission.id, until)
        for scope in admission.scopes:
            self._places.enter(scope, admission.id, until, self._lease_ms)

    def _leave(self, reservation: Reservation) -> bool:
        """Frees its places. Whether it had one, and not only because it renewed one that was lost."""
        had = [self._places.leave(scope, reservation.id) for scope in reservation.scopes]
        return any(had) and reservation.at_ms >= self._keys.get("state", "since", 0)

    def _settle(self, reservation: Reservation, report: Report, *, is_known: bool) -> None:
        if report.is_unsent:
            self._budgets.drop(reservation, is_known=is_known)
        else:
            self._budgets.settle(reservation, report, is_known=is_known)
        for bucket, left, reset_s in words_on(reservation.buckets, report.vendor):
            if self._is_heard(bucket, reservation, report):
                self._budgets.heed(bucket, left, reset_s)

    def _is_heard(self, bucket: Bucket, reservation: Reservation, report: Report) -> bool:
        """Where models have limits of their own, one model's answers say nothing of the account's buckets."""
        if not reservation.account or bucket.key != reservation.account:
            return True
        return not report.hold and self._holds.limits_seem(reservation.account) != "model"

    def _judge(self, reservation: Reservation, report: Report, probed: frozenset[str]) -> Suspicion:
        provider, sent_at = (*reservation.scopes, "")[0], reservation.at_ms + ms(report.lag_s)
        suspicion = Suspicion.NONE
        if report.hold:
            scope = self._holds.hold_back(report.hold, sent_at)
            self._budgets.smoothen_if_roomy(bucket for bucket in reservation.buckets if bucket.key == scope)
        elif report.failure:
            suspicion = self._breakers.blame(report.failure, report.outage, provider, probed)
        elif report.refusal:
            is_probe = report.refusal.scope in probed
            suspicion = self._breakers.refuse(report.refusal, provider, reservation.id, is_probe=is_probe)
        if report.is_well:
            self._hearten(reservation, report, probed)
        if report.is_good:
            self._holds.relent(reservation, sent_at)
            if len(reservation.scopes) > 1:
                self._breakers.note_good(*reservation.scopes)
        return suspicion

    def _hearten(self, reservation: Reservation, report: Report, probed: frozenset[str]) -> None:
        """The vendor works: breakers close, but for that of a route that refuses everybody."""
        for scope in reservation.scopes:
            if reservation.is_test:
                self._breakers.forget(scope)
            is_closing = not (report.refusal and self._breakers.refuses(scope))
            was_suspended = is_closing and self._breakers.succeed(scope, is_probe=scope in probed)
            if scope == reservation.scopes[0]:
                self._breakers.raise_fallen(scope, was_suspended=was_suspended)
            if report.is_good:
                latency_ms = ms(report.latency_s)
                needed_calls = needed(reservation.buckets, reservation.amounts, latency_ms)
                self._places.grow(scope, latency_ms, needed_calls)

    def _unprobe(self, reservation: Reservation) -> None:
        for scope in reservation.scopes:
            self._breakers.unprobe(scope, reservation.id)
        self._holds.leave(reservation)

    def _state(self, scope: str) -> ScopeState:
        breaker, held, now = self._breakers.of(scope), self._holds.of(scope), self._keys.now
        held_ms = max(held.until_ms - now, 0)
        return ScopeState(
            scope,
            suspended_for_s=max(breaker.open_until_ms - now, 0) / 1000,
            half_open=0 < breaker.open_until_ms <= now,
            failures=breaker.failures,
            kind=breaker.kind,
            reason=breaker.reason,
            held_for_s=held_ms / 1000,
            held_reason=held.reason if held_ms else "",
            in_flight=self._places.in_flight(scope),
            concurrency=int(self._places.ramp(scope).calls),
            limits_seem=self._holds.limits_seem(scope),
        )
