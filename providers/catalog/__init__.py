"""The providers and models that legalds knows by itself: what seeding writes, what serves without a database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from providers.configuration import limit_lists
from providers.configuration.entries import provider_entry
from providers.models import Model, Provider
from providers.routing.config import Limits, ProviderEntry, Snapshot

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
    """As a row of it would be read: names in the catalogue are those of the columns, and ``limits``."""
    heads = {name: item[name] for name in ("default_model", "champion_model")}
    row = Provider(**_columns(item, "models", "env_key", *heads))
    rows = [Model(**_columns(model)) for model in item["models"]]
    entry = provider_entry(row, rows, **heads)
    models = [
        replace(known, limits=_limits(known.limits, own, model))
        for known, own, model in zip(entry.models, rows, item["models"], strict=True)
    ]
    return replace(entry, limits=_limits(entry.limits, row, item), models=tuple(models))


def _columns(item: Mapping[str, Any], *others: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in {"limits", *others}}


def _limits(named: Limits, row: Provider | Model, item: Mapping[str, Any]) -> Limits:
    return replace(named, others=tuple(limit_lists.read(item.get("limits", []), limit_lists.scopes_of(row))))
