"""The filter backend of every list: a filter that does not exist is an error, not a list of everything."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
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
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered
