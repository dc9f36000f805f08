"""How long a number of samples takes at routes with limits: a fluid model, in which calls flow as fast as they may.

The first minute may use each minute's limit at once, unless the pace is even; from then on it refills evenly. A day's
limit is a stock that is full again 24 hours after the start.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from providers.routing.limits.amounts import Amounts
from providers.routing.limits.budget import Bucket
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.seconds import DAY_S, MINUTE_S

NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Source:
    """One route, as far as time is concerned; numbers are means, ``amounts`` those of
    a call. ``provider_calls`` is its provider's ceiling."""

    key: str
    provider_id: str
    buckets: tuple[Bucket, ...]
    latency_s: float
    amounts: Amounts
    calls_per_sample: float
    provider_calls: int | None = None

    def takes(self, bucket: Bucket) -> float:
        """Units of the bucket for one sample."""
        return self.calls_per_sample * max(bucket.cost(self.amounts), NOTHING)


@dataclass(frozen=True, slots=True)
class Bound:
    """What keeps a route from being faster: a bucket, or else how many calls there are at once."""

    key: str
    bucket: Bucket | None = None
    calls_at_once: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """``made`` counts the samples by route, ``days`` the days begun. ``bound`` is what limited most samples.

    ``day_bucket`` is the limit per day for which everything waits until the next day; None where something always goes.
    """

    seconds: float
    made: Mapping[str, float]
    bound: Bound | None
    days: int = 1
    day_bucket: Bucket | None = None


@dataclass(frozen=True, slots=True)
class _Flow:
    source: Source
    samples_per_s: float
    bound: Bound


def run(
    sources: Sequence[Source], samples: float, calls_at_once: int, used: Mapping[Bucket, int] | None = None
) -> Run | None:
    """Make ``samples``, the sources used in this order, the later ones where the earlier are full.

    ``used`` is what the days' limits have given away already. None where they never get done.
    """
    if not sources:
        return None
    calls_at_once = max(1, min(calls_at_once, math.ceil(samples)))
    first = _Day(sources, calls_at_once, used or {})
    first.pass_time(samples, until_s=MINUTE_S, at_first=True)
    first.pass_time(samples, until_s=DAY_S)
    seconds, made, bounds, days = first.clock_s, first.made, first.bounds, 1
    left = samples - first.total
    if left > NOTHING:
        whole = _Day(sources, calls_at_once, {})
        whole.pass_time(left, until_s=DAY_S)
        if whole.total < NOTHING:
            return None
        full_days = max(0, math.ceil(left / whole.total - NOTHING) - 1)
        last = _Day(sources, calls_at_once, {})
        last.pass_time(left - full_days * whole.total, until_s=DAY_S)
        for day, times in ((whole, full_days), (last, 1)):
            for key, count in day.made.items():
                made[key] += times * count
        seconds, days = (1 + full_days) * DAY_S + last.clock_s, 2 + full_days
    bound = max(bounds, key=lambda entry: bounds[entry], default=None)
    return Run(seconds + _warm_up(sources[0], samples, calls_at_once), made, bound, days, first.waits_for)


def _warm_up(first: Source, samples: float, calls_at_once: int) -> float:
    """A cold route gets few calls, doubled with every round; and the last call has to come back."""
    calls = max(1.0, min(calls_at_once, samples * first.calls_per_sample))
    return first.latency_s * math.log2(max(1.0, calls / COLD_CALLS))


class _Day:
    """One day's stocks, and what has been made of them."""

    def __init__(self, sources: Sequence[Source], calls_at_once: int, used: Mapping[Bucket, int]) -> None:
        self.sources = sources
        self.calls_at_once = calls_at_once
        buckets = {bucket for source in sources for bucket in source.buckets}
        self.stocks = {bucket: max(0.0, bucket.limit - used.get(bucket, 0)) for bucket in buckets}
        self.made: defaultdict[str, float] = defaultdict(float)
        self.bounds: defaultdict[Bound, float] = defaultdict(float)
        self.waits_for: Bucket | None = None
        self.clock_s = 0.0
        self.total = 0.0

    def pass_time(self, samples: float, *, until_s: float, at_first: bool = False) -> None:
        """Go on until so many samples are made in all, or it is so late, or nothing can flow any more."""
        while samples - self.total > NOTHING and until_s - self.clock_s > NOTHING:
            flows = list(self._flows(at_first, samples))
            speed = sum(flow.samples_per_s for flow in flows)
            if speed < NOTHING**2:
                spent = (bucket for source in self.sources for bucket in source.buckets if not self.stocks[bucket])
                self.waits_for = next((bucket for bucket in spent if not bucket.is_short), None)
                self.clock_s = until_s
                return
            drains = self._drains(flows, at_first)
            step_s = min(
                (samples - self.total) / speed,
                until_s - self.clock_s,
                *(self.stocks[bucket] / drain for bucket, drain in drains.items()),
            )
            self._advance(step_s, flows, drains)

    def _advance(self, step_s: float, flows: Sequence[_Flow], drains: Mapping[Bucket, float]) -> None:
        self.clock_s += step_s
        for flow in flows:
            count = flow.samples_per_s * step_s
            self.made[flow.source.key] += count
            self.bounds[flow.bound] += count
            self.total += count
        for bucket, drain in drains.items():
            self.stocks[bucket] -= step_s * drain
            if self.stocks[bucket] <= NOTHING * bucket.limit:
                self.stocks[bucket] = 0.0

    def _drains(self, flows: Sequence[_Flow], at_first: bool) -> dict[Bucket, float]:
        """Units a second by which each stock in use shrinks."""
        drains: defaultdict[Bucket, float] = defaultdict(float)
        for flow in flows:
            for bucket in flow.source.buckets:
                if _is_stock(bucket, at_first):
                    drains[bucket] += flow.samples_per_s * flow.source.takes(bucket)
        return drains

    def _flows(self, at_first: bool, samples: float) -> Iterator[_Flow]:
        """How fast each source flows now, beside those before it."""
        free = float(self.calls_at_once)
        rates = {bucket: bucket.limit / bucket.window_s for bucket in self.stocks if not _is_stock(bucket, at_first)}
        by_provider: dict[str, float] = {}
        for source in self.sources:
            if any(_is_stock(bucket, at_first) and not self.stocks[bucket] for bucket in source.buckets):
                continue
            ceiling = by_provider.get(source.provider_id, source.provider_calls or math.inf)
            calls = min(free, ceiling)
            seconds = source.calls_per_sample * source.latency_s
            bounds = [(calls / seconds, Bound(source.key, calls_at_once=round(calls)))]
            paced = [bucket for bucket in source.buckets if bucket in rates]
            bounds += [(rates[bucket] / source.takes(bucket), Bound(source.key, bucket)) for bucket in paced]
            speed, bound = min(bounds, key=lambda entry: entry[0])
            if speed < NOTHING**2:
                continue
            free -= speed * seconds
            by_provider[source.provider_id] = ceiling - speed * seconds
            for bucket in paced:
                rates[bucket] -= speed * source.takes(bucket)
            yield _Flow(source, speed, bound)


def _is_stock(bucket: Bucket, at_first: bool) -> bool:
    return not bucket.is_short or (at_first and not bucket.is_smooth)
