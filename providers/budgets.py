"""The budgets that cover rows' calls, and what the shared store says of them now, for the pages that show it."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from providers import live
from providers.choices import LimitsScope, Pacing
from providers.limited import Limited
from providers.models import Model, Provider
from providers.routing.budget import MINUTE_S, Bucket, Unit
from providers.routing.config import Limits, ModelEntry, ProviderEntry
from providers.routing.route import Route
from providers.routing.stores import ScopeState, StoreUnavailable
from providers.standing import Standing, scope_of, standing_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of one budget is used now; ``used`` is None where that is not known."""

    bucket: Bucket
    used: int | None = None

    @property
    def owner(self) -> str:
        return self.bucket.key

    @property
    def unit(self) -> str:
        return str(self.bucket.unit)

    @property
    def window(self) -> str:
        return "this minute" if self.bucket.window_s == MINUTE_S else "in 24 hours"

    @property
    def rate(self) -> str:
        """Unit and window in short: ``req/min``."""
        unit = "req" if self.bucket.unit is Unit.REQUESTS else "tok"
        return f"{unit}/{'min' if self.bucket.window_s == MINUTE_S else 'day'}"

    @property
    def limit(self) -> int:
        return self.bucket.limit

    @property
    def shown(self) -> int:
        """For a bar, which cannot show more than all."""
        return min(self.used or 0, self.limit)

    @property
    def high(self) -> int:
        """From here on it is nearly full."""
        return self.limit * 4 // 5


@dataclass(frozen=True, slots=True)
class LiveState:
    """A row as the shared store sees it. ``calls`` are in flight now, of ``places`` at once; None while it is away."""

    standing: Standing
    provider: Standing
    calls: int | None = None
    places: int | None = None
    meters: tuple[Meter, ...] = ()
    model_meters: tuple[Meter, ...] = ()


def route_of(model: Model, provider: Provider) -> Route:
    """For its budgets and scopes only: it holds no key, so it can make no call."""
    return Route(_entry(provider), ModelEntry(model.model_id, limits=_limits(model)))


def provider_state(provider: Provider, models: Iterable[Model]) -> LiveState:
    """With the budgets of its models that have own ones. One round trip."""
    routes = [route_of(model, provider) for model in models]
    routes = routes or [Route(_entry(provider), ModelEntry(""))]
    buckets = list(dict.fromkeys(bucket for route in routes for bucket in route.buckets))
    states, usage = look([provider.pk], buckets)
    own = [bucket for bucket in buckets if bucket.key == provider.pk]
    others = [bucket for bucket in buckets if bucket.key not in (provider.pk, f"{provider.pk}/")]
    return _state(provider, provider, states, (meters(own, usage), meters(others, usage)))


def model_state(model: Model) -> LiveState:
    """One round trip."""
    provider = model.provider
    buckets = route_of(model, provider).buckets
    states, usage = look([scope_of(model), provider.pk], buckets)
    return _state(model, provider, states, (meters(buckets, usage), ()))


def _state(
    row: Provider | Model,
    provider: Provider,
    states: Mapping[str, ScopeState],
    shown: tuple[tuple[Meter, ...], tuple[Meter, ...]],
) -> LiveState:
    known = states.get(scope_of(row))
    standing, above = standing_of(known), standing_of(states.get(provider.pk))
    if known is None:
        return LiveState(standing, above, None, None, *shown)
    ceiling = row.max_concurrency if isinstance(row, Provider) else None
    places = min(known.concurrency, ceiling) if ceiling else known.concurrency
    return LiveState(standing, above, known.in_flight, places, *shown)


def look(scopes: Iterable[str], buckets: Iterable[Bucket]) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
    """What the shared store says of them, in one round trip; nothing while it is away."""
    names = list(dict.fromkeys(scopes))
    try:
        return live.look(names, buckets) if names else ({}, {})
    except StoreUnavailable:
        logger.warning("The shared store is away: suspensions and usage are not shown.")
        return {}, {}


def meters(buckets: Iterable[Bucket], usage: Mapping[Bucket, int]) -> tuple[Meter, ...]:
    return tuple(Meter(bucket, usage.get(bucket)) for bucket in buckets)


def _entry(provider: Provider) -> ProviderEntry:
    return ProviderEntry(
        id=provider.pk,
        name=provider.name,
        adapter=provider.adapter,
        base_url=provider.base_url,
        limits=_limits(provider),
        limits_are_per_model=provider.limits_scope == LimitsScope.MODEL,
        is_smooth=provider.pacing == Pacing.SMOOTH,
    )


def _limits(row: Limited) -> Limits:
    return Limits(row.requests_per_minute, row.tokens_per_minute, row.requests_per_day)
