"""What has become of models at their vendors: told above the rest, apart from what renews itself every few seconds."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from providers.admin.standings import Line, Shown, may_replace, shown, today
from providers.models import Provider
from providers.status.standings import standings_of


@dataclass(frozen=True, slots=True)
class Retirements:
    """``providers`` are those of which there is something to tell, ``lines`` the retired models of all of them."""

    providers: tuple[Shown, ...]
    lines: tuple[Line, ...]
    may_replace: bool
    replace_url: str


def retirements(request: HttpRequest, providers: list[Provider]) -> Retirements | None:
    """Of providers that are on, with their models loaded. One query at most."""
    enabled = [provider for provider in providers if provider.enabled]
    if not enabled:
        return None
    found = [entry for entry in standings_of(enabled, today()) if entry.is_news]
    told = tuple(shown(entry, entry.provider.models.all()) for entry in found)
    lines = tuple(line for entry in told for line in entry.retired)
    return Retirements(told, lines, may_replace(request), reverse("admin:providers_model_replace")) if told else None
