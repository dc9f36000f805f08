"""The catalogue with today's models and the free tiers' limits, in place of those that are seeded."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from providers.catalog import CatalogueEntry, catalogue
from providers.catalog.free_tiers import free_limits, split
from providers.catalog.known_models import known_model, models_of_today
from providers.catalog.prices import known_price
from providers.choices import LimitsScope
from providers.limit_columns import LIMITS
from providers.routing.config import Limits, ModelEntry, ProviderEntry

FOR_COLUMNS = ("context_window", "supports_json_schema", "input_price", "output_price")


def catalogue_of_today(today: date) -> tuple[CatalogueEntry, ...]:
    """The same vendors in the same order, by the same addresses; the first of today's models is the champion."""
    return tuple(_of_today(entry, today) for entry in catalogue())


def model_values(vendor: str | None, model_id: str, today: date) -> Mapping[str, Any]:
    """What is known for the columns of a new model; nothing where nothing is."""
    entry = model_of_today(vendor, model_id, today)
    values = {name: value for name, value in asdict(entry).items() if name in FOR_COLUMNS}
    return {name: value for name, value in values.items() if value not in (None, False)}


def model_of_today(vendor: str | None, model_id: str, today: date) -> ModelEntry:
    known, price = known_model(vendor, model_id), known_price(vendor, model_id, today)
    return ModelEntry(
        model_id,
        context_window=(known.context_window if known else None) or price.context_window,
        supports_json_schema=known is not None and known.supports_json_schema,
        input_price=price.input,
        output_price=price.output,
    )


def _is_per_model(columns: Mapping[str, Any], seeded: ProviderEntry) -> bool:
    """As it is seeded where no amount is published."""
    return columns["limits_scope"] == LimitsScope.MODEL if "limits_scope" in columns else seeded.limits_are_per_model


def _of_today(entry: CatalogueEntry, today: date) -> CatalogueEntry:
    vendor = entry.provider.id
    models = tuple(model_of_today(vendor, known.model_id, today) for known in models_of_today(vendor))
    tier = split(free_limits(vendor))
    columns = tier.columns
    provider = replace(
        entry.provider,
        limits=Limits(**{name: columns.get(name) for name in LIMITS}, others=tier.rows),
        limits_are_per_model=_is_per_model(columns, entry.provider),
        max_concurrency=columns.get("max_concurrency"),
        default_model=models[0].model_id,
        champion_model=models[0].model_id,
        models=models,
    )
    return replace(entry, provider=provider)
