"""What the list of batches can be narrowed by."""

import django_filters
from django import forms

from generation.choices import BatchStatus

KNOWN = ", ".join(BatchStatus.values)


class StatusFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = forms.ChoiceField


class BatchFilters(django_filters.FilterSet):  # type: ignore[misc]
    status = StatusFilter(
        choices=BatchStatus.choices,
        error_messages={"invalid_choice": f"'%(value)s' is no status. Use one of: {KNOWN}."},
    )
    provider = django_filters.CharFilter()
