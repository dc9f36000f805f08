"""The taxonomy over the API, to read and to change: each view reads the body, calls one action, shows the row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from samples import actions
from samples.api import terms
from samples.models import Difficulty, Jurisdiction, SampleType, Term, Topic

KNOWN_MAX = 50


class TermView(GenericAPIView[Any]):
    """What the views of one kind have in common. ``collection`` names its list."""

    collection: ClassVar[str]
    lookup_field = "word"

    @property
    def table(self) -> type[Term]:
        table: type[Term] = self.get_queryset().model
        return table

    def shown(self, word: str, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.find(word)).data, status=code)

    def find(self, word: str, *, field: str = "") -> Term:
        """Raises NotFound; ValidationError where a ``field`` of the body names the term."""
        row: Term | None = self.get_queryset().filter(word=word).first()
        if row is not None:
            return row
        known = self.get_queryset().values_list("word", flat=True)[:KNOWN_MAX]
        told = f"There is no {self.table._meta.verbose_name} '{word}'. Known: {', '.join(known) or 'none'}."
        raise ValidationError({field: told}) if field else NotFound(told)

    def read(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        body = self.get_serializer(data=request.data or {}, partial=partial)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What an action refuses is told by the body's names of the fields."""
        try:
            yield
        except ValidationError as refusal:
            if not hasattr(refusal, "error_dict"):
                raise
            names = {field.source: name for name, field in cast(Serializer[Any], self.get_serializer()).fields.items()}
            raise ValidationError(
                {names.get(name, name): told for name, told in refusal.message_dict.items()}
            ) from None


class TermCollection(TermView, ListAPIView[Any]):
    is_whole = True

    def post(self, request: Request) -> Response:
        """Added at the end of its list."""
        with self.refusing():
            row = actions.add_term(self.table, self.read(request), by=_person(request))
        return self.shown(row.word, status.HTTP_201_CREATED)


class TermDetail(TermView):
    def get(self, request: Request, word: str) -> Response:
        return self.shown(word)

    def patch(self, request: Request, word: str) -> Response:
        """What is left out stays. Batches that are ordered already keep what they were ordered with."""
        row = self.find(word)
        with self.refusing():
            changed = actions.change_term(self.table, row.pk, self.read(request, partial=True), by=_person(request))
        return self.shown(changed.word)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, word: str) -> Response:
        """Only what no sample has and nothing refers to."""
        actions.delete_term(self.table, self.find(word).pk, by=_person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TermPlace(TermView):
    @extend_schema(request=terms.PlaceSerializer)
    def put(self, request: Request, word: str) -> Response:
        """Moves it right before or right after another one of its list."""
        body = terms.PlaceSerializer(data=request.data or {})
        body.is_valid(raise_exception=True)
        row = self.find(word)
        sides = {side: self.find(other, field=side).pk for side, other in body.validated_data.items()}
        actions.move_term(self.table, row.pk, **sides, by=_person(request))
        return self.shown(row.word)


class OfJurisdictions(TermView):
    queryset = Jurisdiction.objects.all()
    serializer_class = terms.JurisdictionTermSerializer
    collection = "jurisdictions"


class OfDifficulties(TermView):
    queryset = Difficulty.objects.all()
    serializer_class = terms.DifficultyTermSerializer
    collection = "difficulties"


class OfSampleTypes(TermView):
    queryset = SampleType.objects.all()
    serializer_class = terms.SampleTypeTermSerializer
    collection = "sample_types"


class OfTopics(TermView):
    queryset = Topic.objects.all()
    serializer_class = terms.TopicTermSerializer
    collection = "topics"


class JurisdictionCollection(OfJurisdictions, TermCollection): ...


class JurisdictionDetail(OfJurisdictions, TermDetail): ...


class JurisdictionPlace(OfJurisdictions, TermPlace): ...


class DifficultyCollection(OfDifficulties, TermCollection): ...


class DifficultyDetail(OfDifficulties, TermDetail): ...


class DifficultyPlace(OfDifficulties, TermPlace): ...


class SampleTypeCollection(OfSampleTypes, TermCollection): ...


class SampleTypeDetail(OfSampleTypes, TermDetail): ...


class SampleTypePlace(OfSampleTypes, TermPlace): ...


class TopicCollection(OfTopics, TermCollection): ...


class TopicDetail(OfTopics, TermDetail): ...


class TopicPlace(OfTopics, TermPlace): ...


def _person(request: Request) -> User:
    return cast(User, request.user)
