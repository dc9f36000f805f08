"""What a row shows beside its columns: handle, switch, champion, and what the shared store holds against it."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from providers.budgets import Meter
from providers.limited import Limited
from providers.models import Model, Provider
from providers.standing import UNKNOWN, Standing

FACTS = "row_facts"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """``rank`` is its place in the order of trying, of ``total`` in its list, whose order is told by ``mark``."""

    may_move: bool = False
    may_switch: bool = False
    may_lead: bool = False
    standing: Standing = UNKNOWN
    meters: tuple[Meter, ...] = ()
    rank: int = 0
    total: int = 0
    mark: str = ""
    is_start: bool = False


def facts_of(row: models.Model) -> RowFacts:
    facts: RowFacts = getattr(row, FACTS, RowFacts())
    return facts


def set_facts(row: models.Model, facts: RowFacts) -> None:
    setattr(row, FACTS, facts)


def handle(row: models.Model, *, position: int, name: str, group: str, url: str, live_url: str) -> SafeString:
    context = {"row": row, "position": position, "name": name, "group": group, "url": url, "live_url": live_url}
    return render_to_string("providers/admin/handle.html", {**context, "facts": facts_of(row)})


def switch(row: models.Model, *, enabled: bool, name: str, url: str) -> SafeString:
    context = {"row": row, "enabled": enabled, "name": name, "url": url, "facts": facts_of(row)}
    return render_to_string("providers/admin/switch.html", context)


def champion(model: Model, *, url: str) -> SafeString:
    context = {"model": model, "provider": model.provider, "url": url, "facts": facts_of(model)}
    return render_to_string("providers/admin/champion.html", context)


def use(row: Provider | Model) -> SafeString:
    """Its limits, and how much of each is used now."""
    none = "none of its own" if isinstance(row, Model) else "no limit"
    context = {"facts": facts_of(row), "words": limits_in_words(row), "none": none}
    return render_to_string("providers/admin/use.html", context)


def limits_in_words(row: Limited) -> str:
    """The three limits in short; empty where there is none."""
    parts = (
        (row.requests_per_minute, "req/min"),
        (row.tokens_per_minute, "tok/min"),
        (row.requests_per_day, "req/day"),
    )
    return ", ".join(f"{value:,} {unit}" for value, unit in parts if value)


def suspension(row: models.Model, *, again_url: str = "") -> SafeString:
    facts = facts_of(row)
    context: dict[str, Any] = {"row": row, "name": str(row), "standing": facts.standing, "facts": facts}
    return render_to_string("providers/admin/suspension.html", {**context, "again_url": again_url})


def live_cells(row: Provider | Model, *, again_url: str) -> dict[str, SafeString]:
    return {"state": suspension(row, again_url=again_url), "use": use(row)}


def live_cell(row: Provider | Model, kind: str, shown: SafeString) -> SafeString:
    """Where a list puts it, so that it can be put there again."""
    return format_html('<div class="l-live" data-live="{}" data-id="{}">{}</div>', kind, row.pk, shown)
