"""What the list of batches can be narrowed by."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from generation.models import Batch

DAYS = {"1": "Today", "7": "Last 7 days", "30": "Last 30 days", "365": "Last year"}
AUTOMATIC = "-"


class ProviderFilter(admin.SimpleListFilter):
    """Those that orders have named, whether they still exist or not."""

    title = "provider asked for"
    parameter_name = "provider"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = Batch.objects.exclude(provider="").order_by("provider").values_list("provider", flat=True).distinct()
        return [(AUTOMATIC, "Automatic"), *((name, name) for name in named)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> QuerySet[Batch]:
        value = self.value()
        return queryset.filter(provider="" if value == AUTOMATIC else value) if value else queryset


class WhoFilter(admin.SimpleListFilter):
    title = "who"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = Batch.objects.filter(created_by__isnull=False).order_by("created_by__username")
        named = people.values_list("created_by_id", "created_by__username").distinct()
        return [("me", "I myself"), *((str(pk), name) for pk, name in named if pk != request.user.pk)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> QuerySet[Batch]:
        value = self.value()
        if value == "me":
            return queryset.filter(created_by=request.user.pk)
        if not value:
            return queryset
        return queryset.filter(created_by=int(value)) if value.isdecimal() and len(value) < 10 else queryset.none()


class DateFilter(admin.SimpleListFilter):
    title = "ordered"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(DAYS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Batch]) -> QuerySet[Batch]:
        value = self.value()
        if value not in DAYS:
            return queryset
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return queryset.filter(created_at__gte=midnight - timedelta(days=int(value) - 1))
