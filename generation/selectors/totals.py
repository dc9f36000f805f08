"""What a batch's attempts say in numbers. A fixed number of queries, however large the batch is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from generation.choices import OK_OUTCOME, OUTCOMES
from generation.models import Attempt, Batch
from generation.selectors.model_quality import share
from generation.selectors.route_totals import Calls, percentile_ms, tally
from providers.llm.errors import ErrorKind
from providers.routing.explaining.durations import latency
from providers.routing.money import Spending


@dataclass(frozen=True, slots=True)
class RouteSummary:
    """``faults`` holds (what went wrong, how often), most frequent first.

    ``spending`` is what its calls cost, ``quality`` is the share of answers that were accepted; ``first_accepted`` of
    so many ``first_answers`` to items were accepted at once. ``p50_ms`` and ``p95_ms`` are of accepted answers, None
    where there was none.
    """

    provider: str
    model: str
    attempts: int
    accepted: int
    switched_here: int
    tokens: int
    cached_tokens: int
    reasoning_tokens: int
    spending: Spending
    p50_ms: float | None
    p95_ms: float | None
    faults: tuple[tuple[str, int], ...]
    quality: float | None
    first_answers: int = 0
    first_accepted: int = 0

    @property
    def first_pass(self) -> float | None:
        """The share of first answers that were accepted, 0 to 1; None where there was none."""
        return share(self.first_accepted, self.first_answers - self.first_accepted)

    @property
    def first_pass_percent(self) -> float | None:
        return None if self.first_pass is None else 100 * self.first_pass

    @property
    def quality_percent(self) -> float | None:
        return None if self.quality is None else 100 * self.quality

    @property
    def latency_in_words(self) -> str:
        """Median and 95th percentile; empty where nothing was accepted."""
        if self.p50_ms is None or self.p95_ms is None:
            return ""
        return f"{latency(self.p50_ms)} / {latency(self.p95_ms)}"


def routes(batch: Batch) -> list[RouteSummary]:
    """Every route that the batch has called, the one with the most accepted answers first. One query."""
    by_route: dict[tuple[str, str], dict[str, Calls]] = {}
    for (provider, model, outcome), calls in tally(batch).calls.items():
        by_route.setdefault((provider, model), {})[outcome] = calls
    summaries = [_summary(provider, model, by_outcome) for (provider, model), by_outcome in by_route.items()]
    return sorted(summaries, key=lambda route: (-route.accepted, -route.attempts, route.provider, route.model))


def _summary(provider: str, model: str, by_outcome: Mapping[str, Calls]) -> RouteSummary:
    names = dict(OUTCOMES)
    every = by_outcome.values()
    faults = [(names.get(kind, kind), calls.count) for kind, calls in by_outcome.items() if kind != OK_OUTCOME]
    good, wrong = (by_outcome.get(kind, Calls()) for kind in (OK_OUTCOME, ErrorKind.BAD_OUTPUT))
    return RouteSummary(
        provider=provider,
        model=model,
        attempts=sum(calls.count for calls in every),
        accepted=good.count,
        switched_here=sum(calls.switched_here for calls in every),
        tokens=sum(calls.tokens for calls in every),
        cached_tokens=sum(calls.cached_tokens for calls in every),
        reasoning_tokens=sum(calls.reasoning_tokens for calls in every),
        p50_ms=percentile_ms(good.steps, 0.5) if good.count else None,
        p95_ms=percentile_ms(good.steps, 0.95) if good.count else None,
        spending=Spending(sum((calls.cost for calls in every), Decimal(0)), sum(calls.unpriced for calls in every)),
        faults=tuple(sorted(faults, key=lambda fault: -fault[1])),
        quality=share(good.count, wrong.count),
        first_answers=good.first_answers + wrong.first_answers,
        first_accepted=good.first_answers,
    )


@dataclass(frozen=True, slots=True)
class SwitchSummary:
    """How often items moved on from one route to another, and after which kind of fault."""

    before: str
    after: str
    why: str
    times: int


def switches(batch: Batch) -> list[SwitchSummary]:
    """The commonest first. One query."""
    rows = (
        Attempt.objects.moves_of(batch)
        .order_by()
        .values("from_provider", "from_model", "provider", "model", "why")
        .annotate(times=Count("pk"))
        .order_by("-times", "provider", "model")
    )
    return [
        SwitchSummary(
            f"{row['from_provider']}/{row['from_model']}", f"{row['provider']}/{row['model']}", row["why"], row["times"]
        )
        for row in rows
    ]
