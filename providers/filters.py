"""What the list of models can be narrowed by."""

from typing import Any

import django_filters
from django import forms

from providers.models import Provider
from providers.querysets import ModelQuerySet

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

    def only_enabled(self, queryset: ModelQuerySet, name: str, value: bool) -> ModelQuerySet:
        return queryset.enabled() if value else queryset
