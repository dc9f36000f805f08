"""Versions of the prompts' wording over the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generation.actions.prompts import versions
from generation.actions.prompts.preview import PreviewOrder, preview
from generation.api.prompt_serializers import (
    NewPromptSerializer,
    PreviewQuerySerializer,
    PreviewSerializer,
    PromptDetailSerializer,
    PromptVersionSerializer,
    told_preview,
)
from generation.engine.wording.texts import NAMES
from generation.models import PromptVersion
from generation.selectors.prompt_versions import shown_versions
from providers.api.json_fields import StrictSerializer, read_body
from providers.permissions import ChangePermission

EXAMPLE = {"system": "You write training examples ...", "note": "Says first that the law is stated as at a date."}


@contextmanager
def or_404(number: int) -> Iterator[None]:
    try:
        yield
    except PromptVersion.DoesNotExist:
        raise NotFound(f"There is no prompt version {number}. {versions.SEE_VERSIONS}") from None


def shown(number: int, code: int = status.HTTP_200_OK) -> Response:
    versions.built_in_version()
    with or_404(number):
        return Response(PromptDetailSerializer(shown_versions().get(number=number)).data, status=code)


class PromptList(ListAPIView[PromptVersion]):
    queryset = PromptVersion.objects.all()
    serializer_class = PromptVersionSerializer
    collection = "prompts"
    newest_first = True

    def get_queryset(self) -> QuerySet[PromptVersion]:
        versions.built_in_version()
        return shown_versions()

    @extend_schema(
        request=NewPromptSerializer,
        responses={201: PromptDetailSerializer},
        examples=[OpenApiExample("Another system message", value=EXAMPLE, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """A new version. New batches take it once it is made the current one."""
        values = read_body(NewPromptSerializer, request)
        texts = {name: values[name] for name in NAMES if name in values}
        made = versions.add_version(texts, note=values.get("note", ""), parent=values.get("parent"))
        return shown(made.number, status.HTTP_201_CREATED)


class PromptDetail(APIView):
    queryset = PromptVersion.objects.all()

    @extend_schema(responses=PromptDetailSerializer)
    def get(self, request: Request, number: int) -> Response:
        return shown(number)


class PromptCurrent(APIView):
    queryset = PromptVersion.objects.all()
    permission_classes = (ChangePermission,)

    @extend_schema(request=None, responses=PromptDetailSerializer)
    def post(self, request: Request, number: int) -> Response:
        """New batches take this version from now on; those that there are keep theirs."""
        read_body(StrictSerializer, request)
        with or_404(number):
            versions.choose_version(number)
        return shown(number)


class PromptPreview(APIView):
    queryset = PromptVersion.objects.all()

    @extend_schema(parameters=[PreviewQuerySerializer], responses=PreviewSerializer)
    def get(self, request: Request, number: int) -> Response:
        """What a model is sent for one item, exactly. Nothing is called."""
        versions.built_in_version()
        with or_404(number):
            PromptVersion.objects.only("number").get(number=number)
        return Response(told_preview(preview(asked_for(request, number))))


def asked_for(request: Request, number: int) -> PreviewOrder:
    """Raises ValidationError for a parameter that there is not."""
    query = PreviewQuerySerializer(data=request.query_params.dict())
    if unknown := set(request.query_params) - set(query.fields):
        remedy = f"Use: {', '.join(sorted(query.fields))}."
        raise ValidationError(dict.fromkeys(unknown, f"There is no such parameter. {remedy}"))
    query.is_valid(raise_exception=True)
    values: dict[str, Any] = dict(query.validated_data)
    return PreviewOrder(**values, prompt_version=number)
