"""What lists of samples and topics can be narrowed by."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from samples import choices, vocabulary
from samples.export import FORMATS
from samples.models import Sample
from samples.quality.names import rule_names
from samples.querysets import ANY_RULE, SampleQuerySet
from samples.taxonomy import Topic
from samples.taxonomy.words import names_in, words_meant

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


class WordField(forms.CharField):
    """A word or another name of the taxonomy, switched off or not, or a word that some sample has."""

    def __init__(self, *args: Any, word_of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word_of = word_of

    def clean(self, value: Any) -> tuple[str, ...]:
        """The words that samples of it have."""
        name = super().clean(value)
        if not name:
            return ()
        known = vocabulary.everything()
        words, listed = words_meant(known, self.word_of, name), names_in(known)[self.word_of]
        if not listed.keys() & set(words) and not Sample.objects.filter(**{self.word_of: name}).exists():
            raise forms.ValidationError(f"'{name}' is not known. {self._remedy(listed)}")
        return words

    def _remedy(self, listed: Iterable[str]) -> str:
        return "GET /api/topics lists the topics." if self.word_of == "topic" else f"Use one of: {', '.join(listed)}."


class WordFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = WordField

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, lookup_expr="in", word_of=field_name, **kwargs)


class ShareField(forms.FloatField):
    default_error_messages = {"invalid": "Give a number from 0 to 1."}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not 0 <= value <= 1:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class ShareFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = ShareField


class RuleField(forms.CharField):
    """A rule of quality, or one that some sample has broken; ``any`` for all of them."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and value not in (ANY_RULE, *rule_names()) and not Sample.objects.flagged(value).exists():
            known = ", ".join([ANY_RULE, *rule_names()])
            raise forms.ValidationError(f"'{value}' is no rule. Use one of: {known}.")


class RuleFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = RuleField


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
    jurisdiction = WordFilter("jurisdiction", label="Of its parts too: uk finds scotland")
    topic = WordFilter("topic")
    difficulty = WordFilter("difficulty")
    sample_type = WordFilter("sample_type")
    provider = django_filters.CharFilter()
    model = django_filters.CharFilter()
    batch = NumberFilter(
        field_name="batch_id",
        min_value=1,
        error_messages={"invalid": "Give the number of a batch."},
    )
    score_min = ShareFilter(field_name="score", lookup_expr="gte", label="At least, 0 to 1")
    score_max = ShareFilter(field_name="score", lookup_expr="lte", label="At most, 0 to 1")
    flagged = RuleFilter(method="by_rule", label="A rule of quality that holds something against it, or any")
    search = django_filters.CharFilter(
        max_length=SEARCH_MAX, method="match", label="Words in question, answer or citation"
    )

    def match(self, queryset: SampleQuerySet[Sample], name: str, value: str) -> SampleQuerySet[Sample]:
        return queryset.matching(value)

    def by_rule(self, queryset: SampleQuerySet[Sample], name: str, value: str) -> SampleQuerySet[Sample]:
        return queryset.flagged(value)

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
    """The topics that can be ordered, of one ``jurisdiction`` or part of one where the query names it."""
    refuse_unknown(request, "jurisdiction")
    wanted = request.query_params.get("jurisdiction", "")
    known = vocabulary.current()
    ids = [entry.id for entry in known.jurisdictions]
    if wanted and wanted not in ids:
        raise ValidationError({"jurisdiction": [f"'{wanted}' is not known. Use one of: {', '.join(ids)}."]})
    return [topic for topic in known.topics if not wanted or wanted in (topic.jurisdiction, *known.homes(topic))]
