"""How long numbers of samples take at routes with limits: a fluid model, in which calls flow as fast as they may.

Time goes on in steps that grow with it, so that a minute is told to the second and a month to the hour. A limit is a
stock that comes back as its window says, or a rate once its window is short beside a step.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generation.engine.estimates.jobs import Bound, Job, Run, Source
from generation.engine.estimates.stocks import Stock
from providers.routing.limits.budget import Bucket
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.limits.use import UNUSED, Use
from providers.routing.seconds import DAY_S

NOTHING = 1e-6
FIRST_STEP_S = 1.0
STEPS = 24
"""A step is so small a part of the time before it."""
SHORTEST_STEP = 0.25
PARTS_OF_STEP = 64
LAST_S = 20 * 366 * DAY_S
WAITS_S = 60.0
"""A shorter wait in which nothing goes is not told of."""


@dataclass(slots=True)
class _Progress:
    """How far a job has come."""

    job: Job
    made: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    bounds: defaultdict[Bound, float] = field(default_factory=lambda: defaultdict(float))
    waits: defaultdict[Bucket, float] = field(default_factory=lambda: defaultdict(float))
    left: float = 0.0
    done_s: float | None = None
    takes: list[list[tuple[Stock, float]]] = field(default_factory=list)


@dataclass(slots=True)
class _Flow:
    progress: _Progress
    place: int
    speed: float
    bound: Bound


def run(jobs: Sequence[Job], uses: Mapping[Bucket, Use], starts_at_s: float) -> list[Run | None]:
    """Work on all jobs at once, the more urgent first; those that are equal share. None of one that never gets done.

    ``uses`` is what the limits have given away already, ``starts_at_s`` the moment since the epoch.
    """
    world = _World(jobs, uses, starts_at_s)
    world.pass_time()
    return [_told(progress) for progress in world.progress]


def _step_s(at_s: float) -> float:
    return max(FIRST_STEP_S, at_s / STEPS)


def _told(progress: _Progress) -> Run | None:
    if progress.done_s is None:
        return None
    job = progress.job
    bound = max(progress.bounds, key=progress.bounds.__getitem__, default=None)
    waits_for = max(progress.waits, key=progress.waits.__getitem__, default=None)
    is_waiting = waits_for is not None and sum(progress.waits.values()) > WAITS_S
    warm_up_s = _warm_up(job.sources[0], job.samples, job.calls_at_once)
    return Run(progress.done_s + warm_up_s, progress.made, bound, waits_for if is_waiting else None)


def _warm_up(first: Source, samples: float, calls_at_once: float) -> float:
    """A cold route gets few calls, doubled with every round."""
    calls = max(1.0, min(calls_at_once, samples * first.calls_per_sample))
    return first.latency_s * math.log2(max(1.0, calls / COLD_CALLS))


class _World:
    """The jobs and the limits that they share. A limit that is a rate once stays one."""

    def __init__(self, jobs: Sequence[Job], uses: Mapping[Bucket, Use], starts_at_s: float) -> None:
        buckets = dict.fromkeys(bucket for job in jobs for source in job.sources for bucket in source.buckets)
        # Who is urgent takes what comes back at once: as a fluid it would flow to all for as long as their calls take.
        shared = len(jobs) > 1
        stocks = {
            bucket: Stock(bucket, uses.get(bucket, UNUSED), starts_at_s, is_rate=shared and bucket.is_short)
            for bucket in buckets
        }
        self.stocks = list(stocks.values())
        self.rates: dict[Stock, float] = {}
        self.opens = sorted({source.opens_s for job in jobs for source in job.sources})
        self.progress = [_Progress(job, left=job.samples) for job in jobs]
        for progress in self.progress:
            progress.takes = [
                [(stocks[bucket], source.takes(bucket)) for bucket in source.buckets] for source in progress.job.sources
            ]
        levels = sorted({job.urgency for job in jobs}, reverse=True)
        self.groups = [[each for each in self.progress if each.job.urgency == level] for level in levels]
        self.clock_s = 0.0

    def pass_time(self) -> None:
        """Go on until all that can get done is done."""
        for progress in self.progress:
            if progress.left <= NOTHING:
                progress.done_s = 0.0
        while any(each.done_s is None and each.job.sources for each in self.progress) and self.clock_s < LAST_S:
            until_s = self._step_end_s()
            from_s = self.clock_s
            for stock in self.stocks:
                stock.step(from_s, until_s)
            self.rates |= {stock: stock.inflow for stock in self.stocks if stock.is_rate}
            self.stocks = [stock for stock in self.stocks if not stock.is_rate]
            self._pass_step(until_s)
            for stock in self.stocks:
                stock.step_is_over(from_s, until_s, _step_s(from_s))

    def _step_end_s(self) -> float:
        """No step goes over the end of a calendar's period, or the moment at which a route opens; nor over a change of
        what comes back, unless that is very near."""
        at_s = self.clock_s
        opening = next((opens_s for opens_s in self.opens if opens_s > at_s), math.inf)
        ends = (stock.next_s(at_s) for stock in self.stocks)
        least_s = at_s + _step_s(at_s) * SHORTEST_STEP
        changes = (change_s for stock in self.stocks if (change_s := stock.next_change_s(at_s)) >= least_s)
        return min(at_s + _step_s(at_s), opening, *ends, *changes)

    def _pass_step(self, until_s: float) -> None:
        for part in range(PARTS_OF_STEP):
            rest_s = until_s - self.clock_s
            flows = list(self._flows())
            drains: defaultdict[Stock, float] = defaultdict(float)
            for flow in flows:
                for stock, takes in flow.progress.takes[flow.place]:
                    drains[stock] += flow.speed * takes
            if part < PARTS_OF_STEP - 1:
                rest_s = min(rest_s, *self._changes(flows, drains))
            self._advance(rest_s, flows, drains)
            if until_s - self.clock_s <= NOTHING or all(each.done_s is not None for each in self.progress):
                break
        self.clock_s = until_s

    def _changes(self, flows: Iterable[_Flow], drains: Mapping[Stock, float]) -> Iterator[float]:
        """When something else begins: a job is done, a stock is used up."""
        yield math.inf
        for progress, speed in _speeds(flows):
            yield max(progress.left / speed, NOTHING)
        for stock in self.stocks:
            yield max(stock.lasts_s(drains.get(stock, 0.0)), NOTHING)

    def _advance(self, seconds: float, flows: Sequence[_Flow], drains: Mapping[Stock, float]) -> None:
        self.clock_s += seconds
        fastest: dict[int, _Flow] = {}
        for flow in flows:
            progress, made = flow.progress, flow.speed * seconds
            progress.made[progress.job.sources[flow.place].key] += made
            progress.left -= made
            known = fastest.setdefault(id(progress), flow)
            if flow.speed > known.speed:
                fastest[id(progress)] = flow
        for stock in self.stocks:
            stock.take(drains.get(stock, 0.0) * seconds, seconds)
        for progress in self.progress:
            if progress.done_s is None:
                self._note(progress, fastest.get(id(progress)), seconds)

    def _note(self, progress: _Progress, fastest: _Flow | None, seconds: float) -> None:
        """What held the job up in that time, and whether it is done."""
        if fastest:
            progress.bounds[fastest.bound] += seconds
        elif awaited := _awaited(progress):
            progress.bounds[awaited] += seconds
            if awaited.bucket is not None and not awaited.bucket.is_short:
                progress.waits[awaited.bucket] += seconds
        if progress.left <= NOTHING:
            progress.done_s = self.clock_s

    def _flows(self) -> Iterator[_Flow]:
        """How fast each source flows now for each job: the urgent ones first; equal ones get equal parts of what is
        there, and then what the others left."""
        rates = self.rates | {stock: stock.flow for stock in self.stocks if stock.limits}
        ceilings: dict[str, float] = {}
        for group in self.groups:
            open_jobs = [each for each in group if each.done_s is None]
            free = {id(each): max(1e-3, min(each.job.calls_at_once, math.ceil(each.job.samples))) for each in open_jobs}
            for is_shared in (True, False) if len(open_jobs) > 1 else (False,):
                for place, progress in enumerate(open_jobs):
                    share = 1 / (len(open_jobs) - place) if is_shared else 1.0
                    yield from self._flows_of(progress, rates, ceilings, free, share)

    def _flows_of(
        self,
        progress: _Progress,
        rates: dict[Stock, float],
        ceilings: dict[str, float],
        free: dict[int, float],
        share: float,
    ) -> Iterator[_Flow]:
        for place, source in enumerate(progress.job.sources):
            if free[id(progress)] <= NOTHING:
                return
            if source.opens_s > self.clock_s + NOTHING:
                continue
            ceiling = ceilings.get(source.provider_id, float(source.provider_calls or math.inf))
            calls = min(free[id(progress)], ceiling * share)
            speed, tightest = calls / source.sample_s, None
            for stock, takes in progress.takes[place]:
                if stock in rates and rates[stock] * share < speed * takes:
                    speed, tightest = rates[stock] * share / takes, stock
            if speed < NOTHING**2:
                continue
            free[id(progress)] -= speed * source.sample_s
            ceilings[source.provider_id] = ceiling - speed * source.sample_s
            for stock, takes in progress.takes[place]:
                if stock in rates:
                    rates[stock] -= speed * takes
            yield _Flow(progress, place, speed, _bound(source, tightest, calls))


def _bound(source: Source, tightest: Stock | None, calls: float) -> Bound:
    if tightest is None:
        return Bound(source.key, calls_at_once=max(1, round(calls)))
    return Bound(source.key, tightest.bucket)


def _awaited(progress: _Progress) -> Bound | None:
    """The limit for which a job waits that has no flow: that of its first source with one."""
    for place, source in enumerate(progress.job.sources):
        empty = [
            stock.bucket for stock, _ in progress.takes[place] if not stock.is_rate and stock.limits and stock.flow <= 0
        ]
        if empty:
            return Bound(source.key, max(empty, key=lambda bucket: bucket.window_s))
    return None


def _speeds(flows: Iterable[_Flow]) -> list[tuple[_Progress, float]]:
    """How fast each job goes in all."""
    speeds: dict[int, tuple[_Progress, float]] = {}
    for flow in flows:
        _, before = speeds.get(id(flow.progress), (flow.progress, 0.0))
        speeds[id(flow.progress)] = flow.progress, before + flow.speed
    return list(speeds.values())
