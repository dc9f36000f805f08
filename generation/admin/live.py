"""What a batch's page shows of its progress, and renews while somebody looks."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from generation.actions.batch_forecasts import forecast_of, without_end
from generation.admin.troubles import troubles_context
from generation.choices import ACTIVE, BatchStatus
from generation.models import Attempt, Batch, Item
from generation.selectors import timeline, totals
from generation.selectors.obstacles import prospects_of
from generation.selectors.progress import pace_now, progress_of
from generation.selectors.recent_calls import Minute, minutes_of
from generation.selectors.shared_numbers import remembered
from generation.selectors.shortfall import shortfall_of
from providers.routing.money import Spending, money

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


def live_context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """Eighteen queries at most, however many items the batch has."""
    is_active = batch.status in ACTIVE
    end = batch.finished_at or timezone.now()
    costly_s = COSTLY_S if is_active and batch.attempts > COSTLY_CALLS else FRESH_S
    name = f"batch:{batch.pk}:{batch.status}"
    called = totals.routes(batch)
    prospects = prospects_of(batch) if is_active else None
    minutes = remembered(f"{name}:minutes", costly_s, partial(minutes_of, batch.pk, end))
    forecast = forecast_of(batch)
    unpriced = sum(route.spending.unpriced for route in called)
    spending = Spending(batch.cost, unpriced)
    return {
        **status_context(batch),
        "is_active": is_active,
        "refresh_s": WAITING_REFRESH_S if batch.status == BatchStatus.PAUSED else REFRESH_S,
        "progress": progress_of(batch),
        "pace": pace_now(batch),
        "forecast": forecast,
        "without_end": without_end(batch, forecast),
        "cost": spending.words,
        "cost_each": money(batch.cost / batch.generated) if batch.generated and not unpriced else None,
        "tokens_each": batch.tokens // batch.generated if batch.generated else None,
        "cost_cap": money(batch.cost_cap) if batch.cost_cap is not None else None,
        "routes": called,
        **troubles_context(request, batch, called, prospects),
        "minutes": minutes,
        "chart": chart(minutes),
        "lines": timeline.lines(batch),
        "last_attempts": Attempt.objects.filter(batch=batch).select_related("item").order_by("-pk")[:LAST_ATTEMPTS],
        "failed_items": Item.objects.failed_of(batch)[:FAILED_SHOWN] if batch.failed else (),
        "shortfall": remembered(f"{name}:{batch.failed}:shortfall", costly_s, partial(shortfall_of, batch)),
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
