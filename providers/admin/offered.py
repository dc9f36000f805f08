"""What the vendor offers beside what is here: a page to choose models from, which are added all or none.

A look at the page asks nobody: a call of the vendor is a POST, as everything is that costs something.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from providers import actions
from providers.admin import row_views, standings
from providers.connection.testing import NOTHING, Listing, list_offered
from providers.models import Model, Provider, VendorList
from providers.status.standings import standings as standings_of_provider

MAY_ADD = "providers.add_model"
TICKED_AT_MOST = 20


def urls(model_admin: Any) -> list[URLPattern]:
    def view(request: HttpRequest, provider: Provider) -> HttpResponse:
        if request.method != "POST":
            return page(model_admin, request, provider, None)
        if "ask" in request.POST:
            return page(model_admin, request, provider, list_offered(provider.pk))
        return add_chosen(model_admin, request, provider)

    return [path("<slug:pk>/offered/", row_views.allows(model_admin, view, MAY_ADD), name="providers_provider_offered")]


def page(model_admin: Any, request: HttpRequest, provider: Provider, listing: Listing | None) -> HttpResponse:
    """Without a listing, the button that asks for one. Where there are no models yet, what looks like chat starts
    ticked, unless that is very much."""
    offer = listing.offer if listing else NOTHING
    rows = {model.model_id: model for model in Model.objects.filter(provider_id=provider.pk)}
    told = VendorList.objects.filter(pk=provider.pk).first()
    found = standings.shown(
        standings_of_provider(provider, list(rows.values()), told, standings.today()), rows.values()
    )
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"What {provider} offers",
        "opts": model_admin.opts,
        "original": provider,
        "media": model_admin.media,
        "provider": provider,
        "is_asked": listing is not None,
        "offer": offer,
        "trouble": listing.trouble if listing else None,
        "gone": [rows[model_id] for model_id in offer.gone if model_id in rows],
        "shown": found,
        "may_replace": standings.may_replace(request),
        "replace_url": reverse("admin:providers_model_replace"),
        "is_ticked": not rows and len(offer.new_chat) <= TICKED_AT_MOST,
        "page_url": row_views.page_of(provider),
    }
    return TemplateResponse(request, "providers/admin/offered.html", context)


def add_chosen(model_admin: Any, request: HttpRequest, provider: Provider) -> HttpResponse:
    try:
        added = actions.create_models(provider.pk, request.POST.getlist("model"))
    except ValidationError as refusal:
        row_views.say_refusal(request, refusal, {"models": "Nothing was added"})
        return page(model_admin, request, provider, list_offered(provider.pk))
    count = len(added)
    words = f"{count} model{'s are' if count != 1 else ' is'} added to {provider}, at the end of its order."
    messages.success(request, words)
    return row_views.back_to(provider, "#models-of-provider")
