"""What an order will probably take: time, tokens and money, as ranges. Values in, values out."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generation.engine.estimates.jobs import Bound, Job, Run, Source
from generation.engine.estimates.throughput import run
from generation.engine.estimates.usual import Usual
from providers.llm.types import Usage
from providers.routing.call import cost
from providers.routing.limits.budget import Bucket
from providers.routing.limits.urgency import Urgency
from providers.routing.limits.use import Use
from providers.routing.route import Route
from providers.routing.seconds import DAY_S

FEW_CALLS = 3
"""From so many calls on, a sample type's own numbers count, before that those of all of the route's calls."""
UNMEASURED_WIDTH = 0.5
LEAST_WIDTH = 0.1
REASKED = 0.1
"""Of a route without calls so many answers are thought to be wrong."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one route's judged calls for one sample type took in all; ``accepted`` of them brought a sample."""

    sample_type: str
    calls: int
    accepted: int
    prompt_tokens: int
    completion_tokens: int
    latency_s: float
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one route for this order; ``calls`` is how many it is based on. Before ``opens_s`` from now
    it is suspended or held."""

    route: Route
    calls: int
    calls_per_sample: float
    prompt_tokens: float
    completion_tokens: float
    latency_s: float
    opens_s: float = 0.0
    cached_tokens: float = 0.0

    @property
    def width(self) -> float:
        """By how much the truth may be off either way, as a share: less with every call that was measured."""
        return min(UNMEASURED_WIDTH, LEAST_WIDTH + 1 / math.sqrt(self.calls)) if self.calls else UNMEASURED_WIDTH

    def tokens_per_sample(self, side: int) -> float:
        """On the low side (-1), in the middle (0), or on the high side (1)."""
        return self._calls(side) * (self.prompt_tokens + self.completion_tokens * self._factor(side))

    def cost_per_sample(self, side: int) -> Decimal | None:
        """None where a price is not known."""
        of_thousand = cost(self.route.model, self._usage(side, 1000))
        return None if of_thousand is None else of_thousand / 1000 * Decimal(str(round(self._calls(side), 6)))

    def source(self, side: int = 0) -> Source:
        return Source(
            key=self.route.key,
            provider_id=self.route.provider.id,
            buckets=self.route.buckets,
            latency_s=max(0.01, self.latency_s * self._factor(side)),
            amounts=self.route.amounts(self._usage(side)),
            calls_per_sample=self._calls(side),
            provider_calls=self.route.provider.max_concurrency,
            opens_s=self.opens_s,
        )

    def _usage(self, side: int, calls: int = 1) -> Usage:
        prompt, completion = self.prompt_tokens * calls, self.completion_tokens * self._factor(side) * calls
        return Usage(round(prompt), round(completion), round(self.cached_tokens * calls))

    def _factor(self, side: int) -> float:
        return 1 + side * self.width

    def _calls(self, side: int) -> float:
        return 1 + (self.calls_per_sample - 1) * self._factor(side)


@dataclass(frozen=True, slots=True)
class Range:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CapReach:
    """A cap that is too low for the order: after about how many samples it pauses. ``is_sure`` where even the middle
    of the estimate exceeds it."""

    after: int
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` is None where the limits never let it get done, ``cost`` where no price is known.

    ``routes`` are those that will serve, with the share of the samples that each makes; ``unpriced`` are those of them
    without a price. ``waits_for`` is the limit for which everything waits at times, and ``days`` are the days that it
    goes on then; 0 where none stretches it. ``calls`` is how many measured calls the ranges are based on.
    """

    seconds: Range | None
    tokens: Range
    cost: Range | None
    bound: Bound | None
    days: int
    waits_for: Bucket | None
    calls: int
    routes: tuple[tuple[Route, float], ...]
    unpriced: tuple[Route, ...]
    token_cap: CapReach | None = None
    cost_cap: CapReach | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be estimated, from ``starts_at_s`` since the epoch on. ``uses`` is what the limits have given away
    already, ``others`` is what else is at work on them."""

    samples: int
    calls_at_once: int
    uses: Mapping[Bucket, Use]
    token_cap: int | None = None
    cost_cap: Decimal | None = None
    urgency: Urgency = Urgency.NORMAL
    others: tuple[Job, ...] = ()
    starts_at_s: float = 0.0


def expect(
    route: Route, measured: Sequence[Measured], mix: Mapping[str, float], usuals: Mapping[str, Usual]
) -> Expected:
    """What the route will take for a mix (sample type -> share), where measured, else as is usual for the type.

    A prompt is never thought shorter than its characters say: the batch's instruction may be longer than earlier ones.
    """
    by_type = {entry.sample_type: entry for entry in measured}
    whole = _sum(measured)
    prompt = completion = latency = repeats = cached = 0.0
    for sample_type, share in mix.items():
        known = usuals[sample_type]
        if route.model.is_thinking_model:
            known = known.thought_through
        own = by_type.get(sample_type)
        facts = own if own is not None and own.calls >= FEW_CALLS else whole
        if facts is None:
            prompt += share * known.prompt_tokens
            completion += share * known.completion_tokens
            latency += share * known.latency_s
            repeats += share * (1 + REASKED)
            continue
        prompt += share * max(known.prompt_tokens, facts.prompt_tokens / facts.calls)
        completion += share * facts.completion_tokens / facts.calls
        latency += share * facts.latency_s / facts.calls
        cached += share * facts.cached_tokens / facts.calls
        repeats += share * (facts.calls + 1) / (facts.accepted + 1)
    calls = whole.calls if whole else 0
    return Expected(route, calls, repeats, prompt, completion, latency, cached_tokens=cached)


def estimate(plan: Plan, expected: Sequence[Expected]) -> Estimate:
    """The order at these routes, the first one used first, the others where it is full. At least one route."""
    runs = {side: _run(plan, expected, side) for side in (-1, 0, 1)}
    middle = runs[0]
    made = middle.made if middle else {expected[0].route.key: float(plan.samples)}
    total = sum(made.values())
    serving = [(entry, made[entry.route.key] / total) for entry in expected if made.get(entry.route.key, 0) > 0.5]
    low, mid, high = (_tokens(serving, side) for side in (-1, 0, 1))
    costs = [_cost(serving, side) for side in (-1, 0, 1)]
    slowest = runs[1]
    waits_for = slowest.waits_for if slowest else None
    return Estimate(
        seconds=Range(runs[-1].seconds, slowest.seconds) if runs[-1] and slowest else None,
        tokens=Range(low * plan.samples, high * plan.samples),
        cost=None if costs[0] is None or costs[2] is None else Range(costs[0] * plan.samples, costs[2] * plan.samples),
        bound=middle.bound if middle else None,
        days=math.ceil(slowest.seconds / DAY_S) if slowest and waits_for else 0,
        waits_for=waits_for,
        calls=sum(entry.calls for entry, _ in serving),
        routes=tuple((entry.route, share) for entry, share in serving),
        unpriced=tuple(entry.route for entry, _ in serving if entry.cost_per_sample(0) is None),
        token_cap=_reach(plan.samples, plan.token_cap, mid, high),
        cost_cap=_reach(plan.samples, plan.cost_cap, costs[1], costs[2]),
    )


def _run(plan: Plan, expected: Sequence[Expected], side: int) -> Run | None:
    job = Job(tuple(entry.source(side) for entry in expected), plan.samples, plan.calls_at_once, plan.urgency)
    return run([job, *plan.others], plan.uses, plan.starts_at_s)[0]


def _tokens(serving: Iterable[tuple[Expected, float]], side: int) -> float:
    return sum(share * entry.tokens_per_sample(side) for entry, share in serving)


def _cost(serving: Iterable[tuple[Expected, float]], side: int) -> float | None:
    """Money per sample, of the routes with prices; None where there are none."""
    costs = [(entry.cost_per_sample(side), share) for entry, share in serving]
    known = [float(money) * share for money, share in costs if money is not None]
    return sum(known) if known else None


def _reach(samples: int, cap: int | Decimal | None, per_sample: float | None, at_most: float | None) -> CapReach | None:
    if cap is None or not per_sample or not at_most or at_most * samples <= cap:
        return None
    is_sure = per_sample * samples > cap
    return CapReach(int(float(cap) / (per_sample if is_sure else at_most)), is_sure)


def _sum(measured: Sequence[Measured]) -> Measured | None:
    if not measured:
        return None
    return Measured(
        "",
        sum(entry.calls for entry in measured),
        sum(entry.accepted for entry in measured),
        sum(entry.prompt_tokens for entry in measured),
        sum(entry.completion_tokens for entry in measured),
        sum(entry.latency_s for entry in measured),
        sum(entry.cached_tokens for entry in measured),
    )
