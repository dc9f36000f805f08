"""What the catalogue knows and a provider's columns do not: limits of the free tier, prices and context windows.

Offered, and written where nothing stands alone: what a person has set is never overwritten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from providers.actions.models import update_model
from providers.actions.ordering import lock_provider, models_of
from providers.actions.providers import update_provider
from providers.catalog.free_tiers import free_limits, split
from providers.catalog.known_models import vendor_at
from providers.catalog.today import model_values
from providers.configuration import audit
from providers.configuration.limit_lists import written
from providers.limit_columns import LIMITS
from providers.models import Limit, Model, Provider
from providers.routing.config import LimitEntry

PRICES = ("input_price", "output_price")


@dataclass(frozen=True, slots=True)
class Filled:
    """Values for columns that are empty: of the provider, and of its models by their ids."""

    limits: Mapping[str, Any]
    models: Mapping[str, Mapping[str, Any]]


def fillable(provider: Provider, models: Iterable[Model], today: date) -> Filled:
    """What could be filled in; nothing at an address that is not a vendor's of the catalogue."""
    vendor = vendor_at(provider.base_url)
    if vendor is None:
        return Filled({}, {})
    found = {model.model_id: _of_model(model, model_values(vendor, model.model_id, today)) for model in models}
    return Filled(_of_limits(provider, vendor), {name: values for name, values in found.items() if values})


@transaction.atomic
def fill_in(provider_id: str, today: date, *, limits: bool = False, facts: bool = False) -> Filled:
    """``limits`` of the free tier, ``facts``: prices and context windows of its models. All or nothing.

    Raises Provider.DoesNotExist, and ValidationError where there is nothing to fill in.
    """
    provider = lock_provider(provider_id)
    own = models_of(provider)
    known = fillable(provider, own, today)
    done = Filled(known.limits if limits else {}, known.models if facts else {})
    if not done.limits and not done.models:
        raise ValidationError("There is nothing to fill in: nothing more is known, or everything known stands already.")
    with audit.together():
        if done.limits:
            update_provider(provider_id, done.limits)
        for model in own:
            if values := done.models.get(model.model_id):
                update_model(model.pk, values)
    return done


def _of_limits(provider: Provider, vendor: str) -> dict[str, Any]:
    tier = split(free_limits(vendor))
    return {**_of_columns(provider, tier.columns), **_of_rows(provider, tier.rows)}


def _of_rows(provider: Provider, rows: tuple[LimitEntry, ...]) -> dict[str, Any]:
    """The list of a provider's other limits is one value: where it holds any, it is somebody's own."""
    is_empty = bool(rows) and not Limit.objects.filter(provider=provider).exists()
    return {"limits": [written(entry) for entry in rows]} if is_empty else {}


def _of_columns(provider: Provider, columns: Mapping[str, Any]) -> dict[str, Any]:
    """A limit for each model is none for all together: what is there decides for whom the others hold."""
    names = [name for name in (*LIMITS, "max_concurrency") if name in columns and getattr(provider, name) is None]
    if any(getattr(provider, name) is not None for name in LIMITS):
        is_same = columns.get("limits_scope") == provider.limits_scope
        return {name: columns[name] for name in names if is_same or name not in LIMITS}
    if names and "limits_scope" in columns and columns["limits_scope"] != provider.limits_scope:
        names.append("limits_scope")
    return {name: columns[name] for name in names}


def _of_model(model: Model, known: Mapping[str, Any]) -> dict[str, Any]:
    """A price goes in with its other half alone: one of them by itself is somebody's own."""
    names = ["context_window"] if model.context_window is None else []
    if model.input_price is None and model.output_price is None:
        names += PRICES
    return {name: known[name] for name in names if name in known}
