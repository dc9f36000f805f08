"""Filters of the list whose value is typed, where there are too many to list."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from samples import choices
from samples.admin.kinds import known_to
from samples.citations.standing import Standing
from samples.models import Sample, SampleCitation
from samples.quality.names import rule_names
from samples.querysets import ANY_RULE
from samples.taxonomy.words import words_meant


class TypedFilter(admin.SimpleListFilter):
    """``suggestions`` are offered, not forced; ``column`` is what the typed value must equal."""

    template = "samples/admin/typed_filter.html"
    column = ""
    input_type = "text"

    def __init__(self, request: HttpRequest, params: dict[str, Any], *args: Any) -> None:
        super().__init__(request, params, *args)
        self.request = request
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (self.parameter_name, "p")
        ]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {"clear": changelist.get_query_string(remove=[self.parameter_name or ""])}

    def suggestions(self) -> Iterable[str]:
        return ()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        value = (self.value() or "").strip()
        return self.narrow(queryset, value) if value else queryset

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        return queryset.filter(**{self.column: value})


class TopicFilter(TypedFilter):
    """Finds a topic by the names that it has had, too."""

    title = parameter_name = column = "topic"

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        return queryset.filter(topic__in=words_meant(known_to(self.request), "topic", value))

    def suggestions(self) -> Iterable[str]:
        return sorted({topic.name for topic in known_to(self.request).topics})


class PracticeAreaFilter(TypedFilter):
    title = "practice area"
    parameter_name = column = "practice_area"

    def suggestions(self) -> Iterable[str]:
        return sorted({topic.practice_area for topic in known_to(self.request).topics})


class ProviderFilter(TypedFilter):
    title = parameter_name = column = "provider"


class ModelFilter(TypedFilter):
    title = parameter_name = column = "model"


class ReviewerFilter(TypedFilter):
    title = parameter_name = "reviewer"
    column = "reviewed_by__username"


class BatchFilter(TypedFilter):
    title = parameter_name = "batch"

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        """What is no number is no batch, and finds nothing."""
        return queryset.filter(batch_id=int(value)) if value.isdecimal() and len(value) < 19 else queryset.none()


class CitesFilter(TypedFilter):
    """A citation as anybody writes it, or the key of an authority."""

    title = parameter_name = "cites"

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        return queryset.citing(value)  # type: ignore[attr-defined, no-any-return]


class StandingFilter(admin.SimpleListFilter):
    """How its authorities stand against those that were imported."""

    title = "authorities"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (Standing.OTHER_NAME.value, "One known under another name"),
            (Standing.UNKNOWN.value, "One unknown"),
            (Standing.KNOWN.value, "One known"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        value = self.value()
        return (
            queryset.filter(pk__in=SampleCitation.objects.filter(standing=value).values("sample"))
            if value
            else queryset
        )


class DayFilter(TypedFilter):
    """What is no date finds nothing."""

    input_type = "date"

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        try:
            midnight = timezone.make_aware(datetime.combine(self.limit(date.fromisoformat(value)), time()))
            return queryset.filter(**{self.column: midnight.astimezone(UTC)})
        except (ValueError, OverflowError):
            return queryset.none()

    def limit(self, day: date) -> date:
        return day


class FromFilter(DayFilter):
    title = "first day"
    parameter_name = "from"
    column = "created_at__gte"


class ToFilter(DayFilter):
    title = "last day"
    parameter_name = "to"
    column = "created_at__lt"

    def limit(self, day: date) -> date:
        return day + timedelta(days=1)


class ScoreFilter(TypedFilter):
    """What is no number finds nothing."""

    input_type = "number"
    step = "0.01"

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        try:
            return queryset.filter(**{self.column: float(value)})
        except ValueError:
            return queryset.none()


class ScoreFromFilter(ScoreFilter):
    title = "lowest score"
    parameter_name = "score_min"
    column = "score__gte"


class ScoreToFilter(ScoreFilter):
    title = "highest score"
    parameter_name = "score_max"
    column = "score__lte"


class FlaggedFilter(TypedFilter):
    title = "rule that it breaks"
    parameter_name = "flagged"

    def suggestions(self) -> Iterable[str]:
        return [ANY_RULE, *rule_names()]

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        return queryset.flagged(value)  # type: ignore[attr-defined, no-any-return]


class OriginalFilter(TypedFilter):
    title = "duplicate of"
    parameter_name = "duplicate_of"

    def narrow(self, queryset: QuerySet[Sample], value: str) -> QuerySet[Sample]:
        """What is no number is no sample, and is repeated by none."""
        return queryset.filter(duplicate_of=int(value)) if value.isdecimal() and len(value) < 19 else queryset.none()


class DuplicatesFilter(admin.SimpleListFilter):
    """Where nothing is chosen, the list shows all, and files leave out those that repeat others."""

    title = parameter_name = "duplicates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return choices.DUPLICATES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        return queryset.by_duplicates(self.value() or "with")  # type: ignore[attr-defined, no-any-return]


class NoteFilter(admin.SimpleListFilter):
    title = "note"
    parameter_name = "note"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "With a note"), ("no", "Without a note")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        match self.value():
            case "yes":
                return queryset.noted()  # type: ignore[attr-defined, no-any-return]
            case "no":
                return queryset.without_note()  # type: ignore[attr-defined, no-any-return]
        return queryset
