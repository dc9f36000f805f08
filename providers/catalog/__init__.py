"""The providers and models that legalds knows by itself: what seeding writes, what serves without a database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from providers.routing.config import Limits, ModelEntry, ProviderEntry, Snapshot

CATALOGUE = Path(__file__).with_name("catalogue.json")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A provider, without its key, and the environment variable that the key may stand in."""

    provider: ProviderEntry
    env_key: str


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """In selection order, models in fallback order."""
    data = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return tuple(CatalogueEntry(_provider(item), item["env_key"]) for item in data["providers"])


def key_from(environ: Mapping[str, str], env_key: str) -> str | None:
    return environ.get(env_key, "").strip() or None


def snapshot(environ: Mapping[str, str]) -> Snapshot:
    """The catalogue as a configuration, with keys from the environment; the same object while the keys are the same."""
    return _with_keys(tuple(key_from(environ, entry.env_key) for entry in catalogue()))


@lru_cache(maxsize=1)
def _with_keys(keys: tuple[str | None, ...]) -> Snapshot:
    entries = (replace(entry.provider, api_key=key) for entry, key in zip(catalogue(), keys, strict=True))
    return Snapshot(version=0, providers=tuple(entries), source="catalog")


def _provider(item: Mapping[str, Any]) -> ProviderEntry:
    return ProviderEntry(
        id=item["id"],
        name=item["name"],
        adapter=item["adapter"],
        base_url=item["base_url"],
        requires_key=item.get("requires_key", True),
        limits=_limits(item),
        limits_are_per_model=item.get("limits_scope") == "model",
        is_smooth=item.get("pacing") == "smooth",
        max_concurrency=item.get("max_concurrency"),
        default_model=item["default_model"],
        champion_model=item["champion_model"],
        extra_config=item.get("extra_config", {}),
        models=tuple(_model(model) for model in item["models"]),
    )


def _model(item: Mapping[str, Any]) -> ModelEntry:
    return ModelEntry(
        model_id=item["model_id"],
        display_name=item.get("display_name", ""),
        limits=_limits(item),
        max_tokens=item.get("max_tokens"),
        context_window=item.get("context_window"),
        supports_json_schema=item.get("supports_json_schema", False),
        is_thinking_model=item.get("is_thinking_model", False),
        input_price=_price(item.get("input_price")),
        output_price=_price(item.get("output_price")),
        extra_config=item.get("extra_config", {}),
    )


def _limits(item: Mapping[str, Any]) -> Limits:
    return Limits(item.get("requests_per_minute"), item.get("tokens_per_minute"), item.get("requests_per_day"))


def _price(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
