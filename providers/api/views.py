"""Providers and their models over the API: each view reads the body, calls one action, shows the row."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from providers import actions
from providers.api.explanations import ExplanationSerializer, OrderQuery
from providers.api.filters import ChangeFilters, ModelFilters
from providers.api.json_fields import read_body
from providers.api.serializers import (
    ChangeSerializer,
    ConfigSerializer,
    DuplicateSerializer,
    ModelListing,
    ModelSerializer,
    PrioritySerializer,
    ProviderSerializer,
    ReorderSerializer,
    SecretsSerializer,
    ToggleSerializer,
)
from providers.api.statistics import StatsSerializer
from providers.models import ConfigurationChange, Model, Provider, ProviderConfig
from providers.permissions import ChangePermission, DuplicatePermission
from providers.routing.admission import ScopeState
from providers.status.explanation import explain_order, read_order
from providers.status.health import read_states
from providers.status.statistics import collect_stats

CREATED, DELETED = status.HTTP_201_CREATED, status.HTTP_204_NO_CONTENT


def live_states(rows: Iterable[Provider | Model]) -> Mapping[str, ScopeState]:
    """What the shared store holds against the rows and against providers' models, in one round trip."""
    own = list(rows)
    return read_states([*own, *(model for row in own if isinstance(row, Provider) for model in row.models.all())])


@contextmanager
def or_404() -> Iterator[None]:
    """A row that is not there is an answer of the API, with what is there."""
    try:
        yield
    except Provider.DoesNotExist:
        raise NotFound(f"There is no such provider. {known_providers()}") from None
    except Model.DoesNotExist:
        raise NotFound(f"There is no such model. {known_models()}") from None


def known_providers() -> str:
    return f"Known: {', '.join(Provider.objects.values_list('pk', flat=True)) or 'none'}."


def known_models() -> str:
    names = (f"{pk} ({model_id})" for pk, model_id in Model.objects.order_by("pk").values_list("pk", "model_id")[:50])
    return f"Known: {', '.join(names) or 'none'}."


def shown_provider(pk: str, code: int = status.HTTP_200_OK) -> Response:
    with or_404():
        row = Provider.objects.with_details().get(pk=pk)
    return Response(ProviderSerializer(row, context={"states": live_states([row])}).data, status=code)


def shown_model(pk: int, code: int = status.HTTP_200_OK) -> Response:
    with or_404():
        row = Model.objects.with_reroute().get(pk=pk)
    return Response(ModelSerializer(row, context={"states": live_states([row])}).data, status=code)


class LiveList(ListAPIView[Any]):
    """A list in one piece, with what the breakers say of its rows."""

    is_whole = True

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        if args:
            kwargs["context"] = {"states": live_states(args[0])}
        return super().get_serializer(*args, **kwargs)


class ProviderList(LiveList):
    queryset = Provider.objects.with_details()
    serializer_class = ProviderSerializer
    collection = "providers"


class ProviderCollection(ProviderList):
    @extend_schema(request=ProviderSerializer, responses={201: ProviderSerializer})
    def post(self, request: Request) -> Response:
        row = actions.create_provider(read_body(ProviderSerializer, request))
        return shown_provider(row.pk, CREATED)


class ProviderDetail(APIView):
    queryset = Provider.objects.all()

    @extend_schema(responses=ProviderSerializer)
    def get(self, request: Request, pk: str) -> Response:
        return shown_provider(pk)

    @extend_schema(request=ProviderSerializer(partial=True), responses=ProviderSerializer)
    def put(self, request: Request, pk: str) -> Response:
        """Takes a part of the object; what is left out stays."""
        with or_404():
            actions.update_provider(pk, read_body(ProviderSerializer, request, partial=True))
        return shown_provider(pk)

    @extend_schema(request=ProviderSerializer(partial=True), responses=ProviderSerializer)
    def patch(self, request: Request, pk: str) -> Response:
        return self.put(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        with or_404():
            actions.delete_provider(pk)
        return Response(status=DELETED)


class ProviderToggle(APIView):
    queryset = Provider.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=ToggleSerializer, responses=ProviderSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """Without ``enabled``: the other way round."""
        wanted = read_body(ToggleSerializer, request).get("enabled")
        with or_404():
            row = Provider.objects.get(pk=pk)
            actions.set_provider_enabled(pk, not row.enabled if wanted is None else wanted)
        return shown_provider(pk)


class ProviderSecrets(APIView):
    queryset = ProviderConfig.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=SecretsSerializer, responses=ConfigSerializer)
    def put(self, request: Request, pk: str) -> Response:
        with or_404():
            row = actions.set_secrets(pk, **read_body(SecretsSerializer, request))
        return Response(ConfigSerializer(row).data)


class ProviderDuplicate(APIView):
    queryset = Provider.objects.all()
    permission_classes = (DuplicatePermission,)

    @extend_schema(request=DuplicateSerializer, responses={201: ProviderSerializer})
    def post(self, request: Request, pk: str) -> Response:
        """The same provider for another key, right after it, with the same models in the same order."""
        wanted = read_body(DuplicateSerializer, request)
        with or_404():
            row = actions.duplicate_provider(pk, **wanted)
        return shown_provider(row.pk, CREATED)


class ProviderStats(APIView):
    queryset = Provider.objects.all()

    @extend_schema(responses=StatsSerializer)
    def get(self, request: Request) -> Response:
        return Response(StatsSerializer(collect_stats(list(Provider.objects.with_details()))).data)


class RouteExplanation(APIView):
    queryset = Provider.objects.all()

    @extend_schema(parameters=[OrderQuery], responses=ExplanationSerializer)
    def get(self, request: Request) -> Response:
        """Which routes an order would try now, in which order, and why the others are skipped."""
        explanation = explain_order(read_order(request.query_params.dict()))
        return Response(ExplanationSerializer(explanation).data)


class ModelList(LiveList):
    queryset = Model.objects.with_reroute()
    serializer_class = ModelSerializer
    filterset_class = ModelFilters
    collection = "models"


class ModelCollection(ModelList):
    @extend_schema(request=ModelSerializer, responses={201: ModelSerializer})
    def post(self, request: Request) -> Response:
        values = read_body(ModelSerializer, request)
        try:
            row = actions.create_model(values.pop("provider_id"), values)
        except Provider.DoesNotExist:
            raise ValidationError({"provider": f"There is no such provider. {known_providers()}"}) from None
        return shown_model(row.pk, CREATED)


class ModelDetail(APIView):
    queryset = Model.objects.all()

    @extend_schema(responses=ModelSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return shown_model(pk)

    @extend_schema(request=ModelSerializer(partial=True), responses=ModelSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Takes a part of the object; what is left out stays. A model stays with its provider."""
        values = read_body(ModelSerializer, request, partial=True)
        sent: Any = request.data
        with or_404():
            row = Model.objects.get(pk=pk)
            if values.pop("provider_id", row.provider_id) != row.provider_id:
                raise ValidationError({"provider": f"A model stays with its provider, {row.provider_id}."})
            if sent.get("id", pk) != pk:
                raise ValidationError({"id": "The id of a model cannot change. Leave it out."})
            actions.update_model(pk, values)
        return shown_model(pk)

    @extend_schema(request=ModelSerializer(partial=True), responses=ModelSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        return self.put(request, pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        with or_404():
            actions.delete_model(pk)
        return Response(status=DELETED)


class ModelToggle(APIView):
    queryset = Model.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=ToggleSerializer, responses=ModelSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Without ``enabled``: the other way round."""
        wanted = read_body(ToggleSerializer, request).get("enabled")
        with or_404():
            row = Model.objects.get(pk=pk)
            actions.set_model_enabled(pk, not row.enabled if wanted is None else wanted)
        return shown_model(pk)


class ModelPriority(APIView):
    queryset = Model.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=PrioritySerializer, responses=ModelSerializer)
    def put(self, request: Request, pk: int) -> Response:
        with or_404():
            actions.set_priority(pk, read_body(PrioritySerializer, request)["fallback_priority"])
        return shown_model(pk)


class ModelForget(APIView):
    queryset = Model.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=None, responses=ModelSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """What it was found not to take is forgotten: it is asked as any other model again."""
        with or_404():
            actions.forget(pk)
        return shown_model(pk)


class ModelReorder(APIView):
    queryset = Model.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=ReorderSerializer, responses=ModelListing)
    def post(self, request: Request) -> Response:
        """Answers the provider's models in their new order."""
        body = read_body(ReorderSerializer, request)
        try:
            actions.reorder_models(body["provider_id"], body["model_order"])
        except Provider.DoesNotExist:
            raise ValidationError({"provider_id": f"There is no such provider. {known_providers()}"}) from None
        rows = Model.objects.with_reroute().filter(provider_id=body["provider_id"]).order_by("fallback_priority")
        models = ModelSerializer(rows, many=True, context={"states": live_states(rows)}).data
        return Response({"models": models, "count": len(rows)})


class ChangeList(ListAPIView[ConfigurationChange]):
    """Who did what to the configuration, the newest first."""

    queryset = ConfigurationChange.objects.all()
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilters
    collection = "changes"
    newest_first = True
