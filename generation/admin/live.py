"""The part of a batch's page that renews itself: progress, chart, routes, timeline, last calls."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from generation import events, standing, summary
from generation.admin.shown import shares, status_context
from generation.choices import ACTIVE, BatchStatus
from generation.engine import pace
from generation.engine.caps import amount
from generation.forms import CapsForm
from generation.models import Attempt, Batch
from generation.tally import Tally, tally

LAST_ATTEMPTS = 15
REFRESH_S = {BatchStatus.PENDING: 2, BatchStatus.RUNNING: 2, BatchStatus.PAUSED: 5}
AT_REST_S = 30  # somebody may resume it, or retry its failed items


def live_context(batch: Batch) -> dict[str, Any]:
    """Eight queries at most, however many items and calls the batch has."""
    counted = tally(batch)
    routes = summary.routes_of(counted)
    speed = standing.per_minute([batch]).get(batch.pk)
    return {
        **status_context(batch),
        **shares(batch),
        "refresh_s": REFRESH_S.get(BatchStatus(batch.status), AT_REST_S),
        "progress": standing.progress(batch),
        "per_minute": speed,
        "time_left": standing.time_left(batch, speed),
        "cost": amount(batch.cost),
        "cost_cap": amount(batch.cost_cap) if batch.cost_cap is not None else None,
        "cost_each": amount(batch.cost / batch.generated) if batch.generated and batch.cost else None,
        "tokens_each": batch.tokens / batch.generated if batch.generated else None,
        "has_unpriced": any(route.cost is None for route in routes),
        "routes": routes,
        "chart": chart(batch, counted),
        "timeline": events.lines(batch),
        "last_attempts": Attempt.objects.filter(batch=batch).select_related("item").order_by("-pk")[:LAST_ATTEMPTS],
    }


def deeds_context(batch: Batch, request: HttpRequest, *, may_change: bool, may_add: bool) -> dict[str, Any]:
    """The buttons: what the batch allows now, to whom it is allowed."""
    return {
        "batch": batch,
        "caps": CapsForm.of(batch),
        "may_stop": may_change and batch.status in ACTIVE,
        "may_resume": may_change and batch.status in (BatchStatus.STOPPED, BatchStatus.PAUSED),
        "may_retry": may_change and batch.failed > 0 and batch.status != BatchStatus.STOPPED and not batch.is_at_cap,
        "may_clone": may_add,
        "may_see_samples": request.user.has_perm("samples.view_sample"),
    }


def chart(batch: Batch, counted: Tally) -> dict[str, Any] | None:
    """What the canvas shows; None where there is nothing to draw yet."""
    now = int(timezone.now().timestamp()) // 60
    drawn = pace.bars(counted.made, now if batch.status == BatchStatus.RUNNING else None)
    if not drawn.bars:
        return None
    is_long = drawn.bars[-1].minute - drawn.bars[0].minute >= 24 * 60
    return {
        "width": drawn.width,
        "labels": [_label(bar.minute, is_long=is_long) for bar in drawn.bars],
        "values": [bar.per_minute for bar in drawn.bars],
        "best": max(bar.per_minute for bar in drawn.bars),
    }


def _label(minute: int, *, is_long: bool) -> str:
    at = timezone.localtime(datetime.fromtimestamp(60 * minute, UTC))
    return f"{at:%d %b %H:%M}" if is_long else f"{at:%H:%M}"
