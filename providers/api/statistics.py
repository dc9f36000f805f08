"""Numbers about the providers as the API shows them."""

from typing import Any

from rest_framework import serializers

from providers.api.serializers import HealthSerializer


class ProviderStatsSerializer(HealthSerializer):
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
