"""Asking a vendor over the API: whether it works, and what it offers. An answer of 200 says that it was asked."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from providers.api.json_fields import StrictSerializer, TextField, read_body
from providers.api.views import or_404
from providers.connection.testing import check_connection, list_offered
from providers.models import Model, Provider
from providers.permissions import ChangePermission


class ConnectionOrderSerializer(StrictSerializer):
    model = TextField(required=False, allow_null=True, help_text="Left out: the model that the provider starts with.")


class OutcomeSerializer(serializers.Serializer[Any]):
    works = serializers.BooleanField()
    words = serializers.CharField(help_text="What is so, for people.")
    remedy = serializers.CharField(help_text="What to do about it.", allow_blank=True)
    kind = serializers.CharField(
        allow_blank=True, help_text="Of a fault or an obstacle, or no_key, unreadable_key, no_model, store_away."
    )
    model = serializers.CharField(source="model_id", allow_blank=True)
    latency_ms = serializers.IntegerField(allow_null=True)
    retry_after_s = serializers.FloatField(allow_null=True)
    learnt = serializers.ListField(
        child=serializers.CharField(), help_text="What the model did not take, and how it is asked from now on."
    )
    answered_by = serializers.CharField(
        allow_blank=True, help_text="Another model than the one asked for, where the vendor says that one answered."
    )


class OfferedModelSerializer(serializers.Serializer[Any]):
    model_id = serializers.CharField()
    is_here = serializers.BooleanField(help_text="Whether it is configured already.")
    is_chat = serializers.BooleanField(help_text="Whether it looks like a chat model, by its name.")


class OfferSerializer(serializers.Serializer[Any]):
    models = OfferedModelSerializer(source="offer.models", many=True)
    gone = serializers.ListField(
        source="offer.gone", child=serializers.CharField(), help_text="Configured, but not offered."
    )
    trouble = OutcomeSerializer(allow_null=True, help_text="Why the vendor could not be asked.")


class ProviderTest(APIView):
    queryset = Provider.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=ConnectionOrderSerializer, responses=OutcomeSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """One short question to one model, off or suspended too. Takes 12 seconds at most."""
        model_id = read_body(ConnectionOrderSerializer, request).get("model")
        with or_404():
            Provider.objects.only("pk").get(pk=pk)
            try:
                outcome = check_connection(pk, model_id)
            except Model.DoesNotExist:
                names = Model.objects.filter(provider_id=pk).order_by("fallback_priority").values_list("model_id")
                known = ", ".join(name for (name,) in names) or "none"
                raise ValidationError({"model": f"{pk} has no such model. Its models: {known}."}) from None
        return Response(OutcomeSerializer(outcome).data)


class ProviderOffered(APIView):
    queryset = Model.objects.all()  # it costs a call and serves those who add models

    @extend_schema(request=None, responses=OfferSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """Asks the vendor now. Takes 12 seconds at most."""
        read_body(StrictSerializer, request)
        with or_404():
            listing = list_offered(pk)
        return Response(OfferSerializer(listing).data)
