"""The configuration as values: what one snapshot holds, frozen, with no framework in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What a vendor allows; None where it sets no limit."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    requests_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    model_id: str
    display_name: str = ""
    enabled: bool = True
    limits: Limits = Limits()
    max_tokens: int | None = None
    context_window: int | None = None
    supports_json_schema: bool = False
    is_thinking_model: bool = False
    input_price: Decimal | None = None
    cached_input_price: Decimal | None = None
    output_price: Decimal | None = None
    extra_config: Mapping[str, Any] = field(default_factory=dict)
    adaptations: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_priced(self) -> bool:
        """Whether its calls can be counted against a cap in money."""
        return self.input_price is not None and self.output_price is not None


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider with all its models in fallback order, disabled ones too; its key in the clear, hidden from repr.

    ``is_smooth``: calls are spread evenly, not sent as soon as the window has room. ``max_concurrency``: calls at once
    over all workers; None where no ceiling is set.
    """

    id: str
    name: str
    adapter: str
    base_url: str
    enabled: bool = True
    requires_key: bool = True
    limits: Limits = Limits()
    limits_are_per_model: bool = False
    is_smooth: bool = False
    max_concurrency: int | None = None
    default_model: str | None = None
    champion_model: str | None = None
    extra_config: Mapping[str, Any] = field(default_factory=dict)
    secret_config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    api_key: str | None = field(default=None, repr=False)
    key_is_unreadable: bool = False
    models: tuple[ModelEntry, ...] = ()

    @property
    def account(self) -> str:
        """Itself where its models may share its limits; empty where each is known to have its own."""
        return "" if self.limits_are_per_model else self.id

    @property
    def is_keyed(self) -> bool:
        """Whether a call could be signed: it has its key or needs none."""
        return not self.requires_key or bool(self.api_key)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole configuration at one version, providers in selection order."""

    version: int
    providers: tuple[ProviderEntry, ...]
    source: str = "database"

    def provider(self, provider_id: str) -> ProviderEntry | None:
        return next((entry for entry in self.providers if entry.id == provider_id), None)
