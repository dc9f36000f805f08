"""Limits beyond those with columns: how a row shows and takes them, and those that hold for all providers together."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from providers.actions import limits
from providers.api.json_fields import StrictSerializer, read_body, refusals
from providers.configuration import limit_lists
from providers.models import Limit, Provider
from providers.routing.config import LimitScope
from providers.routing.limits.amounts import Unit


class LimitSerializer(serializers.Serializer[Any]):
    """For the schema: ``limit_lists`` reads and writes it."""

    scope = serializers.ChoiceField(
        [each.value for each in LimitScope],
        required=False,
        allow_null=True,
        help_text="Of a provider: account or model; left out, as its limits_scope. Of a model: model. Of the "
        "installation: installation.",
    )
    unit = serializers.ChoiceField([each.value for each in Unit])
    amount = serializers.FloatField(help_text="Above 0. Money in US dollars, all else in whole numbers.")
    window = serializers.CharField(help_text="A number and a span, such as 1 day or 5 hours.")
    time_zone = serializers.CharField(
        required=False, allow_null=True, help_text="Where its periods of the calendar begin. Null: it slides."
    )


@extend_schema_field(LimitSerializer(many=True))
class LimitsField(serializers.Field[Any, Any, Any, Any]):
    """The whole list of a row's limits, which the action reads."""

    default_error_messages = refusals("a list of limits; an empty list for none")

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        return [limit_lists.written(row.entry) for row in value.all()]


class InstallationLimitsSerializer(StrictSerializer):
    limits = LimitsField()


class InstallationLimits(APIView):
    queryset = Provider.objects.all()

    @extend_schema(responses=InstallationLimitsSerializer)
    def get(self, request: Request) -> Response:
        """What holds for all providers together."""
        return Response(InstallationLimitsSerializer({"limits": Limit.objects.of_installation()}).data)

    @extend_schema(request=InstallationLimitsSerializer, responses=InstallationLimitsSerializer)
    def put(self, request: Request) -> Response:
        """The whole list, in place of what was."""
        limits.set_installation_limits(read_body(InstallationLimitsSerializer, request)["limits"])
        return self.get(request)
