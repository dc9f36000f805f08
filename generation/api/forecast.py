"""What will become of limits and batches, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation.actions.batch_forecasts import forecast_batches
from generation.actions.limit_forecasts import ForetoldLimit, forecast_limits
from generation.api.progress_serializers import BatchForecastSerializer
from generation.models import Batch
from providers.permissions import has
from providers.routing.limits.amounts import MILLIONTHS, Unit

AMOUNTS = ("limit", "left", "back")


class LimitForecastSerializer(serializers.Serializer[ForetoldLimit]):
    provider = serializers.CharField()
    scope = serializers.CharField(
        help_text="Whose limit it is: the provider, provider/model, or * for the installation."
    )
    unit = serializers.CharField(help_text="requests, tokens, input, output, uncached or money.")
    window = serializers.CharField()
    limit = serializers.FloatField(help_text="Of money, in its own units.")
    left = serializers.FloatField()
    per_minute = serializers.FloatField(help_text="Units a minute that calls took over the last five minutes.")
    used_up_at = serializers.DateTimeField(
        allow_null=True, help_text="At that pace; null where more comes back before. Now, where nothing is left."
    )
    back = serializers.FloatField(help_text="So much has come back by back_at: a tenth of the limit, or all.")
    back_at = serializers.DateTimeField(allow_null=True, help_text="Null where nothing is used.")
    whole_at = serializers.DateTimeField(allow_null=True, help_text="When all has come back, where no more is used.")

    def to_representation(self, instance: ForetoldLimit) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        if instance.unit is Unit.MONEY:
            told |= {name: told[name] / MILLIONTHS for name in (*AMOUNTS, "per_minute")}
        return told


class ListedBatchForecastSerializer(BatchForecastSerializer):
    batch = serializers.IntegerField(source="batch_id")


class ForecastListing(serializers.Serializer[Any]):
    limits = LimitForecastSerializer(many=True, help_text="None while Redis is away.")
    batches = ListedBatchForecastSerializer(many=True, help_text="Those that are not done, and go on by themselves.")


class Forecast(APIView):
    queryset = Batch.objects.all()

    @extend_schema(responses=ForecastListing)
    def get(self, request: Request) -> Response:
        """What is left of each limit and when it comes back, and when each batch will be done."""
        return Response(listing(with_limits=has(request.user, "providers.view_provider")))


def listing(*, with_limits: bool = True) -> dict[str, Any]:
    """As JSON holds it."""
    values = {
        "limits": forecast_limits() if with_limits else [],
        "batches": list(forecast_batches().values()),
    }
    shown: dict[str, Any] = ForecastListing(values).data
    return shown
