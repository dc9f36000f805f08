"""What a batch's page shows of its progress, and renews while somebody looks."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from generation import events, summary
from generation.choices import ACTIVE, BatchStatus
from generation.engine.caps import amount
from generation.models import Attempt, Batch, Item
from generation.recent import Minute, minutes_of
from generation.remembered import remembered
from generation.standing import pace_now, progress_of, time_left

LAST_ATTEMPTS = 15
FAILED_SHOWN = 10
REFRESH_S = 2
WAITING_REFRESH_S = 5  # of a paused batch nothing is to be seen but that it goes on
FRESH_S = 1.5  # a little less than a page waits before it asks again
COSTLY_CALLS = 5_000
COSTLY_S = 10  # for the chart of a batch that has made many calls
STATUS_VARIANTS: Mapping[str, str] = {
    BatchStatus.PENDING: "info",
    BatchStatus.RUNNING: "primary",
    BatchStatus.PAUSED: "warning",
    BatchStatus.COMPLETED: "success",
    BatchStatus.COMPLETED_WITH_FAILURES: "warning",
    BatchStatus.STOPPED: "",
    BatchStatus.FAILED: "danger",
}


def status_context(batch: Batch) -> dict[str, Any]:
    return {"batch": batch, "variant": STATUS_VARIANTS.get(batch.status, "")}


def live_context(batch: Batch) -> dict[str, Any]:
    """Ten queries at most, however many items the batch has."""
    is_active = batch.status in ACTIVE
    end = batch.finished_at or timezone.now()
    costly_s = COSTLY_S if is_active and batch.attempts > COSTLY_CALLS else FRESH_S
    name = f"batch:{batch.pk}:{batch.status}"
    routes = summary.routes(batch)
    minutes = remembered(f"{name}:minutes", costly_s, lambda: minutes_of(batch.pk, end))
    pace = pace_now(batch)
    return {
        **status_context(batch),
        "is_active": is_active,
        "refresh_s": WAITING_REFRESH_S if batch.status == BatchStatus.PAUSED else REFRESH_S,
        "progress": progress_of(batch),
        "pace": pace,
        "time_left": time_left(batch, pace),
        "cost": amount(batch.cost),
        "cost_each": amount(batch.cost / batch.generated) if batch.generated and batch.cost else None,
        "tokens_each": batch.tokens // batch.generated if batch.generated else None,
        "cost_cap": amount(batch.cost_cap) if batch.cost_cap is not None else None,
        "has_unpriced": any(route.cost is None for route in routes),
        "routes": routes,
        "minutes": minutes,
        "chart": chart(minutes),
        "lines": events.lines(batch),
        "last_attempts": Attempt.objects.filter(batch=batch).select_related("item").order_by("-pk")[:LAST_ATTEMPTS],
        "failed_items": Item.objects.failed_of(batch)[:FAILED_SHOWN] if batch.failed else (),
        "failed_unseen": max(0, batch.failed - FAILED_SHOWN),
    }


def chart(minutes: list[Minute]) -> dict[str, Any]:
    """As live.js draws it."""
    return {
        "labels": [f"{timezone.localtime(minute.at):%H:%M}" for minute in minutes],
        "series": [
            {"name": "accepted", "values": [minute.accepted for minute in minutes]},
            {"name": "failed", "values": [minute.failed for minute in minutes], "isBad": True},
        ],
    }
