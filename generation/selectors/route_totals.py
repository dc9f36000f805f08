"""What all calls of a batch came to, by route. Each look reads only the calls that were not there at the last one.

Results are saved under the lock of their batch's row, so within one batch a call with a higher key is a later one.
"""

import logging
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from redis import RedisError

from generation.models import Batch
from generation.selectors.shared_numbers import recall, remember
from providers.routing.seconds import DAY_S

logger = logging.getLogger(__name__)

KEPT_S = DAY_S
STEPS = 20  # latencies are counted in steps of a twentieth of their natural logarithm: exact to three per cent

READ = """
SELECT provider, model, outcome, floor(ln(greatest(latency_ms, 1)) * %(steps)s)::int, count(*),
       count(*) FILTER (WHERE is_switch), sum(prompt_tokens + completion_tokens),
       sum(cached_tokens), sum(reasoning_tokens), sum(cost),
       count(*) FILTER (WHERE cost IS NULL), count(*) FILTER (WHERE is_first_answer), max(id)
FROM attempts
WHERE batch_id = %(batch)s AND id > %(after)s
GROUP BY 1, 2, 3, 4
"""


@dataclass(slots=True)
class Calls:
    """Of one route and one outcome. ``steps`` counts them by latency; ``unpriced`` are those whose cost is unknown,
    ``first_answers`` those that brought the route's first answer for an item."""

    count: int = 0
    switched_here: int = 0
    tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced: int = 0
    first_answers: int = 0
    steps: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """``calls`` is by provider, model and outcome; ``last_id`` is the key of the newest call that is in it."""

    last_id: int = 0
    calls: dict[tuple[str, str, str], Calls] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackedTally:
    """A tally as JSON can hold it: with provider, model and outcome beside their calls."""

    last_id: int
    calls: list[tuple[str, str, str, Calls]]


def tally(batch: Batch) -> Tally:
    """One query over the calls since the last look; over all of them at the first look, or with Redis away."""
    name = f"calls:{batch.pk}:{batch.created_at.timestamp()}"
    try:
        known = _unpacked(recall(name, PackedTally))
        if _take_up(known, batch.pk):
            remember(name, PackedTally, _packed(known), KEPT_S)
    except RedisError:
        logger.warning("batch %s: the cache is away, all of its calls are counted", batch.pk)
        known = Tally()
        _take_up(known, batch.pk)
    return known


def percentile_ms(steps: Mapping[int, int], share: float) -> float:
    """The latency that ``share`` of the calls did not exceed, to three per cent; there must be calls."""
    left = share * sum(steps.values())
    for step in sorted(steps):
        left -= steps[step]
        if left <= 0:
            break
    return math.exp((step + 0.5) / STEPS)


def _packed(known: Tally) -> PackedTally:
    return PackedTally(known.last_id, [(*route, calls) for route, calls in known.calls.items()])


def _unpacked(kept: PackedTally | None) -> Tally:
    if kept is None:
        return Tally()
    return Tally(kept.last_id, {(provider, model, outcome): calls for provider, model, outcome, calls in kept.calls})


def _take_up(known: Tally, batch_id: int) -> bool:
    """Whether there were any new ones."""
    before = known.last_id
    with connection.cursor() as cursor:
        cursor.execute(READ, {"batch": batch_id, "after": before, "steps": STEPS})
        for *route, step, count, switches, tokens, cached, reasoning, cost, unpriced, first, last_id in cursor:
            known.last_id = max(known.last_id, last_id)
            calls = known.calls.setdefault(tuple(route), Calls())
            calls.count += count
            calls.switched_here += switches
            calls.tokens += tokens
            calls.cached_tokens += cached
            calls.reasoning_tokens += reasoning
            calls.steps[step] += count
            calls.cost += cost or Decimal(0)
            calls.unpriced += unpriced
            calls.first_answers += first
    return known.last_id > before
