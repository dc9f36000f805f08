"""What a list row shows beside its columns: handle, switch, and what the breaker says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from providers import live
from providers.models import Limited
from providers.routing.stores import ScopeState, StoreUnavailable

FACTS = "row_facts"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """``state`` is None where the shared store is away."""

    may_move: bool = False
    may_switch: bool = False
    state: ScopeState | None = None


def facts_of(row: models.Model) -> RowFacts:
    facts: RowFacts = getattr(row, FACTS, RowFacts())
    return facts


def set_facts(row: models.Model, facts: RowFacts) -> None:
    setattr(row, FACTS, facts)


def states(scopes: Iterable[str]) -> Mapping[str, ScopeState]:
    """What the breaker says, in one round trip; nothing where the store is away."""
    try:
        return live.states(list(scopes))
    except StoreUnavailable:
        return {}


def handle(row: models.Model, *, position: int, name: str, group: str, url: str) -> SafeString:
    context = {"row": row, "position": position, "name": name, "group": group, "url": url}
    return render_to_string("providers/admin/handle.html", {**context, "facts": facts_of(row)})


def switch(row: models.Model, *, enabled: bool, name: str, url: str) -> SafeString:
    context = {"row": row, "enabled": enabled, "name": name, "url": url, "facts": facts_of(row)}
    return render_to_string("providers/admin/switch.html", context)


def limits(row: Limited) -> str | SafeString:
    """The three limits in short."""
    parts = [
        f"{value:,} {unit}"
        for value, unit in (
            (row.requests_per_minute, "req/min"),
            (row.tokens_per_minute, "tok/min"),
            (row.requests_per_day, "req/day"),
        )
        if value
    ]
    return format_html('<span class="l-limits">{}</span>', ", ".join(parts)) if parts else "-"


def suspension(row: models.Model) -> str | SafeString:
    state = facts_of(row).state
    if state is None:
        return "-"
    return render_to_string("providers/admin/suspension.html", suspension_context(state))


def suspension_context(state: ScopeState) -> dict[str, Any]:
    return {"state": state, "until": timezone.now() + timedelta(seconds=state.suspended_for_s)}
