"""What the catalogue and the vendor's list say of a provider's models, and of one model, on its own page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from providers import actions
from providers.admin.panels.registry import panel
from providers.admin.panels.state_panel import models_of
from providers.admin.standings import may_replace, shown, today
from providers.catalog import free_tiers, known_models, prices
from providers.catalog.known_models import vendor_at
from providers.configuration.change_words import label
from providers.models import Model, Provider, VendorList
from providers.status import standing_words
from providers.status.standings import standings


@panel(Provider, place=10)
def standings_panel(request: HttpRequest, provider: Provider) -> SafeString:
    """Nothing where nothing is known, or everything stands well."""
    vendor, told = vendor_at(provider.base_url), VendorList.objects.filter(pk=provider.pk).first()
    if vendor is None and told is None:
        return SafeString("")
    models = models_of(provider)
    found = standings(provider, models, told, today())
    fillable = actions.fillable(provider, models, today())
    limits = free_tiers.free_limits(vendor) if vendor else ()
    if not (found.is_news or fillable.models or limits):
        return SafeString("")
    context = {
        "shown": shown(found, models),
        "provider": provider,
        "may_replace": may_replace(request),
        "may_change": request.user.has_perm("providers.change_provider"),
        "may_add": request.user.has_perm("providers.add_model"),
        "replace_url": reverse("admin:providers_model_replace"),
        "fill_url": reverse("admin:providers_provider_fill", args=[provider.pk]),
        "limits": [free_tiers.words(limit) for limit in limits],
        "fillable": fillable,
        "fillable_limits": ", ".join(_limits_in_words(fillable.limits)),
        "limits_as_at": known_models.as_at(),
        "prices_source": prices.source(),
        "prices_as_at": prices.as_at(),
        "terms": known_models.training_terms(vendor) if vendor else "",
    }
    return render_to_string("providers/admin/standings_panel.html", context, request=request)


def _limits_in_words(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if name == "limits":
            yield from (
                f"{entry['amount']:,} {entry['unit']} in {entry['window']}, by {entry['scope']}" for entry in value
            )
        else:
            yield f"{label(name)} {value}"


@panel(Model, place=7)
def known_panel(request: HttpRequest, model: Model) -> SafeString:
    """What is known of this model: how it stands, its licence, its price, each with source and date."""
    vendor = vendor_at(model.provider.base_url)
    known, price = known_models.known_model(vendor, model.model_id), prices.known_price(vendor, model.model_id, today())
    if known is None and price == prices.NOTHING:
        return SafeString("")
    told = VendorList.objects.filter(pk=model.provider_id).first()
    entry = next(iter(standings(model.provider, [model], told, today()).models), None)
    context: dict[str, Any] = {
        "known": known,
        "what": standing_words.what(entry) if entry else "",
        "is_well": entry is None or entry.standing is known_models.Standing.CURRENT,
        "source": standing_words.source(known) if known else "",
        "successor": entry.successor if entry else None,
        "price": price,
        "prices_source": prices.source(),
        "prices_as_at": prices.as_at(),
        "terms": known_models.training_terms(vendor) if vendor else "",
    }
    return render_to_string("providers/admin/known_panel.html", context, request=request)
