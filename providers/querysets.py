"""What can be asked of providers, models, limits and changes of the configuration."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Case, F, IntegerField, Prefetch, Q, QuerySet, Value, When

from providers.ordered_model_types import OrderedModelQuerySet
from providers.routing.config import LimitScope

M = TypeVar("M", bound=models.Model)
"""A queryset's row. Its model's manager says which, so that this module imports no model."""


_champion = Q(pk=F("provider__champion_model_id"))
_default = Q(pk=F("provider__default_model_id"))
_has_champion = Q(provider__champion_model__isnull=False, provider__champion_model__enabled=True)
_is_start = Q(enabled=True) & (_champion | (_default & ~_has_champion))

IN_ORDER_OF_TRYING = (
    "provider__order",
    "provider_id",
    Case(When(_is_start, then=Value(0)), default=Value(1), output_field=IntegerField()),
    "fallback_priority",
)
"""Provider by provider; of each the model that it starts with, then the others in order, as ``Order.shown``."""


class ProviderQuerySet(OrderedModelQuerySet[M]):
    def enabled(self) -> Self:
        return self.filter(enabled=True)

    def with_details(self) -> Self:
        """With limits, models in fallback order, default, champion and the open half of the key's row, in four
        queries."""
        return (
            self.select_related("config", "default_model", "champion_model")
            .defer("config__api_key", "config__config")
            .prefetch_related("limits", Prefetch("models", queryset=self._with_reroutes()))
        )

    def _with_reroutes(self) -> Any:
        related: Any = self.model._meta.get_field("models").related_model
        return related._default_manager.with_reroute()


class ModelQuerySet(OrderedModelQuerySet[M]):
    def enabled(self) -> Self:
        """Models that are on, of providers that are on."""
        return self.filter(enabled=True, provider__enabled=True)

    def with_reroute(self) -> Self:
        """With who answers in its place, if anybody does, and its limits."""
        return self.select_related("reroute").prefetch_related("limits")


class LimitQuerySet(QuerySet[M]):
    def of_installation(self) -> Self:
        """What holds for all providers together."""
        return self.filter(scope=LimitScope.INSTALLATION)


class ChangeQuerySet(QuerySet[M]):
    def of_provider(self, provider_id: str) -> Self:
        """Its own, those of its secrets and those of its models."""
        return self.filter(provider=provider_id)

    def of_model(self, pk: int) -> Self:
        return self.filter(model_pk=pk)
