"""A new provider: cards of vendors that fill the form, the first key, and the way on to its own page."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from providers.admin import row_views
from providers.admin.forms import KeyedProviderForm, NewProviderForm
from providers.admin.limit_rows import fields_of_rows
from providers.admin.panels.key_panel import may_set_secrets
from providers.catalog import presets
from providers.models import Provider

ADD_ANOTHER = "_addanother"


class AddsProviders:
    """Part of the providers' admin that is about the form for a new one. Without JavaScript a card is a link."""

    def get_form(self, request: HttpRequest, obj: Provider | None = None, change: bool = False, **kwargs: Any) -> Any:
        if may_set_secrets(request):
            kwargs["form"] = KeyedProviderForm if obj else NewProviderForm
        return super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        """Who may not set keys gets no field for the first one either."""
        parts = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None and not may_set_secrets(request):
            return [part for part in parts if "api_key" not in part[1]["fields"]]
        return parts

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        chosen = presets.preset(request.GET.get("preset", ""))
        if chosen is None:
            initial: dict[str, Any] = super().get_changeform_initial_data(request)  # type: ignore[misc]
            return initial
        return presets.suggested(chosen, _taken())

    def get_prepopulated_fields(self, request: HttpRequest, obj: Provider | None = None) -> dict[str, Any]:
        """An id is suggested while a name is typed."""
        return {} if obj else {"id": ("name",)}

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        taken = _taken()
        cards = [(entry, _written(presets.suggested(entry, taken))) for entry in presets.presets()]
        more = {"presets": cards, "chosen": request.GET.get("preset", "")}
        response: HttpResponse = super().add_view(request, form_url, {**(extra_context or {}), **more})  # type: ignore[misc]
        return response

    def response_add(self, request: HttpRequest, obj: Provider, post_url_continue: str | None = None) -> HttpResponse:
        """To its own page, where the next steps are: key, models, test."""
        response: HttpResponse = super().response_add(request, obj, post_url_continue)  # type: ignore[misc]
        is_redirect = not isinstance(response, TemplateResponse) and response.status_code == 302
        return row_views.back_to(obj) if is_redirect and ADD_ANOTHER not in request.POST else response


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """For a card, whose script fills the form with them."""
    return {**values, "limits": json.dumps(fields_of_rows(values["limits"]))}


def _taken() -> list[str]:
    return list(Provider.objects.values_list("pk", flat=True))
