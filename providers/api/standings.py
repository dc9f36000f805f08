"""How models stand at their vendors, and what the catalogue knows, over the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from providers import actions
from providers.actions.replacing import Replacement, in_words
from providers.api.json_fields import FlagField, NumberField, StrictSerializer, read_body
from providers.api.serializers import ProviderSerializer
from providers.api.views import or_404, shown_provider
from providers.catalog import free_tiers, known_models, prices
from providers.catalog.known_models import vendor_at
from providers.models import Model, Provider
from providers.permissions import RowPermission
from providers.status import standing_words
from providers.status.standings import ModelStanding, Standings, standings_of


class KnownModelSerializer(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="current, ending or retired, as the source said.")
    on = serializers.CharField(allow_null=True, help_text="The day of its end, or the month.")
    sure = serializers.BooleanField(help_text="False: not verified; it is told, and nothing is done by it.")
    source = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes it out of the class
    as_at = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    replaced_by = serializers.CharField(allow_null=True)
    licence = serializers.CharField(allow_blank=True)


class StandingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="model.pk")
    model_id = serializers.CharField(source="model.model_id")
    standing = serializers.CharField(help_text="current, ending or retired.")
    is_sure = serializers.BooleanField()
    is_listed = serializers.BooleanField(allow_null=True, help_text="In the vendor's last list; null: never read.")
    successor = serializers.CharField(source="successor.model_id", default=None, allow_null=True)
    words = serializers.SerializerMethodField()
    known = KnownModelSerializer(allow_null=True)

    def get_words(self, entry: ModelStanding) -> str:
        return standing_words.what(entry)


class FreeLimitSerializer(serializers.Serializer[Any]):
    scope = serializers.CharField(help_text="account or model.")
    unit = serializers.CharField()
    amount = serializers.IntegerField(allow_null=True, help_text="Null: not published.")
    count = serializers.IntegerField()
    window = serializers.CharField(allow_blank=True, help_text="Of so many (count) of these: minute, hour, day ...")
    calendar = serializers.CharField(allow_blank=True, help_text="Its time zone, where it begins with the calendar.")
    words = serializers.SerializerMethodField()

    def get_words(self, limit: free_tiers.FreeLimit) -> str:
        return free_tiers.words(limit)


class ProviderStandingsSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField(source="provider.pk")
    read_at = serializers.DateTimeField(allow_null=True, help_text="When the vendor last told its list.")
    headline = serializers.SerializerMethodField()
    models = StandingSerializer(many=True, help_text="Those that are on.")
    new = serializers.ListField(child=serializers.CharField(), help_text="In the vendor's list since it was looked at.")
    free_limits = serializers.SerializerMethodField()

    def get_headline(self, found: Standings) -> str:
        return standing_words.headline(found)

    @extend_schema_field(FreeLimitSerializer(many=True))
    def get_free_limits(self, found: Standings) -> list[Mapping[str, Any]]:
        vendor = vendor_at(found.provider.base_url)
        limits = free_tiers.free_limits(vendor) if vendor else ()
        return [dict(entry) for entry in FreeLimitSerializer(limits, many=True).data]


class ModelStandingsSerializer(serializers.Serializer[Any]):
    as_at = serializers.DateField(help_text="Of what is known of the models.")
    prices = serializers.DictField(child=serializers.CharField(), help_text="Source, day and currency of known prices.")
    providers = ProviderStandingsSerializer(many=True)


class ReplaceSerializer(StrictSerializer):
    models = serializers.ListField(
        child=NumberField(),
        required=False,
        allow_empty=False,
        help_text="Ids of models that are retired, or end, for sure. Left out: all retired ones.",
    )


class ReplacementSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="model.pk")
    provider = serializers.CharField(source="model.provider_id")
    model_id = serializers.CharField(source="model.model_id")
    successor = serializers.CharField(source="successor_id", allow_null=True)
    is_new = serializers.BooleanField(help_text="Whether the successor was added.")
    words = serializers.SerializerMethodField()

    def get_words(self, entry: Replacement) -> str:
        return in_words(entry)


class ReplacedSerializer(serializers.Serializer[Any]):
    replaced = ReplacementSerializer(many=True)


class FillSerializer(StrictSerializer):
    limits = FlagField(required=False, default=False, help_text="Those of the free tier, where none is set.")
    facts = FlagField(required=False, default=False, help_text="Prices and context windows, where none is set.")


class MayReplace(RowPermission):
    """A model is added, one is switched off, and the provider may start elsewhere."""

    perms_map = {
        **RowPermission.perms_map,
        "POST": [
            "%(app_label)s.change_%(model_name)s",
            "%(app_label)s.add_%(model_name)s",
            "providers.change_provider",
        ],
    }


class MayFill(RowPermission):
    perms_map = {**RowPermission.perms_map, "POST": ["%(app_label)s.change_%(model_name)s", "providers.change_model"]}


class ModelStandings(APIView):
    queryset = Model.objects.all()

    @extend_schema(responses=ModelStandingsSerializer)
    def get(self, request: Request) -> Response:
        """How the models stand at their vendors: retired, ending, gone from its list. Asks nobody."""
        rows: Iterable[Provider] = Provider.objects.with_details()
        told = {
            "as_at": known_models.as_at(),
            "prices": {"source": prices.source(), "as_at": prices.as_at().isoformat(), "currency": "USD"},
            "providers": standings_of(rows, timezone.localdate()),
        }
        return Response(ModelStandingsSerializer(told).data)


class ModelReplacement(APIView):
    queryset = Model.objects.all()
    permission_classes = (MayReplace,)

    @extend_schema(request=ReplaceSerializer, responses=ReplacedSerializer)
    def post(self, request: Request) -> Response:
        """Replaces retired models, all or none; each successor stands where its predecessor stood."""
        done = actions.replace_models(read_body(ReplaceSerializer, request).get("models"), timezone.localdate())
        return Response(ReplacedSerializer({"replaced": done}).data)


class ProviderFilling(APIView):
    queryset = Provider.objects.all()
    permission_classes = (MayFill,)

    @extend_schema(request=FillSerializer, responses=ProviderSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """Fills in what is known where nothing is set."""
        wanted = read_body(FillSerializer, request)
        if not any(wanted.values()):
            raise ValidationError({"limits": "Say what to fill in: limits, facts, or both."})
        with or_404():
            actions.fill_in(pk, timezone.localdate(), **wanted)
        return shown_provider(pk)
