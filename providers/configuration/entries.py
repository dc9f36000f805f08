"""Rows of the configuration as the values that the engine goes by."""

from collections.abc import Iterable, Mapping
from typing import Any

from providers.choices import LimitsScope, Pacing
from providers.fields import Unreadable
from providers.limit_columns import LIMITS
from providers.llm.adaptation import readable
from providers.models import Model, Provider, ProviderConfig
from providers.routing.config import LimitEntry, Limits, ModelEntry, ProviderEntry


def provider_entry(
    provider: Provider,
    models: Iterable[Model] = (),
    secrets: ProviderConfig | None = None,
    *,
    default_model: str | None = None,
    champion_model: str | None = None,
    above: Iterable[LimitEntry] = (),
) -> ProviderEntry:
    """``models`` are in fallback order; default and champion are names of models. Without ``secrets`` it holds no key.
    ``above``: the limits of the installation. Those of the rows are prefetched where there are many."""
    return ProviderEntry(
        id=provider.pk,
        name=provider.name,
        adapter=provider.adapter,
        base_url=provider.base_url,
        enabled=provider.enabled,
        requires_key=provider.requires_key,
        limits=limits_of(provider),
        limits_are_per_model=provider.limits_scope == LimitsScope.MODEL,
        above=tuple(above),
        is_smooth=provider.pacing == Pacing.SMOOTH,
        max_concurrency=provider.max_concurrency,
        default_model=default_model,
        champion_model=champion_model,
        extra_config=_object(provider.extra_config),
        secret_config=_object(secrets.config if secrets else None),
        api_key=(secrets.api_key or None) if secrets else None,
        key_is_unreadable=secrets is not None and isinstance(secrets.api_key, Unreadable),
        models=tuple(map(model_entry, models)),
    )


def model_entry(model: Model) -> ModelEntry:
    return ModelEntry(
        model_id=model.model_id,
        display_name=model.display_name,
        enabled=model.enabled,
        limits=limits_of(model),
        max_tokens=model.max_tokens,
        context_window=model.context_window,
        supports_json_schema=model.supports_json_schema,
        is_thinking_model=model.is_thinking_model,
        input_price=model.input_price,
        output_price=model.output_price,
        extra_config=_object(model.extra_config),
        adaptations=readable(model.adaptations),
    )


def limits_of(row: Any) -> Limits:
    """All limits of a provider or model; a row that is not saved has columns alone."""
    others = () if row._state.adding else tuple(limit.entry for limit in row.limits.all())
    return Limits(**{name: getattr(row, name) for name in LIMITS}, others=others)


def _object(value: Any) -> Mapping[str, Any]:
    """Nothing where the column holds no object: SQL can write anything, and a secret may be unreadable."""
    return value if isinstance(value, dict) else {}
