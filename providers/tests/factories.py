"""Rows for tests, made by the same actions as everybody's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

from providers import actions
from providers.models import Model, Provider

_numbers = count(1)


@contextmanager
def _constraints_left_to_the_database() -> Iterator[None]:
    """To ask for each constraint before a row is written takes three statements apiece: half of a row's cost."""
    with patch.object(Provider, "validate_constraints"), patch.object(Model, "validate_constraints"):
        yield


def make_provider(provider_id: str | None = None, *, models: int | Sequence[str] = 0, **values: Any) -> Provider:
    """A provider with ``models``: so many, called m0, m1 ..., or of these names."""
    name = provider_id or f"provider-{next(_numbers)}"
    new = {"id": name, "name": name.title(), "base_url": "http://127.0.0.1:9/v1", **values}
    with _constraints_left_to_the_database():
        provider = actions.create_provider(new)
        for model_id in [f"m{place}" for place in range(models)] if isinstance(models, int) else models:
            actions.create_model(name, {"model_id": model_id})
    return provider


def make_model(provider: Provider | str, model_id: str = "m", **values: Any) -> Model:
    provider_id = provider if isinstance(provider, str) else provider.pk
    with _constraints_left_to_the_database():
        return actions.create_model(provider_id, {"model_id": model_id, **values})


def model_ids(provider_id: str) -> list[str]:
    """In fallback order, after a look that the places have no gap."""
    listed = list(Model.objects.filter(provider_id=provider_id).order_by("fallback_priority"))
    assert [model.fallback_priority for model in listed] == list(range(len(listed)))
    return [model.model_id for model in listed]


def provider_ids() -> list[str]:
    """In selection order, after a look that the places have no gap."""
    listed = list(Provider.objects.order_by("order"))
    assert [provider.order for provider in listed] == list(range(len(listed)))
    return [provider.pk for provider in listed]


def pk_of(provider_id: str, model_id: str) -> int:
    return Model.objects.get(provider_id=provider_id, model_id=model_id).pk
