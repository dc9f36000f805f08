"""What a row shows beside its columns: handle, switch, and what the shared store holds against it."""

from dataclasses import dataclass

from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from providers.limited import Limited
from providers.standing import UNKNOWN, Standing

FACTS = "row_facts"


@dataclass(frozen=True, slots=True)
class RowFacts:
    may_move: bool = False
    may_switch: bool = False
    standing: Standing = UNKNOWN


def facts_of(row: models.Model) -> RowFacts:
    facts: RowFacts = getattr(row, FACTS, RowFacts())
    return facts


def set_facts(row: models.Model, facts: RowFacts) -> None:
    setattr(row, FACTS, facts)


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


def suspension(row: models.Model) -> SafeString:
    return render_to_string("providers/admin/suspension.html", {"standing": facts_of(row).standing})
