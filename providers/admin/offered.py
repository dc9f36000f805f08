"""What the vendor offers beside what is here: a page to choose models from, which are added all or none."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from providers import actions
from providers.admin import row_views
from providers.connection import list_offered
from providers.models import Model, Provider

MAY_ADD = "providers.add_model"
TICKED_AT_MOST = 20


def urls(model_admin: Any) -> list[URLPattern]:
    def view(request: HttpRequest, provider: Provider) -> HttpResponse:
        return (
            add_chosen(model_admin, request, provider)
            if request.method == "POST"
            else page(model_admin, request, provider)
        )

    return [path("<slug:pk>/offered/", row_views.allows(model_admin, view, MAY_ADD), name="providers_provider_offered")]


def page(model_admin: Any, request: HttpRequest, provider: Provider) -> HttpResponse:
    """Asks the vendor. Where there are no models yet, what looks like chat starts ticked, unless that is very much."""
    listing = list_offered(provider.pk)
    rows = {model.model_id: model for model in Model.objects.filter(provider_id=provider.pk)}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"What {provider} offers",
        "opts": model_admin.opts,
        "original": provider,
        "media": model_admin.media,
        "provider": provider,
        "offer": listing.offer,
        "trouble": listing.trouble,
        "gone": [rows[model_id] for model_id in listing.offer.gone if model_id in rows],
        "is_ticked": not rows and len(listing.offer.new_chat) <= TICKED_AT_MOST,
        "page_url": row_views.page_of(provider),
    }
    return TemplateResponse(request, "providers/admin/offered.html", context)


def add_chosen(model_admin: Any, request: HttpRequest, provider: Provider) -> HttpResponse:
    try:
        added = actions.create_models(provider.pk, request.POST.getlist("model"))
    except ValidationError as refusal:
        row_views.say_refusal(request, refusal, {"models": "Nothing was added"})
        return page(model_admin, request, provider)
    count = len(added)
    words = f"{count} model{'s are' if count != 1 else ' is'} added to {provider}, at the end of its order."
    messages.success(request, words)
    return row_views.back_to(provider, "#models-of-provider")
