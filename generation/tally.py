"""What all calls of a batch came to, kept up to date: each look reads only the calls that were not there at the last one.

Results are saved under the lock of their batch's row, so within one batch a higher key is always the later one.
"""

import logging
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.cache import cache
from django.db import connection
from redis import RedisError

from generation.choices import OK_OUTCOME
from generation.models import Batch

logger = logging.getLogger(__name__)

KEPT_S = 6 * 3600
STEPS = 10  # latency is counted in steps of a tenth of its natural logarithm: five per cent exact

READ = f"""
SELECT grouping(outcome), provider, model, outcome, step, minute,
       count(*), count(*) FILTER (WHERE is_switch), sum(tokens), sum(cost), max(id)
FROM (
    SELECT id, provider, model, outcome, is_switch, prompt_tokens + completion_tokens AS tokens, cost,
           floor(ln(greatest(latency_ms, 1)) * {STEPS})::int AS step,
           CASE WHEN outcome = %(ok)s THEN (extract(epoch FROM started_at) + latency_ms / 1000.0)::bigint / 60 END
               AS minute
    FROM attempts
    WHERE batch_id = %(batch)s AND id > %(after)s
) AS calls
GROUP BY GROUPING SETS ((provider, model, outcome, step), (minute))
"""


@dataclass(slots=True)
class Calls:
    """Of one route and one outcome. ``steps`` counts them by latency, ``cost`` is None where none is known."""

    count: int = 0
    switched_here: int = 0
    tokens: int = 0
    cost: Decimal | None = None
    steps: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """``calls`` is by (provider, model, outcome), ``made`` counts accepted answers by the minute since the epoch."""

    last_id: int = 0
    calls: dict[tuple[str, str, str], Calls] = field(default_factory=dict)
    made: Counter[int] = field(default_factory=Counter)

    @property
    def outcomes(self) -> Counter[str]:
        """How many calls ended in what way, whatever the route."""
        found = Counter[str]()
        for (_, _, outcome), calls in self.calls.items():
            found[outcome] += calls.count
        return found


def tally(batch: Batch) -> Tally:
    """One query, over the calls since the last look."""
    name = f"batch-tally:{batch.pk}:{batch.created_at.timestamp()}"
    try:
        known = cache.get(name) or Tally()
        if _take_up(known, batch.pk):
            cache.set(name, known, KEPT_S)
    except RedisError:
        logger.warning("batch %s: the cache is away, all of its calls are counted", batch.pk)
        known = Tally()
        _take_up(known, batch.pk)
    return known


def percentile_s(steps: Mapping[int, int], share: float) -> float:
    """The latency that ``share`` of the calls did not exceed, in seconds; there must be calls."""
    left = share * sum(steps.values())
    for step in sorted(steps):
        left -= steps[step]
        if left <= 0:
            break
    return math.exp((step + 0.5) / STEPS) / 1000


def _take_up(known: Tally, batch_id: int) -> bool:
    """Whether there were any new ones."""
    before = known.last_id
    with connection.cursor() as cursor:
        cursor.execute(READ, {"batch": batch_id, "after": before, "ok": OK_OUTCOME})
        for is_minute, provider, model, outcome, step, minute, count, switches, tokens, cost, last_id in cursor:
            known.last_id = max(known.last_id, last_id)
            if is_minute:
                if minute is not None:
                    known.made[minute] += count
                continue
            calls = known.calls.setdefault((provider, model, outcome), Calls())
            calls.count += count
            calls.switched_here += switches
            calls.tokens += tokens
            calls.steps[step] += count
            if cost is not None:
                calls.cost = (calls.cost or Decimal(0)) + cost
    return known.last_id > before
