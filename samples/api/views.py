"""Samples and the taxonomy, to read; decisions on samples; samples as files."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from samples import actions, vocabulary
from samples.api.filters import SampleExportFilters, SampleFilters, refuse_unknown, topics_for
from samples.api.serializers import (
    BulkReviewSerializer,
    ReviewedSerializer,
    ReviewSerializer,
    SampleSerializer,
    SampleTypeListing,
    TopicListing,
)
from samples.download import file_response
from samples.export import FORMATS
from samples.models import Sample
from samples.querysets import SampleQuerySet


class ReviewPermission(BasePermission):
    message = "You may read samples, but not review them. Ask for the permission 'Can review sample'."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("samples.review_sample")


def read(serializer_class: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    body = serializer_class(data=request.data)
    body.is_valid(raise_exception=True)
    values: dict[str, Any] = body.validated_data
    return values


class SampleList(ListAPIView[Sample]):
    queryset = Sample.objects.select_related("reviewed_by")
    serializer_class = SampleSerializer
    filterset_class = SampleFilters
    collection = "samples"
    newest_first = True


class SampleDetail(RetrieveAPIView[Sample]):
    queryset = Sample.objects.all()
    serializer_class = SampleSerializer

    def get_object(self) -> Sample:
        sample = Sample.objects.select_related("reviewed_by").filter(pk=self.kwargs["pk"]).first()
        if sample is None:
            raise unknown_sample(self.kwargs["pk"])
        return sample


def unknown_sample(pk: int) -> NotFound:
    return NotFound(f"There is no sample {pk}. GET /api/samples lists them.")


class SampleReview(APIView):
    """A decision on one sample."""

    permission_classes = (IsAuthenticated, ReviewPermission)

    @extend_schema(request=ReviewSerializer, responses=SampleSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """409 where somebody else has decided since ``seen``."""
        try:
            sample = actions.review(pk, user=cast(User, request.user), **read(ReviewSerializer, request))
        except Sample.DoesNotExist:
            raise unknown_sample(pk) from None
        return Response(SampleSerializer(sample).data)


class BulkReview(APIView):
    """One decision on many samples."""

    permission_classes = (IsAuthenticated, ReviewPermission)

    @extend_schema(operation_id="samples_review_many", request=BulkReviewSerializer, responses=ReviewedSerializer)
    def post(self, request: Request) -> Response:
        body = read(BulkReviewSerializer, request)
        samples = Sample.objects.filter(pk__in=body.pop("ids"))
        count = actions.review_all(samples, user=cast(User, request.user), **body)
        return Response(ReviewedSerializer({"reviewed": count}).data)


class SampleExport(GenericAPIView[Sample]):
    """Every sample of the filter as one file, streamed."""

    queryset = Sample.objects.order_by("pk")
    filterset_class = SampleExportFilters
    serializer_class = SampleSerializer
    is_whole = True

    @extend_schema(responses={(200, "application/x-ndjson"): str})
    def get(self, request: Request) -> StreamingHttpResponse:
        samples = cast(SampleQuerySet[Sample], self.filter_queryset(self.get_queryset()))
        return file_response(samples, FORMATS[request.query_params.get("format") or "jsonl"])


class TopicList(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(parameters=[OpenApiParameter("jurisdiction", str)], responses=TopicListing)
    def get(self, request: Request) -> Response:
        topics = topics_for(request)
        return Response(TopicListing({"topics": topics, "count": len(topics)}).data)


class SampleTypeList(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=SampleTypeListing)
    def get(self, request: Request) -> Response:
        refuse_unknown(request)
        types = vocabulary.current().sample_types
        return Response(SampleTypeListing({"sample_types": types, "count": len(types)}).data)
