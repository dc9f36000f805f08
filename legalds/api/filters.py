"""The filter backend of every list: a filter that does not exist is an error, not a list of everything."""

from typing import Any

from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

PAGING = frozenset({"limit", "offset"})


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        before = {"before"} if getattr(view, "newest_first", False) else set()
        allowed = known if getattr(view, "is_whole", False) else known | PAGING | before
        if unknown := set(request.query_params) - allowed:
            remedy = f"Use: {', '.join(sorted(allowed))}." if allowed else "This list takes none."
            raise ValidationError({name: [f"There is no such filter. {remedy}"] for name in sorted(unknown)})
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(_told(filterset.errors))
        filtered: QuerySet[Any] = filterset.qs
        return filtered


def _told(errors: ErrorDict) -> dict[str, list[ErrorDetail]]:
    """django-filter's own translation takes every message for a format, and fails at one that quotes a percent sign."""
    return {
        field: [ErrorDetail(message, code=error.code) for error in found for message in error.messages]
        for field, found in errors.as_data().items()
    }
