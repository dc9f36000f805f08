"""What lists of samples and topics can be narrowed by."""

import django_filters
from django import forms
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from samples import choices
from samples.models import Sample
from samples.querysets import SampleQuerySet
from samples.taxonomy import Topic, taxonomy


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


class SampleFilters(django_filters.FilterSet):  # type: ignore[misc]
    jurisdiction = ChoiceFilter(choices=choices.JURISDICTIONS)
    topic = TopicFilter()
    difficulty = ChoiceFilter(choices=choices.DIFFICULTIES)
    sample_type = ChoiceFilter(choices=choices.SAMPLE_TYPES)
    provider = django_filters.CharFilter()
    model = django_filters.CharFilter()
    batch = NumberFilter(
        field_name="batch_id",
        min_value=1,
        error_messages={"invalid": "Give the number of a batch."},
    )
    search = django_filters.CharFilter(method="match", label="Words in question, answer or citation")

    def match(self, queryset: SampleQuerySet, name: str, value: str) -> SampleQuerySet:
        return queryset.matching(value)


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
