"""What the calls of the last hour, and of today, came to. Each function is one query over the index on time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Max, Min, Q, Sum, Value
from django.db.models.functions import Now

from generation.choices import OK_OUTCOME, OUTCOMES
from generation.models import Attempt
from providers.llm.types import Usage
from providers.routing.call import amounts
from providers.routing.explaining.money import Spending
from providers.routing.limits.amounts import Amounts, Unit

RATE_MINUTES = 5
STALE_AFTER = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)
SHORTEST_MINUTES = 0.25  # a batch that has just begun is not judged by its first second

LAST_HOUR = """
SELECT grouping(provider) = 0, provider, outcome, count(*),
       count(*) FILTER (WHERE outcome = %(ok)s),
       percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE outcome = %(ok)s)
FROM attempts
WHERE started_at > now() - interval '1 hour'
GROUP BY GROUPING SETS ((provider), (outcome))
"""


@dataclass(frozen=True, slots=True)
class CallsOfProvider:
    """``p50_ms`` and ``p95_ms`` are of its accepted answers; None where there was none."""

    calls: int
    accepted: int
    p50_ms: float | None
    p95_ms: float | None

    @property
    def success_percent(self) -> float:
        return 100 * self.accepted / self.calls


@dataclass(frozen=True, slots=True)
class LastHour:
    """``faults`` holds (what went wrong, how often), most frequent first."""

    by_provider: dict[str, CallsOfProvider]
    faults: tuple[tuple[str, int], ...]


def last_hour() -> LastHour:
    by_provider: dict[str, CallsOfProvider] = {}
    faults: list[tuple[str, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(LAST_HOUR, {"ok": OK_OUTCOME})
        for is_of_provider, provider, outcome, calls, accepted, percentiles in cursor.fetchall():
            if is_of_provider:
                by_provider[provider] = CallsOfProvider(calls, accepted, *(percentiles or (None, None)))
            elif outcome != OK_OUTCOME:
                faults.append((dict(OUTCOMES).get(outcome, outcome), calls))
    return LastHour(by_provider, tuple(sorted(faults, key=lambda fault: -fault[1])))


def cost_since(moment: datetime) -> dict[str, Spending]:
    """What the calls cost, by provider."""
    calls = Attempt.objects.filter(started_at__gte=moment).order_by().values_list("provider")
    sums = calls.annotate(known=Sum("cost", default=Decimal(0)), unpriced=Count("pk", filter=Q(cost__isnull=True)))
    return {provider: Spending(*numbers) for provider, *numbers in sums}


def accepted_per_minute(batch_ids: Collection[int]) -> dict[int, float]:
    """Samples a minute over the last minutes, or since its first call in them, of each batch that made one in the last
    minute: of one that makes nothing any more no pace is told."""
    since = Now() - timedelta(minutes=RATE_MINUTES)
    came = ExpressionWrapper(F("started_at") + F("latency_ms") * Value(MILLISECOND), DateTimeField())
    rows = (
        Attempt.objects.filter(batch_id__in=batch_ids, outcome=OK_OUTCOME, started_at__gt=since)
        .order_by()
        .values_list("batch_id")
        .alias(came_last=Max(came))
        .annotate(Count("pk"), span=Now() - Min("started_at"))
        .filter(came_last__gt=Now() - STALE_AFTER)
    )
    return {pk: made / max(span.total_seconds() / 60, SHORTEST_MINUTES) for pk, made, span in rows}


@dataclass(frozen=True, slots=True)
class Taken:
    """What the calls to one route took of limits in the last minutes, in all."""

    provider: str
    model: str
    calls: int
    amounts: Amounts

    def per_s(self, unit: Unit) -> float:
        return (self.calls if unit is Unit.REQUESTS else self.amounts.of(unit)) / (60 * RATE_MINUTES)


def taken_lately() -> list[Taken]:
    """By route, over the last minutes."""
    lately = Attempt.objects.filter(started_at__gt=Now() - timedelta(minutes=RATE_MINUTES)).order_by()
    names = ("cost", "prompt_tokens", "completion_tokens", "cached_tokens")
    rows = lately.values("provider", "model").annotate(Count("pk"), *map(Sum, names))
    columns = ("provider", "model", "pk__count", *(f"{name}__sum" for name in names))
    return [
        Taken(provider, model, calls, amounts(Usage(*usage), cost))
        for provider, model, calls, cost, *usage in rows.values_list(*columns)
    ]


PER_MINUTE = """
SELECT date_trunc('minute', started_at), count(*) FILTER (WHERE outcome = %(ok)s),
       count(*) FILTER (WHERE outcome <> %(ok)s)
FROM attempts
WHERE batch_id = %(batch)s AND started_at BETWEEN %(end)s - interval '1 hour' AND %(end)s
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Minute:
    at: datetime
    accepted: int
    failed: int


def minutes_of(batch_id: int, end: datetime) -> list[Minute]:
    """The batch's calls by minute in the hour before ``end``, from the first minute with one; those without too."""
    with connection.cursor() as cursor:
        cursor.execute(PER_MINUTE, {"ok": OK_OUTCOME, "batch": batch_id, "end": end})
        found = {at: Minute(at, accepted, failed) for at, accepted, failed in cursor.fetchall()}
    if not found:
        return []
    first, last = min(found), end.replace(second=0, microsecond=0)
    span = [first + timedelta(minutes=step) for step in range(int((last - first).total_seconds()) // 60 + 1)]
    return [found.get(at, Minute(at, 0, 0)) for at in span]
