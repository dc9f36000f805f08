"""Limits that a provider's vendor tells: looked at, taken over or dismissed over the API."""

from collections.abc import Callable, Collection
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from providers import actions
from providers.api.json_fields import StrictSerializer, TextField, read_body
from providers.api.serializers import ProviderSerializer
from providers.api.views import or_404, shown_provider
from providers.models import Provider
from providers.permissions import ChangePermission, has, remedy
from providers.routing.limits.suggesting import Suggestion
from providers.status.suggestions import suggestions_of

CHANGE_MODELS = "providers.change_model"


class SuggestionSerializer(serializers.Serializer[Any]):
    mark = serializers.CharField(help_text="Names it with its amount, to decide on what was seen.")
    model_id = serializers.CharField(allow_blank=True, help_text="Empty: of the provider.")
    unit = serializers.CharField(source="told.unit")
    window = serializers.CharField(source="told.window.text")
    time_zone = serializers.CharField(source="told.window.time_zone", allow_blank=True)
    amount = serializers.IntegerField(source="told.amount")
    amount_set = serializers.IntegerField(
        source="is_set.amount", default=None, allow_null=True, help_text="What is set here. Null: no such limit."
    )
    is_lower = serializers.BooleanField(help_text="Calls are let out here that the vendor refuses.")
    told_by = serializers.ChoiceField(("headers", "body"))
    seen_at = serializers.DateTimeField(help_text="When it was first told so.")


class SuggestionListing(serializers.Serializer[Any]):
    suggestions = SuggestionSerializer(many=True)
    count = serializers.IntegerField()


class DecisionSerializer(StrictSerializer):
    action = serializers.ChoiceField(
        ("take_over", "dismiss"),
        default="take_over",
        error_messages={"invalid_choice": "Choose one of: take_over, dismiss."},
    )
    marks = serializers.ListField(
        child=TextField(),
        required=False,
        help_text="Those that were seen: refused where there are others by now. Left out: whatever there is.",
    )


class ProviderSuggestions(APIView):
    queryset = Provider.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(responses=SuggestionListing)
    def get(self, request: Request, pk: str) -> Response:
        """What the vendor tells of its limits, in headers and refusals, and is not set so here. Lower ones first."""
        with or_404():
            suggestions = suggestions_of(Provider.objects.get(pk=pk))
        return Response(SuggestionListing({"suggestions": suggestions, "count": len(suggestions)}).data)

    @extend_schema(request=DecisionSerializer, responses=ProviderSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """Takes all of them over, or dismisses them until the vendor tells other amounts. Answers the provider."""
        body = read_body(DecisionSerializer, request)
        decide: Callable[[str, Collection[str] | None], list[Suggestion]] = (
            actions.dismiss if body.get("action") == "dismiss" else actions.take_over
        )
        with or_404():
            of_models = any(each.model_id for each in suggestions_of(Provider.objects.get(pk=pk)))
            if of_models and not has(request.user, CHANGE_MODELS):
                raise PermissionDenied(f"You need the permission {CHANGE_MODELS}. {remedy(CHANGE_MODELS)}")
            decide(pk, body.get("marks"))
        return shown_provider(pk)
