"""Of what kind samples are, in the taxonomy's names, and the filters by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from samples import vocabulary
from samples.held import words_held
from samples.models import Sample
from samples.taxonomy import Taxonomy
from samples.taxonomy.words import Names, names_in, words_meant


@dataclass(frozen=True, slots=True)
class Kind:
    """A word that the taxonomy has no more is its own name."""

    jurisdiction: str
    difficulty: str
    sample_type: str


def kind_of(sample: Sample, names: Names) -> Kind:
    words = {field: getattr(sample, field) for field in ("jurisdiction", "difficulty", "sample_type")}
    return Kind(**{field: names[field].get(word, word) for field, word in words.items()})


class WordFilter(admin.SimpleListFilter):
    """Offers what the taxonomy has, switched off or not, and what else samples hold. A jurisdiction finds its parts."""

    field = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if getattr(request, "wants_filter_only", False):
            return []  # nobody sees them
        names = names_in(known_to(request))[self.field]
        others = [word for word in _held(request)[self.field] if word not in names]
        return [*names.items(), *((word, word) for word in others)]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        if not self.value():
            return queryset
        words = words_meant(known_to(request), self.field, str(self.value()))
        return queryset.filter(**{f"{self.field}__in": words})


class JurisdictionFilter(WordFilter):
    title = field = "jurisdiction"
    parameter_name = "jurisdiction__exact"


class DifficultyFilter(WordFilter):
    title = field = "difficulty"
    parameter_name = "difficulty__exact"


class SampleTypeFilter(WordFilter):
    title = "sample type"
    field = "sample_type"
    parameter_name = "sample_type__exact"


def known_to(request: HttpRequest) -> Taxonomy:
    """With what is off; looked up once for a page."""
    known: Taxonomy = _once(request, "taxonomy", vocabulary.everything)
    return known


def _held(request: HttpRequest) -> Mapping[str, list[str]]:
    held: Mapping[str, list[str]] = _once(request, "words_held", words_held)
    return held


def _once(request: HttpRequest, name: str, look_up: Callable[[], Any]) -> Any:
    if not hasattr(request, name):
        setattr(request, name, look_up())
    return getattr(request, name)
