"""Samples and the taxonomy, to read."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from samples.filters import SampleFilters, refuse_unknown, topics_for
from samples.models import Sample
from samples.serializers import SampleSerializer, SampleTypeListing, TopicListing
from samples.taxonomy import taxonomy


class SampleList(ListAPIView[Sample]):
    queryset = Sample.objects.all()
    serializer_class = SampleSerializer
    filterset_class = SampleFilters
    collection = "samples"


class SampleDetail(RetrieveAPIView[Sample]):
    queryset = Sample.objects.all()
    serializer_class = SampleSerializer

    def get_object(self) -> Sample:
        sample = Sample.objects.filter(pk=self.kwargs["pk"]).first()
        if sample is None:
            raise NotFound(f"There is no sample {self.kwargs['pk']}. GET /api/samples lists them.")
        return sample


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
        types = taxonomy().sample_types
        return Response(SampleTypeListing({"sample_types": types, "count": len(types)}).data)
