"""Failures, openings and probes of a scope; what its models show of a provider; what one item shows of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from providers.llm.errors import ErrorKind
from providers.routing import breaker as rules
from providers.routing.breaker import Trip, brief
from providers.routing.report import Failure, Suspicion
from providers.routing.verdicts import OUTAGES, REFUSALS
from providers.tests.oracle.keys import Keys, ms

REMEMBERED_MS = ms(rules.REMEMBERED_S)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed where ``open_until_ms`` is 0, half-open where it has passed.

    ``failures`` are those in a row, of ``item`` or SEVERAL; ``history`` has a 1 for each failure and a 0 for each
    success. Of a provider, ``tried`` tells when each model was its probe since it was suspended, and ``asked_at_ms``
    when the probe was first left to the model whose turn it is.
    """

    failures: int = 0
    openings: int = 0
    open_until_ms: int = 0
    kind: ErrorKind | None = None
    reason: str = ""
    probe: str = ""
    probe_until_ms: int = 0
    history: str = ""
    item: str = ""
    failed_at_ms: int = 0
    asked_at_ms: int = 0
    tried: Mapping[str, int] = field(default_factory=dict)


CLOSED = Breaker()


def failed(before: Breaker, now_ms: int, failure: Failure, reason: str, *, is_probe: bool) -> Breaker:
    """One more failure. One that was under way when the breaker opened is no new opening; it may move the deadline.

    While it is open, kind and reason stay those of the failure that set the deadline.
    """
    trip, kind = failure.trip, failure.kind
    failures, openings, deadline = before.failures + 1, before.openings, before.open_until_ms
    history = (before.history + "1")[-rules.HISTORY :]
    is_open = deadline > now_ms and not is_probe
    if (deadline > 0 and not is_open) or failures >= trip.opens_after or _is_rate(history, trip):
        if not is_open:
            openings, history = openings + 1, ""
        deadline = max(deadline, now_ms + min(trip.open_ms * 2 ** (openings - 1), trip.max_open_ms))
    if is_open and deadline == before.open_until_ms:
        kind, reason = before.kind or kind, before.reason
    item = failure.item if failures == 1 or before.item == failure.item else rules.SEVERAL
    return Breaker(
        failures, openings, deadline, kind, reason, history=history, item=item, failed_at_ms=now_ms, tried=before.tried
    )


def _is_rate(history: str, trip: Trip) -> bool:
    is_long = trip.opens_after > 1 and len(history) >= rules.RATE_CALLS
    return is_long and history.count("1") >= rules.RATE_SHARE * len(history)


class Breakers:
    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def of(self, scope: str) -> Breaker:
        breaker: Breaker = self._keys.get("breaker", scope, CLOSED)
        return breaker

    def forget(self, scope: str) -> None:
        self._keys.drop("breaker", scope)

    def refuses(self, scope: str) -> bool:
        """Whether it is suspended because it refuses everybody."""
        return self.of(scope).kind in REFUSALS

    def note_good(self, provider: str, route: str) -> None:
        self._keys.put("worked", provider, {**self._worked(provider), route: self._keys.now}, REMEMBERED_MS)
        self._keys.drop("refused", route)

    def blame(self, failure: Failure, outage: Failure | None, provider: str, probed: frozenset[str]) -> Suspicion:
        """A failure counts against its scope and may count against the provider, unless it is the item's own."""
        suspicion = self._suspicion(failure, provider) if outage else Suspicion.NONE
        if not suspicion:
            opened = self._fail(failure, is_probe=failure.scope in probed)
            if outage:
                self._fail_provider(outage, failure.scope, opened, is_probe=outage.scope in probed)
        return suspicion

    def refuse(self, refusal: Failure, provider: str, call_id: str, *, is_probe: bool) -> Suspicion:
        """The item's own where others pass; where nobody does, several items in a row speak against the route."""
        scope = refusal.scope
        if is_probe and self.refuses(scope):
            self._fail(refusal, is_probe=True)
            return Suspicion.NONE
        if self._worked_lately(provider, scope):
            return Suspicion.SURE
        refused = {*self._keys.get("refused", scope, ()), refusal.item or call_id}
        self._keys.put("refused", scope, refused, ms(rules.FAILING_FOR_S))
        if len(refused) >= refusal.trip.opens_after:
            self._keys.drop("refused", scope)
            self._fail(replace(refusal, trip=replace(refusal.trip, opens_after=1)), is_probe=False)
        return Suspicion.NONE

    def succeed(self, scope: str, *, is_probe: bool) -> bool:
        """Whether it had been suspended for a time and is so no longer. While it is open, an answer from before says
        nothing."""
        before = self.of(scope)
        if before == CLOSED or (before.open_until_ms > self._keys.now and not is_probe):
            return False
        history = (before.history + "0")[-rules.HISTORY :]
        if before.open_until_ms or "1" not in history:
            self.forget(scope)
        else:
            self._keys.change("breaker", scope, replace(before, failures=0, history=history))
        return bool(before.open_until_ms and before.openings)

    def raise_fallen(self, provider: str, *, was_suspended: bool) -> None:
        """What fell with the provider may each send its probe now."""
        for route in self._keys.get("fallen", provider, ()) if was_suspended else ():
            state = self.of(route)
            if state.open_until_ms > self._keys.now and state.kind in OUTAGES:
                self._keys.change("breaker", route, replace(state, open_until_ms=self._keys.now))
        self._keys.drop("fallen", provider)

    def turn_ms(self, provider: str, route: str) -> int:
        """For how long the provider's probe is left to another of its models: to the one that worked last and was not
        tried since it was suspended, else to the one whose try is the longest ago."""
        state, worked = self.of(provider), self._worked(provider)
        names = sorted(worked, key=lambda name: (worked[name], name), reverse=True)[: rules.TURNS]
        fresh = [name for name in names if name not in state.tried]
        first = fresh[0] if fresh else min(names, key=state.tried.__getitem__, default=None)
        if first == route or (first is None and self.of(route) == CLOSED and route not in state.tried):
            return 0
        return (state.asked_at_ms or self._keys.now) + ms(rules.TURN_S) - self._keys.now

    def note_turn(self, provider: str) -> None:
        state = self.of(provider)
        if not state.asked_at_ms:
            self._keys.change("breaker", provider, replace(state, asked_at_ms=self._keys.now))

    def probe(self, scope: str, call_id: str, until_ms: int) -> None:
        self._keys.change("breaker", scope, replace(self.of(scope), probe=call_id, probe_until_ms=until_ms))

    def renew(self, scope: str, call_id: str, until_ms: int) -> None:
        if self.of(scope).probe == call_id:
            self.probe(scope, call_id, until_ms)

    def unprobe(self, scope: str, call_id: str) -> None:
        if self.of(scope).probe == call_id:
            self.probe(scope, "", 0)

    def _worked(self, provider: str) -> dict[str, int]:
        worked: dict[str, int] = self._keys.get("worked", provider, {})
        return worked

    def _worked_lately(self, provider: str, route: str) -> bool:
        return self._worked(provider).get(route, 0) > self._keys.now - ms(rules.GOOD_FOR_S)

    def _suspicion(self, failure: Failure, provider: str) -> Suspicion:
        if not failure.item:
            return Suspicion.NONE
        failing = self._keys.get("failing", failure.scope, {})
        first, times = failing.get(failure.item, (None, 0))
        failing = {**failing, failure.item: (self._keys.now if first is None else first, times + 1)}
        self._keys.put("failing", failure.scope, failing, ms(rules.FAILING_FOR_S))
        if first is None:
            return Suspicion.NONE
        row = self.of(failure.scope)
        is_alone = not row.failures or row.item == failure.item
        is_sure = is_alone or times + 1 >= rules.FAILING_OFTEN
        if self._worked(provider).get(failure.scope, 0) > first and is_sure:
            return Suspicion.SURE
        is_likely = is_alone and self._worked_lately(provider, failure.scope)
        return Suspicion.LIKELY if is_likely else Suspicion.NONE

    def _fail(self, failure: Failure, *, is_probe: bool) -> bool:
        """Whether this very failure opened it; then its scope is cold again."""
        before = self.of(failure.scope)
        after = failed(before, self._keys.now, failure, brief(failure.reason), is_probe=is_probe)
        for_ms = max(after.open_until_ms - self._keys.now, 0) + REMEMBERED_MS
        self._keys.put("breaker", failure.scope, after, for_ms)
        opened = after.openings > before.openings
        if opened:
            self._keys.drop("ramp", failure.scope)
        return opened

    def _fail_provider(self, outage: Failure, route: str, opened: bool, *, is_probe: bool) -> None:
        fallen = self._keys.get("fallen", outage.scope, frozenset())
        if opened:
            fallen |= {route}
            self._keys.put("fallen", outage.scope, fallen, REMEMBERED_MS)
        if is_probe:
            self._fail(outage, is_probe=True)
            state = self.of(outage.scope)
            self._keys.change("breaker", outage.scope, replace(state, tried={**state.tried, route: self._keys.now}))
        elif opened and len(fallen) >= outage.trip.opens_after:
            self._suspect(outage)

    def _suspect(self, outage: Failure) -> None:
        """Half-open at once, so that one call finds out."""
        state, now = self.of(outage.scope), self._keys.now
        if not state.open_until_ms:
            state = replace(state, failures=0, open_until_ms=now, failed_at_ms=now, kind=outage.kind)
            state = replace(state, reason=brief(outage.reason))
            self._keys.put("breaker", outage.scope, state, REMEMBERED_MS)
