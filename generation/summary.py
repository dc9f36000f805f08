"""What a batch's attempts say in numbers. A fixed number of queries, however large the batch is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, OuterRef, Q, Subquery, Sum

from generation.choices import OK_OUTCOME
from generation.engine.caps import amount
from generation.models import OUTCOMES, Attempt, Batch
from generation.quality import share
from providers.llm.errors import ErrorKind


class Percentile(Aggregate):
    """PostgreSQL's own, between the two nearest values."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class RouteSummary:
    """``faults`` holds (what went wrong, how often), most frequent first.

    ``cost`` is None where no call's is known, ``quality`` is the share of answers that were accepted; ``p50_ms`` and
    ``p95_ms`` are of accepted answers, None where there was none.
    """

    provider: str
    model: str
    attempts: int
    accepted: int
    switched_here: int
    tokens: int
    cost: Decimal | None
    p50_ms: float | None
    p95_ms: float | None
    faults: tuple[tuple[str, int], ...]
    quality: float | None

    @property
    def quality_percent(self) -> float | None:
        return None if self.quality is None else 100 * self.quality

    @property
    def cost_in_words(self) -> str:
        return "not known" if self.cost is None else amount(self.cost)


def routes(batch: Batch) -> list[RouteSummary]:
    """Every route that the batch has called, the one with the most accepted answers first. One query."""
    counted = (
        Attempt.objects.filter(batch=batch)
        .order_by()
        .values("provider", "model", "outcome")
        .annotate(
            calls=Count("pk"),
            switches=Count("pk", filter=Q(is_switch=True)),
            tokens=Sum(F("prompt_tokens") + F("completion_tokens")),
            known_cost=Sum("cost"),
            p50_ms=Percentile("latency_ms", share=0.5),
            p95_ms=Percentile("latency_ms", share=0.95),
        )
    )
    by_route: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in counted:
        by_route.setdefault((row["provider"], row["model"]), []).append(row)
    summaries = [_summary(provider, model, rows) for (provider, model), rows in by_route.items()]
    return sorted(summaries, key=lambda route: (-route.accepted, -route.attempts, route.provider, route.model))


def _summary(provider: str, model: str, rows: Iterable[Mapping[str, Any]]) -> RouteSummary:
    names = dict(OUTCOMES)
    by_outcome = {str(row["outcome"]): row for row in rows}
    calls = sum(int(row["calls"]) for row in by_outcome.values())
    faults = [(names.get(kind, kind), int(row["calls"])) for kind, row in by_outcome.items() if kind != OK_OUTCOME]
    accepted, wrong = (int(by_outcome.get(kind, {"calls": 0})["calls"]) for kind in (OK_OUTCOME, ErrorKind.BAD_OUTPUT))
    good = by_outcome.get(OK_OUTCOME)
    costs = [row["known_cost"] for row in by_outcome.values() if row["known_cost"] is not None]
    return RouteSummary(
        provider=provider,
        model=model,
        attempts=calls,
        accepted=accepted,
        switched_here=sum(int(row["switches"]) for row in by_outcome.values()),
        tokens=sum(int(row["tokens"]) for row in by_outcome.values()),
        p50_ms=good["p50_ms"] if good else None,
        p95_ms=good["p95_ms"] if good else None,
        cost=sum(costs, Decimal(0)) if costs else None,
        faults=tuple(sorted(faults, key=lambda fault: -fault[1])),
        quality=share(accepted, wrong),
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

    def before(field: str) -> Subquery:
        earlier = Attempt.objects.filter(item=OuterRef("item"), pk__lt=OuterRef("pk")).order_by("-pk")
        return Subquery(earlier.values(field)[:1])

    moves = Attempt.objects.filter(batch=batch, is_switch=True).order_by()
    rows = (
        moves.annotate(from_provider=before("provider"), from_model=before("model"), why=before("outcome"))
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
