"""What would come of an order, as the API shows it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from generation.actions.forecast import OrderForecast
from generation.engine.estimates import words
from generation.engine.estimates.estimate import Estimate, Range
from generation.selectors.model_quality import DAYS
from providers.routing.explaining.money import CURRENCY
from providers.routing.route import Route


class ShareSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class SpreadSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    jurisdictions = ShareSerializer(many=True)
    difficulties = ShareSerializer(many=True)
    sample_types = ShareSerializer(many=True)
    topics = serializers.IntegerField(help_text="Topics that get a sample.")
    topics_chosen = serializers.IntegerField(help_text="Topics that could.")
    fewest_per_topic = serializers.IntegerField()
    most_per_topic = serializers.IntegerField()


class RangeSerializer(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()


class EndSerializer(serializers.Serializer[Any]):
    earliest = serializers.DateTimeField()
    latest = serializers.DateTimeField()


class RouteSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField()
    model = serializers.CharField()


class RouteShareSerializer(RouteSerializer):
    share = serializers.FloatField(help_text="Its share of the samples, 0 to 1.")


class HurdleSerializer(RouteSerializer):
    reason = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class CapReachSerializer(serializers.Serializer[Any]):
    after = serializers.IntegerField(help_text="Samples after which the batch pauses, about.")
    is_sure = serializers.BooleanField(help_text="False where only the high end of the estimate exceeds the cap.")


class EstimateSerializer(serializers.Serializer[Any]):
    seconds = RangeSerializer(allow_null=True, help_text="Null where the limits let nothing through.")
    done_at = EndSerializer(allow_null=True, help_text="Where it is started now.")
    tokens = RangeSerializer()
    cost = RangeSerializer(allow_null=True, help_text="Null where no price is known.")
    currency = serializers.CharField()
    limited_by = serializers.CharField(help_text="What keeps it from being faster.")
    days = serializers.IntegerField(help_text="Days that it goes on where it waits for a limit at times, else 0.")
    routes = RouteShareSerializer(many=True)
    unpriced = RouteSerializer(many=True, help_text="Routes without a price: the cost is without their part.")
    token_cap = CapReachSerializer(allow_null=True)
    cost_cap = CapReachSerializer(allow_null=True)
    calls = serializers.IntegerField(help_text="Measured calls that it is based on.")
    based_on = serializers.CharField()


class ForecastSerializer(serializers.Serializer[Any]):
    spread = SpreadSerializer(allow_null=True)
    starts_with = RouteSerializer(allow_null=True, help_text="Null where every route is suspended or asked to wait.")
    passed_over = HurdleSerializer(many=True)
    estimate = EstimateSerializer(allow_null=True)


def told(forecast: OrderForecast) -> dict[str, Any]:
    """The forecast as JSON holds it."""
    start = forecast.start
    values = {
        "spread": forecast.spread,
        "starts_with": _route(start.route) if start and start.route else None,
        "passed_over": [
            {**_route(hurdle.route), "reason": hurdle.reason, "until": hurdle.until}
            for hurdle in (start.hurdles if start else ())
        ],
        "estimate": _estimate(forecast.estimate) if forecast.estimate else None,
    }
    shown: dict[str, Any] = ForecastSerializer(values).data
    return shown


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "seconds": estimate.seconds,
        "done_at": _end(estimate.seconds) if estimate.seconds else None,
        "tokens": estimate.tokens,
        "cost": estimate.cost,
        "currency": CURRENCY,
        "limited_by": words.limit_of(estimate),
        "days": estimate.days,
        "routes": [{**_route(route), "share": round(share, 4)} for route, share in estimate.routes],
        "unpriced": [_route(route) for route in estimate.unpriced],
        "token_cap": estimate.token_cap,
        "cost_cap": estimate.cost_cap,
        "calls": estimate.calls,
        "based_on": words.basis_words(estimate, DAYS),
    }


def _end(seconds: Range) -> dict[str, datetime]:
    now = timezone.now()
    return {"earliest": now + timedelta(seconds=seconds.low), "latest": now + timedelta(seconds=seconds.high)}


def _route(route: Route) -> dict[str, str]:
    return {"provider": route.provider.id, "model": route.model.model_id}
