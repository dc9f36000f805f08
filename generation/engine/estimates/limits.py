"""What will become of one limit: what is left, when it is used up at the present pace, and what comes back when."""

from collections.abc import Iterator
from dataclasses import dataclass

from providers.routing.limits.budget import Bucket
from providers.routing.limits.use import Use

WORTH_TELLING = 0.1
"""So small a part of a limit that comes back is no news."""


@dataclass(frozen=True, slots=True)
class LimitForecast:
    """All seconds count from now. ``used_up_s``: 0 where nothing is left, None where the present pace, ``per_s``, does
    not use it up before more comes back. ``back_s``: when ``back`` units have come back, all of them by ``whole_s``,
    where no more is used; None where nothing is used now."""

    bucket: Bucket
    left: int
    per_s: float = 0.0
    used_up_s: float | None = None
    back: int = 0
    back_s: float | None = None
    whole_s: float | None = None


def limit_forecast(bucket: Bucket, use: Use, per_s: float, now_s: float) -> LimitForecast:
    """At a pace of so many units a second, from ``now_s`` since the epoch on."""
    back, back_s = _back(bucket, use)
    return LimitForecast(
        bucket,
        left=max(0, bucket.limit - use.used),
        per_s=per_s,
        used_up_s=_used_up_s(bucket, use, per_s, now_s),
        back=back,
        back_s=back_s,
        whole_s=max((leave.to_s for leave in use.leaves), default=None),
    )


def _back(bucket: Bucket, use: Use) -> tuple[int, float | None]:
    """The first that is worth telling of, and when it is there."""
    came = 0.0
    for leave in sorted(use.leaves, key=lambda leave: leave.to_s):
        came += leave.amount
        if came >= min(use.used, max(1.0, WORTH_TELLING * bucket.limit)) - 1e-6:
            return round(came), leave.to_s
    return 0, None


def _used_up_s(bucket: Bucket, use: Use, per_s: float, now_s: float) -> float | None:
    free = float(bucket.limit - use.used)
    if free <= 0:
        return 0.0
    if per_s <= 0:
        return None
    at_s = 0.0
    for until_s, inflow, at_once in _inflows(bucket, use, now_s):
        drain = per_s - inflow
        if drain > 0 and at_s + free / drain <= until_s:
            return at_s + free / drain
        free, at_s = free - drain * (until_s - at_s) + at_once, until_s
    return None


def _inflows(bucket: Bucket, use: Use, now_s: float) -> Iterator[tuple[float, float, float]]:
    """Spans of time, each with when it ends, the units a second that come back in it, and those that do at its end.

    Up to the moment when what is used from now on comes back."""
    moments = sorted({moment for leave in use.leaves for moment in (leave.from_s, leave.to_s) if moment > 0})
    end_s = bucket.window.ends(now_s)[1] - now_s if bucket.window.time_zone else bucket.span_ms / 1000
    before = 0.0
    for until_s in [*(moment for moment in moments if moment < end_s), end_s]:
        inside = [leave for leave in use.leaves if leave.from_s <= before and leave.to_s >= until_s]
        inflow = sum(leave.amount / (leave.to_s - leave.from_s) for leave in inside if leave.to_s > leave.from_s)
        at_once = sum(leave.amount for leave in use.leaves if leave.from_s == leave.to_s == until_s)
        yield until_s, inflow, at_once
        before = until_s
