"""The circuit breaker of one scope as a value: closed -> open -> half-open with one probe -> closed or open again.

The arithmetic here is what the scripts do inside the server; the memory twin runs it in Python.
Times are whole milliseconds.
"""

from dataclasses import dataclass, replace

from providers.llm.errors import ErrorKind

PROBE_LEASE_S = 150.0
"""A probe whose worker died frees its place after this long: a little more than a call may take."""
REMEMBERED_S = 86_400.0
"""Failures are forgotten this long after the last one, or after the deadline that it set."""
REASON_CHARS = 300
HISTORY = 40
RATE_CALLS = 20
RATE_SHARE = 0.5
"""Of the last HISTORY outcomes since the first failure, from RATE_CALLS on, this share of failures opens it too."""


@dataclass(frozen=True, slots=True)
class Trip:
    """When to open, and for how long: ``open_ms`` the first time, doubled per opening up to ``max_open_ms``.

    ``opens_after`` counts failures in a row; where it is more than one, a high rate of failures opens too.
    """

    opens_after: int
    open_ms: int
    max_open_ms: int

    def duration_ms(self, openings: int) -> int:
        return int(min(self.open_ms * 2 ** (openings - 1), self.max_open_ms))


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed where ``open_until_ms`` is 0, half-open where it has passed.

    ``failures`` are those in a row; ``history`` has a 1 for each failure and a 0 for each success.
    """

    failures: int = 0
    openings: int = 0
    open_until_ms: int = 0
    kind: ErrorKind | None = None
    reason: str = ""
    probe: str = ""
    probe_until_ms: int = 0
    history: str = ""

    def suspended_ms(self, now_ms: int) -> int:
        """Milliseconds until its deadline; 0 where it is closed or half-open."""
        return max(self.open_until_ms - now_ms, 0)

    def is_half_open(self, now_ms: int) -> bool:
        return 0 < self.open_until_ms <= now_ms

    def wait_ms(self, now_ms: int) -> int:
        """Milliseconds until a call may pass: its deadline, or the end of the probe that is out."""
        if self.is_half_open(now_ms):
            return max(self.probe_until_ms - now_ms, 0)
        return self.suspended_ms(now_ms)


def failed(breaker: Breaker, now_ms: int, kind: ErrorKind, reason: str, trip: Trip) -> Breaker:
    """One more failure. One that was under way when the breaker opened is no new opening; it may move the deadline.

    While it is open, kind and reason stay those of the failure that set the deadline.
    """
    failures, openings, deadline = breaker.failures + 1, breaker.openings, breaker.open_until_ms
    history = (breaker.history + "1")[-HISTORY:]
    is_open = breaker.suspended_ms(now_ms) > 0
    if breaker.is_half_open(now_ms) or failures >= trip.opens_after or _is_rate(history, trip):
        if not is_open:
            openings, history = openings + 1, ""
        deadline = max(deadline, now_ms + trip.duration_ms(openings))
    if is_open and deadline == breaker.open_until_ms:
        kind, reason = breaker.kind or kind, breaker.reason
    return Breaker(failures, openings, deadline, kind, reason, history=history)


def succeeded(breaker: Breaker, now_ms: int) -> Breaker:
    """A good answer closes it where it is half-open. While it is open, an answer from before says nothing."""
    if breaker == Breaker() or breaker.suspended_ms(now_ms):
        return breaker
    history = (breaker.history + "0")[-HISTORY:]
    if breaker.is_half_open(now_ms) or "1" not in history:
        return Breaker()
    return replace(breaker, failures=0, history=history)


def _is_rate(history: str, trip: Trip) -> bool:
    return trip.opens_after > 1 and len(history) >= RATE_CALLS and history.count("1") >= RATE_SHARE * len(history)


def probed(breaker: Breaker, probe: str, until_ms: int) -> Breaker:
    """Half-open with its probe on the way."""
    return replace(breaker, probe=probe, probe_until_ms=until_ms)


def unprobed(breaker: Breaker, probe: str) -> Breaker:
    """Free for the next probe, if this one holds the place."""
    return replace(breaker, probe="", probe_until_ms=0) if breaker.probe == probe else breaker


def brief(reason: str) -> str:
    """Words that fit a list and that any store can encode."""
    return reason[:REASON_CHARS].encode("utf-8", "replace").decode()
