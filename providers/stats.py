"""Numbers about the providers, for GET /api/providers/stats: what there is, and how much of each limit is used."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers

from providers import budgets
from providers.models import Provider
from providers.routing.budget import MINUTE_S, Bucket, Unit
from providers.routing.stores import ScopeState
from providers.serializers import StandingSerializer
from providers.standing import scope_of, standing_of


class ProviderStatsSerializer(StandingSerializer):
    """Usage is null where nothing is counted: no limit, or Redis is away."""

    id = serializers.CharField()
    name = serializers.CharField()
    enabled = serializers.BooleanField()
    models = serializers.IntegerField()
    models_enabled = serializers.IntegerField()
    models_suspended = serializers.IntegerField(allow_null=True)
    api_key_configured = serializers.BooleanField()
    requests_per_minute = serializers.IntegerField(allow_null=True)
    tokens_per_minute = serializers.IntegerField(allow_null=True)
    requests_this_minute = serializers.IntegerField(allow_null=True)
    tokens_this_minute = serializers.IntegerField(allow_null=True)


class TotalsSerializer(serializers.Serializer[Any]):
    providers = serializers.IntegerField()
    providers_enabled = serializers.IntegerField()
    models = serializers.IntegerField()
    models_enabled = serializers.IntegerField()
    keys_configured = serializers.IntegerField()


class StatsSerializer(serializers.Serializer[Any]):
    providers = ProviderStatsSerializer(many=True)
    totals = TotalsSerializer()


def collect_stats(providers: list[Provider]) -> dict[str, Any]:
    """Of providers ``with_details``: no query, and one round trip to Redis, however many they are."""
    buckets = {provider.pk: minute_buckets(provider) for provider in providers}
    models = (model for provider in providers for model in provider.models.all())
    scopes = [*map(scope_of, providers), *map(scope_of, models)]
    states, usage = budgets.look(scopes, frozenset[Bucket]().union(*buckets.values()))
    rows = [_row(provider, buckets[provider.pk], states, usage) for provider in providers]
    return {"providers": rows, "totals": _totals(rows)}


def minute_buckets(provider: Provider) -> frozenset[Bucket]:
    """The budgets per minute that count the provider's calls: its own, else those of its models."""
    routes = [budgets.route_of(model, provider) for model in provider.models.all()]
    found = {bucket for route in routes for bucket in route.buckets if bucket.window_s == MINUTE_S}
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
    config = getattr(provider, "config", None)
    return {
        "id": provider.pk,
        "name": provider.name,
        "enabled": provider.enabled,
        "models": len(models),
        "models_enabled": sum(model.enabled for model in models),
        "models_suspended": sum(states[scope_of(model)].is_suspended for model in models) if states else None,
        "api_key_configured": config is not None and config.has_key,
        "requests_per_minute": provider.requests_per_minute,
        "tokens_per_minute": provider.tokens_per_minute,
        "requests_this_minute": _used(Unit.REQUESTS, buckets, usage),
        "tokens_this_minute": _used(Unit.TOKENS, buckets, usage),
        "standing": standing_of(states.get(provider.pk)),
    }


def _totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {
        "providers": len(rows),
        "providers_enabled": sum(row["enabled"] for row in rows),
        "models": sum(row["models"] for row in rows),
        "models_enabled": sum(row["models_enabled"] for row in rows),
        "keys_configured": sum(row["api_key_configured"] for row in rows),
    }
