"""What is in the way of a batch, on its page: the troubles with what mends them, and how each route stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from generation.choices import BatchStatus
from generation.models import Batch
from generation.selectors.obstacles import Prospects
from generation.selectors.totals import RouteSummary
from providers.admin.remedies import Links, ShownTrouble, links_of, provider_ids_of, shown
from providers.status.troubles import OUTAGES, Trouble

TOLD_MAX = 6


@dataclass(frozen=True, slots=True)
class RouteRow:
    """``called`` is None where the batch has not called it yet; ``trouble`` is its outage, or its provider's."""

    provider: str
    model: str
    called: RouteSummary | None
    trouble: ShownTrouble | None


def troubles_context(
    request: HttpRequest, batch: Batch, called: Sequence[RouteSummary], prospects: Prospects | None
) -> dict[str, Any]:
    """Without ``prospects``, of a batch that has ended: its routes alone."""
    if prospects is None:
        rows = [RouteRow(route.provider, route.model, route, None) for route in called]
        return {"rows": rows, "troubles": (), "is_stuck": False}
    links = links_of(request, provider_ids_of(prospects.troubles)) if prospects.troubles else Links()
    is_stuck = bool(batch.status_reason) or batch.status == BatchStatus.PAUSED or not prospects.can_go
    told = prospects.troubles if is_stuck else ()
    return {
        "rows": _rows(called, prospects, links),
        "troubles": [shown(trouble, links) for trouble in told[:TOLD_MAX]],
        "troubles_unseen": max(0, len(told) - TOLD_MAX),
        "is_stuck": is_stuck,
        "headline": prospects.headline,
        "may_go": prospects.can_go or prospects.explanation.next is not None,
    }


def _rows(called: Sequence[RouteSummary], prospects: Prospects, links: Links) -> list[RouteRow]:
    """The routes that were called, and those that are suspended or failing."""
    out = {trouble.scope: trouble for trouble in prospects.troubles if trouble.code in OUTAGES}
    by_key = {f"{route.provider}/{route.model}": route for route in called}
    tried = [each.route.key for each in prospects.explanation.routes if each.place is not None]
    keys = [*by_key, *(key for key in tried if key not in by_key and _outage(key, out))]
    rows = []
    for key in keys:
        provider, _, model = key.partition("/")
        trouble = _outage(key, out)
        rows.append(RouteRow(provider, model, by_key.get(key), shown(trouble, links) if trouble else None))
    return rows


def _outage(key: str, out: dict[str, Trouble]) -> Trouble | None:
    return out.get(key.partition("/")[0]) or out.get(key)
