"""Calls at once: slow start, then additive increase and multiplicative decrease, as of TCP (RFC 5681)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from providers.routing.limits.amounts import Amounts
from providers.routing.limits.budget import HORIZON_MS, Bucket
from providers.routing.limits.ramp import (
    CUT,
    CUT_EVERY_MS,
    DRIFT,
    LEAP,
    MOST_CALLS,
    NEWS,
    RECOVERY,
    SLOW,
    WANTED_FOR_MS,
    WARM_FOR_MS,
)
from providers.tests.oracle.expiring import Expiring
from providers.tests.oracle.keys import Keys


@dataclass(frozen=True, slots=True)
class Ramp:
    """``calls`` may be in flight at once; up to ``turn`` that doubles with every round of good answers."""

    calls: float
    turn: float = math.inf
    usual_ms: float | None = None
    cut_at_ms: int = 0
    wanted_at_ms: int = 0


def needed(buckets: Iterable[Bucket], amounts: Amounts, latency_ms: float) -> float:
    """Calls at once that use the limits of the shortest window to the full: limit x latency. 0 without limits."""
    by_span: dict[int, list[float]] = {}
    for bucket in buckets:
        calls = bucket.limit / max(bucket.cost(amounts), 1) * latency_ms / bucket.span_ms
        by_span.setdefault(bucket.span_ms, []).append(calls)
    return min(by_span[min(by_span)]) if by_span else 0.0


class Places:
    def __init__(self, keys: Keys, cold_calls: int) -> None:
        self._keys = keys
        self._cold = Ramp(cold_calls)

    def in_flight(self, scope: str) -> int:
        return self._flights(scope).count(self._keys.now)

    def enter(self, scope: str, call_id: str, until_ms: int, lease_ms: int) -> None:
        """A renewal never shortens."""
        flights = self._flights(scope)
        flights.put(call_id, max(until_ms, flights.until(call_id)))
        self._keys.put("flight", scope, flights, lease_ms + HORIZON_MS)

    def leave(self, scope: str, call_id: str) -> bool:
        """Whether it had a place."""
        flights = self._flights(scope)
        had = flights.until(call_id) > self._keys.now
        flights.drop(call_id)
        return had

    def ramp(self, scope: str) -> Ramp:
        ramp: Ramp = self._keys.get("ramp", scope, self._cold)
        return ramp

    def allowed(self, scope: str, failures: int, ceiling: int | None, *, only_one: bool) -> int:
        """Calls at once, after so many failures in a row and under a person's ceiling; one may always go."""
        allowed = max(1, math.floor(self.ramp(scope).calls) - failures)
        return 1 if only_one else min(allowed, ceiling or allowed)

    def want(self, scope: str) -> None:
        """A call waits for a place; without that there is no reason to grow."""
        self._write(scope, replace(self.ramp(scope), wanted_at_ms=self._keys.now))

    def grow(self, scope: str, latency_ms: int, needed: float) -> None:
        """After a good answer: more, where latency holds and places were wanted in the time that it took.

        ``needed`` calls at once use the known limits to the full.
        """
        ramp = self.ramp(scope)
        usual = latency_ms if ramp.usual_ms is None else ramp.usual_ms
        holds, calls = latency_ms <= SLOW * usual, ramp.calls
        usual += (latency_ms - usual) * (NEWS if latency_ms < usual else DRIFT)
        if holds and ramp.wanted_at_ms >= self._keys.now - latency_ms - WANTED_FOR_MS:
            more = 1 if calls < ramp.turn else 1 / calls
            if calls < ramp.turn:
                more = max(more, min(needed, ramp.turn, LEAP * calls) - calls)
            elif calls < needed:
                more = max(more, RECOVERY)
            calls = min(calls + more, MOST_CALLS)
        self._write(scope, replace(ramp, calls=calls, usual_ms=usual))

    def shrink(self, scope: str, in_flight: int) -> None:
        """After a sign of congestion: fewer, once a second at most."""
        ramp, now = self.ramp(scope), self._keys.now
        if now - ramp.cut_at_ms >= CUT_EVERY_MS:
            calls, turn = (max(1.0, most * CUT) for most in (min(ramp.calls, in_flight), ramp.calls))
            self._write(scope, replace(ramp, calls=calls, turn=turn, cut_at_ms=now))

    def _flights(self, scope: str) -> Expiring:
        flights: Expiring | None = self._keys.get("flight", scope)
        return Expiring() if flights is None else flights

    def _write(self, scope: str, ramp: Ramp) -> None:
        self._keys.put("ramp", scope, ramp, WARM_FOR_MS)
