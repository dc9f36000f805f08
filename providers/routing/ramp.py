"""How many calls at once a scope may have, as a value: few until the first success, doubling, then carefully more.

The arithmetic here is what the scripts do inside the server; the memory twin runs it in Python.
Slow start and additive increase, multiplicative decrease are TCP's (RFC 5681).
"""

import math
from dataclasses import dataclass, replace

COLD_CALLS = 4
"""A scope of which nothing good is known yet may have so many calls, in flight or failed in a row."""
MOST_CALLS = 4096
WARM_FOR_MS = 600_000
"""After so long without a call a scope is cold again."""
SLOW = 3.0
"""An answer that takes this many times the usual is no reason for more calls at once."""
NEWS, DRIFT = 0.5, 0.05
"""How fast the usual latency follows a faster answer, and a slower one."""
CUT = 0.7
CUT_EVERY_MS = 1000
"""Calls that fail together speak of one congestion."""
WANTED_FOR_MS = 1000
BUSY_WAIT_MS = 50
"""When to look again for a free place: a call that comes back frees one at no known time."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """``calls`` may be in flight at once; up to ``turn`` that doubles with every round of good answers.

    ``wanted_at_ms`` is when a call last waited for a place: without that there is no reason to grow.
    """

    calls: float = COLD_CALLS
    turn: float = math.inf
    usual_ms: float | None = None
    cut_at_ms: int = -CUT_EVERY_MS
    wanted_at_ms: int | None = None

    def allowed(self, failures: int, ceiling: int | None) -> int:
        """Calls at once, after so many failures in a row and under a person's ceiling; one may always go."""
        allowed = max(1, math.floor(self.calls) - failures)
        return min(allowed, ceiling) if ceiling else allowed


def wanted(ramp: Ramp, now_ms: int) -> Ramp:
    """A call waits for a place."""
    return replace(ramp, wanted_at_ms=now_ms)


def grown(ramp: Ramp, now_ms: int, latency_ms: float) -> Ramp:
    """After a good answer: more, where latency holds and places were wanted in the time that it took."""
    usual = ramp.usual_ms or latency_ms
    holds = ramp.usual_ms is None or latency_ms <= SLOW * usual
    usual += (latency_ms - usual) * (NEWS if latency_ms < usual else DRIFT)
    calls = ramp.calls
    if holds and ramp.wanted_at_ms is not None and ramp.wanted_at_ms >= now_ms - latency_ms - WANTED_FOR_MS:
        calls = min(calls + (1 if calls < ramp.turn else 1 / calls), MOST_CALLS)
    return replace(ramp, calls=calls, usual_ms=usual)


def shrunk(ramp: Ramp, in_flight: int, now_ms: int) -> Ramp:
    """After a sign of congestion: fewer, once a second at most."""
    if now_ms - ramp.cut_at_ms < CUT_EVERY_MS:
        return ramp
    calls = max(1.0, min(ramp.calls, in_flight) * CUT)
    return replace(ramp, calls=calls, turn=calls, cut_at_ms=now_ms)
