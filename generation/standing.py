"""How far a batch is, at what pace, and what happened to its items: the numbers of its page."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import Now
from redis import RedisError

from generation.choices import BatchStatus, ItemStatus
from generation.engine import pace
from generation.models import Batch, Item
from generation.recent import accepted_per_minute

PACE_KEPT_S = 4


@dataclass(frozen=True, slots=True)
class Progress:
    """Items by what is to be done with them. ``retrying`` wait for a time of their own, ``pending`` for a lane only."""

    pending: int
    in_work: int
    retrying: int
    done: int
    failed: int


def progress(batch: Batch) -> Progress:
    """One query over the items in work and those that wait to be retried: not over all."""
    open_now = (
        Item.objects.filter(batch=batch)
        .filter(Q(status=ItemStatus.LEASED) | Q(retry_at__gt=Now(), status=ItemStatus.PENDING))
        .aggregate(
            in_work=Count("pk", filter=Q(status=ItemStatus.LEASED)),
            retrying=Count("pk", filter=Q(status=ItemStatus.PENDING)),
        )
    )
    rest = batch.count - batch.generated - batch.failed - open_now["in_work"] - open_now["retrying"]
    return Progress(max(0, rest), open_now["in_work"], open_now["retrying"], batch.generated, batch.failed)


def per_minute(batches: list[Batch]) -> dict[int, float]:
    """The pace of those that run; all who look share it for some seconds. One query at most."""
    running = sorted(batch.pk for batch in batches if batch.status == BatchStatus.RUNNING)
    if not running:
        return {}
    name = "batch-pace:" + ",".join(map(str, running))
    try:
        return cache.get_or_set(name, lambda: accepted_per_minute(running), PACE_KEPT_S) or {}
    except RedisError:
        return accepted_per_minute(running)


def time_left(batch: Batch, speed: float | None) -> str:
    missing = batch.count - batch.generated - batch.failed
    return pace.time_left(batch.status, missing, speed, is_at_cap=batch.is_at_cap, reason=batch.status_reason)
