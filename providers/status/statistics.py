"""Numbers about the providers, for GET /api/providers/stats: what there is, and how much of each limit is used."""

from collections.abc import Iterable, Mapping
from typing import Any

from providers.models import Provider
from providers.routing.admission import ScopeState
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import MINUTE
from providers.status import usage
from providers.status.health import health_of, scope_of


def collect_stats(providers: list[Provider]) -> dict[str, Any]:
    """Of providers ``with_details``: no query, and one round trip to Redis, however many they are."""
    buckets = {provider.pk: minute_buckets(provider) for provider in providers}
    models = (model for provider in providers for model in provider.models.all())
    scopes = [*map(scope_of, providers), *map(scope_of, models)]
    states, used = usage.look(scopes, frozenset[Bucket]().union(*buckets.values()))
    rows = [_row(provider, buckets[provider.pk], states, used) for provider in providers]
    return {"providers": rows, "totals": _totals(rows)}


def minute_buckets(provider: Provider) -> frozenset[Bucket]:
    """The budgets per minute that count the provider's calls: its own, else those of its models."""
    routes = [usage.route_of(model, provider) for model in provider.models.all()]
    found = {bucket for route in routes for bucket in route.buckets if bucket.window.name == MINUTE.name}
    shared = {bucket.unit for bucket in found if bucket.key == provider.pk}
    return frozenset(bucket for bucket in found if bucket.key == provider.pk or bucket.unit not in shared)


def _used(unit: Unit, buckets: Iterable[Bucket], usage: Mapping[Bucket, int]) -> int | None:
    counted = [usage[bucket] for bucket in buckets if bucket.unit == unit and bucket in usage]
    return sum(counted) if counted else None


def _row(
    provider: Provider,
    buckets: frozenset[Bucket],
    states: Mapping[str, ScopeState],
    usage: Mapping[Bucket, int],
) -> dict[str, Any]:
    models = provider.models.all()
    return {
        "id": provider.pk,
        "name": provider.name,
        "enabled": provider.enabled,
        "models": len(models),
        "models_enabled": sum(model.enabled for model in models),
        "models_suspended": sum(states[scope_of(model)].is_suspended for model in models) if states else None,
        "api_key_configured": provider.secrets.has_key,
        "requests_per_minute": provider.requests_per_minute,
        "tokens_per_minute": provider.tokens_per_minute,
        "requests_this_minute": _used(Unit.REQUESTS, buckets, usage),
        "tokens_this_minute": _used(Unit.TOKENS, buckets, usage),
        "health": health_of(states.get(provider.pk)),
    }


def _totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "providers": len(rows),
        "providers_enabled": sum(row["enabled"] for row in rows),
        "models": sum(row["models"] for row in rows),
        "models_enabled": sum(row["models_enabled"] for row in rows),
        "keys_configured": sum(row["api_key_configured"] for row in rows),
    }
