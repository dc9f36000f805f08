from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from providers.ordered import OrderedModelQuerySet

if TYPE_CHECKING:
    from providers.models import ConfigurationChange, Model, Provider  # noqa: F401 - named in strings


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


class ProviderQuerySet(OrderedModelQuerySet["Provider"]):
    def enabled(self) -> "ProviderQuerySet":
        return self.filter(enabled=True)

    def with_details(self) -> "ProviderQuerySet":
        """With models in fallback order, default, champion and the open half of the key's row, in two queries."""
        return (
            self.select_related("config", "default_model", "champion_model")
            .defer("config__api_key", "config__config")
            .prefetch_related("models")
        )


class ModelQuerySet(OrderedModelQuerySet["Model"]):
    def enabled(self) -> "ModelQuerySet":
        """Models that are on, of providers that are on."""
        return self.filter(enabled=True, provider__enabled=True)

    def in_order_of_trying(self) -> "ModelQuerySet":
        return self.order_by(*IN_ORDER_OF_TRYING)


class ChangeQuerySet(QuerySet["ConfigurationChange"]):
    def of_provider(self, provider_id: str) -> "ChangeQuerySet":
        """Its own, those of its secrets and those of its models."""
        return self.filter(provider=provider_id)

    def of_model(self, pk: int) -> "ChangeQuerySet":
        return self.filter(model_pk=pk)
