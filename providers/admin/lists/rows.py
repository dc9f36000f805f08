"""What a row shows beside its columns: handle, switch, champion, and what the shared store holds against it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from providers.configuration.entries import limits_of
from providers.models import Model, Provider
from providers.routing.config import LimitScope
from providers.status.health import UNKNOWN, Health
from providers.status.usage import Meter

FACTS = "row_facts"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """``rank`` is its place in the order of trying, of ``total`` in its list, whose order is told by ``mark``.

    ``standing`` is what is known of a model's end, in words.
    """

    may_move: bool = False
    may_switch: bool = False
    may_lead: bool = False
    health: Health = UNKNOWN
    meters: tuple[Meter, ...] = ()
    rank: int = 0
    total: int = 0
    mark: str = ""
    is_start: bool = False
    standing: str = ""


def facts_of(row: models.Model) -> RowFacts:
    facts: RowFacts = getattr(row, FACTS, RowFacts())
    return facts


def set_facts(row: models.Model, facts: RowFacts) -> None:
    setattr(row, FACTS, facts)


def handle(row: models.Model, *, position: int, group: str, url: str) -> SafeString:
    context = {"row": row, "position": position, "group": group, "url": url}
    return render_to_string("providers/admin/handle.html", {**context, "facts": facts_of(row)})


def switch(row: models.Model, *, url: str) -> SafeString:
    return render_to_string("providers/admin/switch.html", {"row": row, "url": url, "facts": facts_of(row)})


def champion(model: Model, *, url: str) -> SafeString:
    context = {"model": model, "provider": model.provider, "url": url, "facts": facts_of(model)}
    return render_to_string("providers/admin/champion.html", context)


def use(row: Provider | Model) -> SafeString:
    """Its limits, and how much of each is used now."""
    none = "none of its own" if isinstance(row, Model) else "no limit"
    context = {"facts": facts_of(row), "words": limits_in_words(row), "none": none}
    return render_to_string("providers/admin/use.html", context)


def limits_in_words(row: Provider | Model) -> str:
    """Those that hold for each model, in short; empty where there is none."""
    scope = LimitScope(row.limits_scope) if isinstance(row, Provider) else LimitScope.MODEL
    entries = [entry for entry in limits_of(row).entries(scope) if entry.scope is LimitScope.MODEL]
    return ", ".join(entry.short for entry in entries)


def suspension(row: models.Model, *, again_url: str) -> SafeString:
    facts = facts_of(row)
    context = {"row": row, "health": facts.health, "facts": facts, "again_url": again_url}
    return render_to_string("providers/admin/suspension.html", context)


def live_cells(row: Provider | Model, *, again_url: str) -> SafeString:
    """For htmx, to be put in the place of those that a page has."""
    state = live_cell(row, "state", suspension(row, again_url=again_url), is_renewed=True)
    return state + live_cell(row, "use", use(row), is_renewed=True)


def live_cell(row: Provider | Model, kind: str, shown: SafeString, *, is_renewed: bool = False) -> SafeString:
    """Where a list puts what changes by itself, so that it can be put there again."""
    context = {"row": row, "kind": kind, "shown": shown, "is_renewed": is_renewed}
    return render_to_string("providers/admin/live_cell.html", context)


def live_url(url: str, page: Iterable[Provider | Model]) -> str:
    """Asks for the live cells of these rows."""
    return f"{url}?ids={','.join(str(row.pk) for row in page)}"
