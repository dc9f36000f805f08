"""Models by their provider."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from providers.models import Model, Provider


class ProviderFilter(SimpleListFilter):
    """``?provider=groq``; an empty one shows all, as a form without a choice sends it."""

    title = "provider"
    parameter_name = "provider"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        listed = Provider.objects.order_by("order").values_list("pk", "name", "enabled")
        return [(pk, name if enabled else f"{name} (off)") for pk, name, enabled in listed]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        return queryset.filter(provider_id=self.value()) if self.value() else queryset
