"""What the list of batches can be narrowed by."""

import django_filters
from django.db.models import QuerySet

from generation.choices import BatchStatus
from generation.models import Item
from generation.selectors.failed_items import KINDS, of_kind, of_rule
from providers.api.filters import ChoiceFilter

KNOWN = ", ".join(BatchStatus.values)
KNOWN_KINDS = ", ".join(KINDS)


class BatchFilters(django_filters.FilterSet):  # type: ignore[misc]
    status = ChoiceFilter(
        choices=BatchStatus.choices,
        error_messages={"invalid_choice": f"'%(value)s' is no status. Use one of: {KNOWN}."},
    )
    provider = django_filters.CharFilter()


class FailedFilters(django_filters.FilterSet):  # type: ignore[misc]
    kind = ChoiceFilter(
        choices=list(KINDS.items()),
        method="narrow_to_kind",
        error_messages={"invalid_choice": f"'%(value)s' is no kind. Use one of: {KNOWN_KINDS}."},
    )

    rule = django_filters.CharFilter(method="narrow_to_rule", label="A broken rule of quality, or unreadable")

    def narrow_to_rule(self, items: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        return of_rule(items, value)

    def narrow_to_kind(self, items: QuerySet[Item], name: str, value: str) -> QuerySet[Item]:
        return of_kind(items, value)
