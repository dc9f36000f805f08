"""What lists of samples and topics can be narrowed by."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from samples import choices
from samples.export import FORMATS
from samples.models import Sample
from samples.querysets import SampleQuerySet
from samples.taxonomy import Topic, taxonomy

SEARCH_MAX = 1_000


class ChoiceField(forms.ChoiceField):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = ", ".join(str(value) for value, _ in self.choices if value)  # type: ignore[misc,union-attr]
        self.error_messages["invalid_choice"] = f"'%(value)s' is not known. Use one of: {known}."


class ChoiceFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = ChoiceField


class NumberFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = forms.IntegerField


class TopicField(forms.CharField):
    """A topic of the taxonomy, or one that some sample has."""

    def validate(self, value: str) -> None:
        super().validate(value)
        known = {topic.name for topic in taxonomy().topics}
        if value and value not in known and not Sample.objects.filter(topic=value).exists():
            raise forms.ValidationError(f"'{value}' is not known. GET /api/topics lists the topics.")


class TopicFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = TopicField


class MomentField(forms.DateTimeField):
    """A date, or a date with a time, as ISO 8601 writes them."""

    default_error_messages = {"invalid": "Give a date such as 2026-01-31, or 2026-01-31T15:00:00Z."}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
            aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
            return aware.astimezone(UTC)  # the database knows no offset of 16 hours or more
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = MomentField


class SampleFilters(django_filters.FilterSet):  # type: ignore[misc]
    review = ChoiceFilter(choices=choices.ReviewStatus.choices)
    reviewer = django_filters.CharFilter(field_name="reviewed_by__username", label="User name of who reviewed it last")
    note = ChoiceFilter(choices=[("yes", "With a note"), ("no", "Without")], method="by_note", label="yes or no")
    practice_area = django_filters.CharFilter()
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt", label="Before this moment")
    jurisdiction = ChoiceFilter(choices=choices.JURISDICTIONS)
    topic = TopicFilter()
    difficulty = ChoiceFilter(choices=choices.DIFFICULTIES)
    sample_type = ChoiceFilter(choices=choices.SAMPLE_TYPES)
    provider = django_filters.CharFilter()
    model = django_filters.CharFilter()
    cites = django_filters.CharFilter(method="citing", label="A citation, or the key of an authority")
    batch = NumberFilter(
        field_name="batch_id",
        min_value=1,
        error_messages={"invalid": "Give the number of a batch."},
    )
    search = django_filters.CharFilter(
        max_length=SEARCH_MAX, method="match", label="Words in question, answer or citation"
    )

    def match(self, queryset: SampleQuerySet[Sample], name: str, value: str) -> SampleQuerySet[Sample]:
        return queryset.matching(value)

    def citing(self, queryset: SampleQuerySet[Sample], name: str, value: str) -> SampleQuerySet[Sample]:
        return queryset.citing(value)

    def by_note(self, queryset: SampleQuerySet[Sample], name: str, value: str) -> SampleQuerySet[Sample]:
        return queryset.noted() if value == "yes" else queryset.without_note()


class SampleExportFilters(SampleFilters):
    """Those of the list, and the file's format, which narrows nothing."""

    format = ChoiceFilter(
        choices=[(name, file_format.name) for name, file_format in FORMATS.items()],
        method="keep",
        label="jsonl, csv or chat",
    )

    def keep(self, queryset: SampleQuerySet[Sample], name: str, value: str) -> SampleQuerySet[Sample]:
        return queryset


def refuse_unknown(request: Request, *known: str) -> None:
    remedy = f"Use: {', '.join(known)}." if known else "This list takes none."
    if unknown := sorted(set(request.query_params) - set(known)):
        raise ValidationError({name: [f"There is no such filter. {remedy}"] for name in unknown})


def topics_for(request: Request) -> list[Topic]:
    """The taxonomy's topics, of one ``jurisdiction`` where the query names it."""
    refuse_unknown(request, "jurisdiction")
    wanted = request.query_params.get("jurisdiction", "")
    known = [entry.id for entry in taxonomy().jurisdictions]
    if wanted and wanted not in known:
        raise ValidationError({"jurisdiction": [f"'{wanted}' is not known. Use one of: {', '.join(known)}."]})
    return [topic for topic in taxonomy().topics if wanted in ("", topic.jurisdiction)]
