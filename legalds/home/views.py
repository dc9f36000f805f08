"""The home page and the part of it that renews itself. Who may not see a kind of thing sees nothing of it."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from generation.actions.prompts import versions
from generation.selectors.recent_calls import cost_since, last_hour
from generation.selectors.shared_numbers import remembered
from generation.worker.running.heartbeat import is_anybody_working
from legalds.home.cards import cards
from legalds.home.retirements import retirements
from legalds.home.running import running
from legalds.home.steps import steps
from providers.calling import shared_store
from providers.models import Provider
from providers.status.statistics import collect_stats
from providers.status.usage import installation_meters
from samples.tally import made_per_hour, tally

FRESH_S = 4  # a little less than a page waits before it asks again
COSTLY_S = 30  # for what grows with the day or with everything made


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What Unfold asks for to fill the first page."""
    shown = state(request)
    return {
        **context,
        **shown,
        **prompts(request),
        "retirements": retirements(request, [card.provider for card in shown.get("cards", ())]),
    }


def prompts(request: HttpRequest) -> dict[str, Any]:
    """Whether this release has newer prompts than those that somebody has chosen. Three queries at most."""
    may_view = request.user.has_perm("generation.view_promptversion")
    return {
        "newer": versions.newer_built_in() if may_view else None,
        "may_choose": request.user.has_perm("generation.change_promptversion"),
    }


def live(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "legalds/home/live.html", state(request))


def state(request: HttpRequest) -> dict[str, Any]:
    """Twenty queries at most, whatever there is."""
    may = {
        name: request.user.has_perm(permission)
        for name, permission in (
            ("providers", "providers.view_provider"),
            ("batches", "generation.view_batch"),
            ("samples", "samples.view_sample"),
        )
    }
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    context: dict[str, Any] = {
        "may": may,
        "now": now,
        "is_working": is_anybody_working(),
        "whose_store": shared_store.whose_words(),
    }
    if may["providers"]:
        hour = remembered("hour", FRESH_S, last_hour)
        costs = remembered("costs", COSTLY_S, partial(cost_since, midnight))
        providers = list(Provider.objects.with_details())
        rows = {row["id"]: row for row in collect_stats(providers)["providers"]}
        context |= {"cards": cards(providers, rows, hour.by_provider, costs), "faults": hour.faults}
        context["meters"] = installation_meters()
        context["steps"] = steps(providers) if all(may.values()) else []
    if may["batches"]:
        context["running"], context["running_count"] = running()
    if may["samples"]:
        context["tally"] = remembered("tally", COSTLY_S, partial(tally, midnight))
        context["hours"] = remembered("hours", COSTLY_S, partial(made_per_hour, now))
    return context | {"charts": charts(context)}


def charts(context: dict[str, Any]) -> dict[str, Any]:
    """What live.js draws, by the id of its numbers."""
    hours = [(f"{hour:%H}:00", made) for hour, made in context.get("hours", ())]
    return {
        "chart-hours": drawn(hours, "samples"),
        "chart-faults": drawn(context.get("faults", ()), "failed calls"),
    }


def drawn(pairs: Iterable[tuple[str, int]], name: str) -> dict[str, Any]:
    listed = list(pairs)
    return {
        "labels": [label for label, _ in listed],
        "series": [{"name": name, "values": [value for _, value in listed]}],
    }
