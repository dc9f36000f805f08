"""The budgets that cover rows' calls, and what the shared store says of them now, for the pages that show it."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from providers.calling import shared_store
from providers.configuration.entries import model_entry, provider_entry
from providers.models import Limit, Model, Provider
from providers.routing.admission import ScopeState, StoreUnavailable
from providers.routing.limits.amounts import number_words
from providers.routing.limits.budget import Bucket, roomy
from providers.routing.limits.window import MINUTE
from providers.routing.route import Route, installation_buckets, shared_buckets
from providers.status.health import Health, health_of, scope_of

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
        return self.bucket.unit.words

    @property
    def window(self) -> str:
        """Since when it counts."""
        window = self.bucket.window
        return f"this {window.words}" if window.time_zone or window == MINUTE else f"in the last {window.words}"

    @property
    def rate(self) -> str:
        """Unit and window in short: ``req/min``."""
        return f"{self.bucket.unit.short}/{self.bucket.window.short}"

    @property
    def numbers(self) -> str:
        """``4 of 30``."""
        return f"{number_words(self.bucket.unit, self.used or 0)} of {self.limit_words}"

    @property
    def limit_words(self) -> str:
        return number_words(self.bucket.unit, self.limit)

    @property
    def limit(self) -> int:
        return self.bucket.limit

    @property
    def shown(self) -> int:
        """For a bar, which cannot show more than all."""
        return min(self.used or 0, self.limit)

    @property
    def high(self) -> int:
        """Above it is nearly full."""
        return roomy(self.limit)


@dataclass(frozen=True, slots=True)
class LiveState:
    """A row as the shared store sees it. ``calls`` are in flight now, of ``places`` at once; None while it is away."""

    health: Health
    provider: Health
    calls: int | None = None
    places: int | None = None
    meters: tuple[Meter, ...] = ()
    model_meters: tuple[Meter, ...] = ()


def route_of(model: Model, provider: Provider) -> Route:
    """For its budgets and scopes only: it holds no key, so it can make no call."""
    return Route(provider_entry(provider), model_entry(model))


def provider_state(provider: Provider, models: Iterable[Model]) -> LiveState:
    """With the budgets of its models that have own ones. One round trip, two queries."""
    rows = list(models)
    prefetch_related_objects([provider], "limits")
    prefetch_related_objects(rows, "limits")
    own = shared_buckets(provider_entry(provider))
    others = [bucket for model in rows for bucket in route_of(model, provider).buckets if bucket not in own]
    states, usage = look([provider.pk], [*own, *others])
    return _state(provider, provider, states, (meters(own, usage), meters(others, usage)))


def model_state(model: Model) -> LiveState:
    """One round trip."""
    provider = model.provider
    buckets = route_of(model, provider).buckets
    states, usage = look([scope_of(model), provider.pk], buckets)
    return _state(model, provider, states, (meters(buckets, usage), ()))


def installation_meters() -> tuple[Meter, ...]:
    """One query; where there are any, one round trip."""
    buckets = installation_buckets(limit.entry for limit in Limit.objects.of_installation())
    return meters(buckets, look([], buckets)[1])


def _state(
    row: Provider | Model,
    provider: Provider,
    states: Mapping[str, ScopeState],
    shown: tuple[tuple[Meter, ...], tuple[Meter, ...]],
) -> LiveState:
    known = states.get(scope_of(row))
    health, above = health_of(known), health_of(states.get(provider.pk))
    if known is None:
        return LiveState(health, above, None, None, *shown)
    ceiling = row.max_concurrency if isinstance(row, Provider) else None
    places = min(known.concurrency, ceiling) if ceiling else known.concurrency
    return LiveState(health, above, known.in_flight, places, *shown)


def look(scopes: Iterable[str], buckets: Iterable[Bucket]) -> tuple[Mapping[str, ScopeState], Mapping[Bucket, int]]:
    """What the shared store says of them, in one round trip; nothing while it is away."""
    names, windows = list(dict.fromkeys(scopes)), list(buckets)
    try:
        return shared_store.look(names, windows) if names or windows else ({}, {})
    except StoreUnavailable:
        logger.warning("The shared store is away: suspensions and usage are not shown.")
        return {}, {}


def meters(buckets: Iterable[Bucket], usage: Mapping[Bucket, int]) -> tuple[Meter, ...]:
    return tuple(Meter(bucket, usage.get(bucket)) for bucket in buckets)
