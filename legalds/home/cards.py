"""The providers as cards, in their order: on or off, key, suspension, use of the limits and what will become of them,
the last hour, cost today."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from generation.actions.limit_forecasts import ForetoldLimit, limits_by_provider
from generation.selectors.recent_calls import CallsOfProvider
from providers.choices import LimitsScope
from providers.configuration.entries import limits_of
from providers.models import Provider
from providers.routing.config import Limits
from providers.routing.explaining.money import Spending
from providers.routing.limits.budget import roomy
from providers.status.health import Health

LIMITS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Use:
    """Of one limit in this minute. ``used`` is None where it is not known."""

    name: str
    used: int | None
    limit: int | None

    @property
    def is_nearly_full(self) -> bool:
        return bool(self.limit and self.used is not None and self.used > roomy(self.limit))


@dataclass(frozen=True, slots=True)
class Card:
    provider: Provider
    health: Health
    models_on: int
    models_suspended: int
    uses: tuple[Use, ...]
    calls: CallsOfProvider | None
    cost: str
    limits: tuple[ForetoldLimit, ...] = ()


def cards(
    providers: list[Provider],
    rows: Mapping[str, Mapping[str, Any]],
    calls: Mapping[str, CallsOfProvider],
    costs: Mapping[str, Spending],
) -> list[Card]:
    """``rows`` are those of ``providers.status.statistics``, by provider."""
    ahead = limits_by_provider()
    return [
        replace(
            _card(provider, rows[provider.pk], calls, costs), limits=tuple(ahead.get(provider.pk, ())[:LIMITS_SHOWN])
        )
        for provider in providers
    ]


def _card(
    provider: Provider,
    row: Mapping[str, Any],
    calls: Mapping[str, CallsOfProvider],
    costs: Mapping[str, Spending],
) -> Card:
    cost = costs.get(provider.pk)
    limits = _own_limits(provider)
    return Card(
        provider=provider,
        health=row["health"],
        models_on=row["models_enabled"],
        models_suspended=row["models_suspended"] or 0,
        uses=(
            Use("Requests", row["requests_this_minute"], limits.requests_per_minute),
            Use("Tokens", row["tokens_this_minute"], limits.tokens_per_minute),
        ),
        calls=calls.get(provider.pk),
        cost="" if cost is None else cost.words,
    )


def _own_limits(provider: Provider) -> Limits:
    """With limits per model there is none that all of them share, and the use is told without one."""
    if provider.limits_scope == LimitsScope.MODEL:
        return Limits()
    return limits_of(provider)
