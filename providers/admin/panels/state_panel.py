"""How a provider or a model is doing now, and the button that tests it; refreshed while somebody looks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from providers.admin import row_views
from providers.admin.panels.registry import panel
from providers.admin.remedies import ShownTrouble, links_of, provider_ids_of, shown
from providers.connection.testing import check_connection
from providers.connection.words import Outcome
from providers.models import Model, Provider, ProviderConfig
from providers.status import usage
from providers.status.health import Health, scope_of

LIVE = "providers/admin/live_state.html"
PANEL = "providers/admin/state_panel.html"


def urls_of_provider(model_admin: Any) -> list[URLPattern]:
    return _urls(model_admin, "slug", provider_live, test_provider)


def urls_of_model(model_admin: Any) -> list[URLPattern]:
    return _urls(model_admin, "int", model_live, test_model)


def _urls(model_admin: Any, key: str, live: row_views.RowView, test: row_views.RowView) -> list[URLPattern]:
    may_test = f"providers.change_{model_admin.opts.model_name}"
    return [
        path(f"<{key}:pk>/state/", row_views.shows(model_admin, live), name=model_admin.url_name("state")),
        path(f"<{key}:pk>/test/", row_views.changes(model_admin, test, may_test), name=model_admin.url_name("test")),
    ]


@panel(Provider, place=5)
def provider_panel(request: HttpRequest, provider: Provider) -> SafeString:
    models = models_of(provider)
    config = ProviderConfig.objects.defer("api_key", "config").filter(pk=provider.pk).first()
    context = {
        **provider_context(request, provider, models),
        "test_url": reverse("admin:providers_provider_test", args=[provider.pk]),
        "may_test": request.user.has_perm("providers.change_provider"),
        "choices": models,
        "needs_key": provider.requires_key and not (config and config.has_key),
        "needs_models": not models,
        "may_set_key": request.user.has_perm("providers.change_providerconfig"),
        "may_add_models": request.user.has_perm("providers.add_model"),
    }
    return render_to_string(PANEL, context, request=request)


@panel(Model, place=5)
def model_panel(request: HttpRequest, model: Model) -> SafeString:
    context = {
        **model_context(request, model),
        "test_url": reverse("admin:providers_model_test", args=[model.pk]),
        "may_test": request.user.has_perm("providers.change_model"),
    }
    return render_to_string(PANEL, context, request=request)


def models_of(provider: Provider) -> list[Model]:
    return list(Model.objects.filter(provider_id=provider.pk).order_by("fallback_priority"))


def provider_context(request: HttpRequest, provider: Provider, models: list[Model]) -> dict[str, Any]:
    live = usage.provider_state(provider, models)
    return {
        "row": provider,
        "noun": "provider",
        "live": live,
        "trouble": _trouble(request, provider.pk, live.health),
        "state_url": reverse("admin:providers_provider_state", args=[provider.pk]),
    }


def model_context(request: HttpRequest, model: Model) -> dict[str, Any]:
    live = usage.model_state(model)
    return {
        "row": model,
        "noun": "model",
        "provider": model.provider,
        "live": live,
        "trouble": _trouble(request, scope_of(model), live.health),
        "provider_trouble": _trouble(request, model.provider_id, live.provider),
        "state_url": reverse("admin:providers_model_state", args=[model.pk]),
    }


def _trouble(request: HttpRequest, scope: str, health: Health) -> ShownTrouble | None:
    """What its last failure means, and what mends it; None where it is well."""
    trouble = health.failure(scope)
    return shown(trouble, links_of(request, provider_ids_of([trouble]))) if trouble else None


# --- views -------------------------------------------------------------------
def provider_live(request: HttpRequest, provider: Provider) -> HttpResponse:
    return TemplateResponse(request, LIVE, provider_context(request, provider, models_of(provider)))


def model_live(request: HttpRequest, model: Model) -> HttpResponse:
    return TemplateResponse(request, LIVE, model_context(request, model))


def test_provider(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Of the model that was chosen, else of the one that it starts with."""
    return answer(request, provider, _checked(provider.pk, request.POST.get("model") or None))


def test_model(request: HttpRequest, model: Model) -> HttpResponse:
    return answer(request, model, _checked(model.provider_id, model.model_id))


def _checked(provider_id: str, model_id: str | None) -> Outcome:
    try:
        return check_connection(provider_id, model_id)
    except (Model.DoesNotExist, Provider.DoesNotExist):
        return Outcome(False, "It is gone meanwhile.", "Reload the page to see what there is.")


def answer(request: HttpRequest, row: Provider | Model, outcome: Outcome) -> HttpResponse:
    """The outcome where the page asked for it; else the page again, with the outcome as its message."""
    if request.headers.get("HX-Request") == "true":
        response = TemplateResponse(request, "providers/admin/outcome.html", {"outcome": outcome})
        response["HX-Trigger"] = "tested"
        return response
    level = messages.SUCCESS if outcome.works else messages.ERROR
    messages.add_message(request, level, f"{outcome.words} {outcome.remedy}".strip())
    return row_views.back_to(row)
