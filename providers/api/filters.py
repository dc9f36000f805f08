"""What the lists of models and of changes can be narrowed by."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django_filters.fields import IsoDateTimeField

from providers.choices import AuditAction
from providers.models import ConfigurationChange, Model, Provider
from providers.querysets import ChangeQuerySet, ModelQuerySet

YES, NO = ("true", "1"), ("false", "0")


class ProviderField(forms.SlugField):
    def validate(self, value: str) -> None:
        super().validate(value)
        if value and value not in (known := list(Provider.objects.values_list("pk", flat=True))):
            raise forms.ValidationError(f"There is no provider '{value}'. Known: {', '.join(known) or 'none'}.")


class ProviderFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = ProviderField


class FlagField(forms.TypedChoiceField):
    """In any letter case: Python's clients write True."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()


class FlagFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = FlagField


class ChoiceFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = forms.ChoiceField


class ModelFilters(django_filters.FilterSet):  # type: ignore[misc]
    provider = ProviderFilter(field_name="provider_id")
    enabled_only = FlagFilter(
        choices=[(word, word) for word in (*YES, *NO)],
        coerce=lambda word: word in YES,
        empty_value=None,
        error_messages={"invalid_choice": "'%(value)s' is neither true nor false. Use true or false."},
        method="only_enabled",
        label="Only models that are on, of providers that are on",
    )

    def only_enabled(self, queryset: ModelQuerySet[Model], name: str, value: bool) -> ModelQuerySet[Model]:
        return queryset.enabled() if value else queryset


class MomentField(IsoDateTimeField):  # type: ignore[misc]
    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
            return moment.astimezone(UTC) if moment else None  # the database knows no offset of 16 hours or more
        except (ValueError, OverflowError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = MomentField


class ChangeFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By names as they stand in the trail: of what is deleted, too."""

    provider = django_filters.CharFilter()
    model = django_filters.CharFilter(method="of_model", label="The vendor's id of a model, or its number")
    actor = django_filters.CharFilter(field_name="actor_name", label="The name of a user")
    deed = ChoiceFilter(
        choices=AuditAction.choices,
        error_messages={"invalid_choice": f"'%(value)s' is no deed. Use one of: {', '.join(AuditAction.values)}."},
    )
    since = MomentFilter(
        field_name="at",
        lookup_expr="gte",
        label="A time or a day in ISO 8601",
        error_messages={"invalid": "Give a time such as 2026-01-31T08:00:00Z, or a day such as 2026-01-31."},
    )

    def of_model(
        self, queryset: ChangeQuerySet[ConfigurationChange], name: str, value: str
    ) -> ChangeQuerySet[ConfigurationChange]:
        by_number = Q(model_pk=int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else Q()
        return queryset.filter(Q(model_id=value) | by_number)
