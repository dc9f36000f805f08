from typing import TYPE_CHECKING

from django.db.models import QuerySet

from providers.ordered import OrderedModelQuerySet

if TYPE_CHECKING:
    from providers.models import ConfigurationChange, Model, Provider  # noqa: F401 - named in strings


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


class ChangeQuerySet(QuerySet["ConfigurationChange"]):
    def of_provider(self, provider_id: str) -> "ChangeQuerySet":
        """Its own, those of its secrets and those of its models."""
        return self.filter(provider=provider_id)

    def of_model(self, pk: int) -> "ChangeQuerySet":
        return self.filter(model_pk=pk)
