"""Batches over the API."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation import actions
from generation.actions.cap_rules import CapChange
from generation.actions.forecast import forecast
from generation.api.authority_serializers import AuthorityUseSerializer
from generation.api.estimate_serializers import ForecastSerializer, told
from generation.api.filters import BatchFilters, FailedFilters
from generation.api.report_serializers import QualityListing
from generation.api.serializers import (
    BatchDetailSerializer,
    BatchSerializer,
    CapsSerializer,
    EventSerializer,
    FailureSerializer,
    OrderSerializer,
    RetrySerializer,
    UrgencySerializer,
    to_order,
)
from generation.models import Batch, Event, Item
from generation.selectors.authorities import authority_use
from generation.selectors.failed_items import failed_items, with_last_calls
from generation.selectors.model_quality import DAYS, broken_rules, model_qualities
from providers.api.json_fields import StrictSerializer, read_body
from providers.permissions import ChangePermission
from samples.api.filters import SampleFilters
from samples.api.serializers import SampleSerializer
from samples.models import Sample


@contextmanager
def or_404(pk: int) -> Iterator[None]:
    try:
        yield
    except Batch.DoesNotExist:
        raise NotFound(f"There is no batch {pk}. GET /api/batches lists them.") from None


def find_batch(pk: int) -> Batch:
    with or_404(pk):
        return Batch.objects.get(pk=pk)


def shown(batch: Batch, code: int = status.HTTP_200_OK) -> Response:
    return Response(BatchDetailSerializer(batch).data, status=code)


class BatchList(ListAPIView[Batch]):
    queryset = Batch.objects.all()
    serializer_class = BatchSerializer
    filterset_class = BatchFilters
    collection = "batches"
    newest_first = True

    @extend_schema(request=OrderSerializer, responses={201: BatchDetailSerializer})
    def post(self, request: Request) -> Response:
        order = to_order(read_body(OrderSerializer, request))
        return shown(actions.start_batch(order, user=cast(User, request.user)), status.HTTP_201_CREATED)


class BatchEstimate(APIView):
    """What would come of an order: its spread, who starts, time, tokens and cost. Nothing is written."""

    queryset = Batch.objects.all()

    @extend_schema(request=OrderSerializer, responses={200: ForecastSerializer})
    def post(self, request: Request) -> Response:
        order = to_order(read_body(OrderSerializer, request))
        if errors := actions.order_errors(order):
            raise ValidationError(errors)
        return Response(told(forecast(order)))


class BatchDetail(APIView):
    queryset = Batch.objects.all()

    @extend_schema(responses=BatchDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return shown(find_batch(pk))

    @extend_schema(
        request=UrgencySerializer,
        responses=BatchDetailSerializer,
        examples=[
            OpenApiExample("Before all others", value={"urgency": "urgent"}, request_only=True),
            OpenApiExample("With what others leave", value={"urgency": "low"}, request_only=True),
        ],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change its urgency, while it is pending, running or paused: its calls go by it within a second."""
        urgency = read_body(UrgencySerializer, request)["urgency"]
        with or_404(pk):
            return shown(actions.set_urgency(pk, urgency))


class BatchAction(APIView):
    """POST without a body: one action on one batch, answered with the batch as it is then."""

    queryset = Batch.objects.all()
    permission_classes = (ChangePermission,)
    perform: Callable[[int], Batch]

    @extend_schema(request=None, responses=BatchDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        read_body(StrictSerializer, request)
        with or_404(pk):
            return shown(self.perform(pk))


class BatchStop(BatchAction):
    perform = staticmethod(actions.stop_batch)


class BatchResume(BatchAction):
    @extend_schema(request=CapsSerializer, responses=BatchDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """A cap that is left out stays; null removes it."""
        change = CapChange(**read_body(CapsSerializer, request))
        with or_404(pk):
            return shown(actions.resume_batch(pk, change))


class BatchRetry(BatchAction):
    @extend_schema(request=RetrySerializer, responses=BatchDetailSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """All failed items, or those that are named."""
        numbers = read_body(RetrySerializer, request).get("items")
        with or_404(pk):
            return shown(actions.retry_failed(pk, numbers))


class BatchAuthorities(APIView):
    """How many authorities its samples cite, and those that more than a fifth of them do."""

    queryset = Batch.objects.all()

    @extend_schema(responses=AuthorityUseSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(AuthorityUseSerializer(authority_use(find_batch(pk).pk)).data)


class BatchSampleList(ListAPIView[Sample]):
    serializer_class = SampleSerializer
    filterset_class = SampleFilters
    collection = "samples"
    queryset = Sample.objects.all()

    def get_queryset(self) -> QuerySet[Sample]:
        return Sample.objects.of_batch(find_batch(self.kwargs["pk"]).pk).prefetch_related("citations")


class BatchEventList(ListAPIView[Event]):
    """The batch's timeline, newest first."""

    serializer_class = EventSerializer
    collection = "events"
    newest_first = True
    queryset: QuerySet[Any] = Batch.objects.none()  # who may see a batch may see what happened to it

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.queryset = Event.objects.filter(batch=find_batch(self.kwargs["pk"]))
        return super().list(request, *args, **kwargs)


class BatchFailedList(ListAPIView[Item]):
    """The batch's failed items by number, each with its reason and its last call."""

    serializer_class = FailureSerializer  # type: ignore[assignment]  # of items with what was found of them
    filterset_class = FailedFilters
    collection = "items"
    queryset: QuerySet[Any] = Batch.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        items = self.filter_queryset(failed_items(find_batch(self.kwargs["pk"])))
        found: Any = with_last_calls(self.paginate_queryset(items) or [])
        return self.get_paginated_response(FailureSerializer(found, many=True).data)


class ModelQualityList(APIView):
    """How many of each model's recent answers were accepted."""

    queryset = Batch.objects.all()

    @extend_schema(responses=QualityListing)
    def get(self, request: Request) -> Response:
        models = model_qualities()
        listing = {"days": DAYS, "models": models, "count": len(models)}
        return Response(QualityListing(listing, context={"broken": broken_rules()}).data)
