"""Where the rows of one list stand, as a value: what a page has shown and what the database holds can be compared."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from providers.models import Model, Provider


@dataclass(frozen=True, slots=True)
class Positions:
    """Keys by their places in the database. ``start`` is the model that its provider is tried with first, whatever
    its place; None where that is simply the first one that is on."""

    keys: tuple[Any, ...]
    start: Any = None

    @property
    def shown(self) -> tuple[Any, ...]:
        """In the order of trying."""
        if self.start is None:
            return self.keys
        return (self.start, *(key for key in self.keys if key != self.start))

    @property
    def mark(self) -> str:
        """A short text that differs where the order does."""
        told = "\n".join(map(str, (self.start or "", *self.keys)))
        return blake2s(told.encode(), digest_size=8).hexdigest()

    def neighbour_of(self, key: Any) -> dict[str, Any]:
        """What puts the row back to where it stands; empty where it stands alone."""
        place = self.keys.index(key)
        if place:
            return {"after": self.keys[place - 1]}
        return {"before": self.keys[1]} if len(self.keys) > 1 else {}


def read_provider_order() -> Positions:
    return Positions(tuple(Provider.objects.order_by("order", "pk").values_list("pk", flat=True)))


def read_model_orders(provider_ids: Collection[str]) -> dict[str, Positions]:
    """Of each provider that has models, in one query."""
    listed: defaultdict[str, list[Model]] = defaultdict(list)
    models = Model.objects.filter(provider_id__in=provider_ids).select_related("provider")
    named = ("enabled", "provider__champion_model_id", "provider__default_model_id")
    for model in models.only("provider_id", *named).order_by("fallback_priority", "pk"):
        listed[model.provider_id].append(model)
    return {provider_id: order_of_models(own[0].provider, own) for provider_id, own in listed.items()}


def order_of_models(provider: Provider, models: Sequence[Model]) -> Positions:
    """``models`` are all of the provider's, by their places."""
    return Positions(tuple(model.pk for model in models), start_of(provider, models))


def start_of(provider: Provider, models: Iterable[Model]) -> int | None:
    """The champion, else the default; one that is off starts nothing, as ``routing.route.model_order`` has it."""
    enabled = {model.pk for model in models if model.enabled}
    heads = (provider.champion_model_id, provider.default_model_id)
    return next((pk for pk in heads if pk in enabled), None)
