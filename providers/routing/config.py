"""The configuration as values: what one snapshot holds, frozen, with no framework in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from providers.routing.limits.amounts import Unit, amount_words, number_words
from providers.routing.limits.window import DAY, MINUTE, Window


class LimitScope(StrEnum):
    """Over what a limit counts: all that this installation calls, one account, or each model by itself."""

    INSTALLATION = "installation"
    ACCOUNT = "account"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """At most so many units in any such window; money in millionths."""

    scope: LimitScope
    unit: Unit
    amount: int
    window: Window

    @property
    def words(self) -> str:
        """``200,000 tokens per day``."""
        return f"{amount_words(self.unit, self.amount)} per {self.window.words}"

    @property
    def short(self) -> str:
        """``200,000 tok/day``."""
        return f"{number_words(self.unit, self.amount)} {self.unit.short}/{self.window.short}"


NAMED_LIMITS = {
    "requests_per_minute": (Unit.REQUESTS, MINUTE),
    "tokens_per_minute": (Unit.TOKENS, MINUTE),
    "requests_per_day": (Unit.REQUESTS, DAY),
}


def limit_name(unit: Unit, window: Window) -> str:
    """The field in which a person sets such a limit."""
    counted = (unit, window.name)
    return next((name for name, (of, each) in NAMED_LIMITS.items() if (of, each.name) == counted), "limits")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a vendor allows: the three limits that have names, None where it sets none, and any others."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    requests_per_day: int | None = None
    others: tuple[LimitEntry, ...] = ()

    def entries(self, scope: LimitScope) -> tuple[LimitEntry, ...]:
        """All of them; those with names count over ``scope``."""
        named = ((getattr(self, name), *counted) for name, counted in NAMED_LIMITS.items())
        return (*(LimitEntry(scope, unit, amount, window) for amount, unit, window in named if amount), *self.others)


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
    over all workers; None where no ceiling is set. ``above`` are the limits of the installation, which cover it too.
    """

    id: str
    name: str
    adapter: str
    base_url: str
    enabled: bool = True
    requires_key: bool = True
    limits: Limits = Limits()
    limits_are_per_model: bool = False
    above: tuple[LimitEntry, ...] = ()
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
    def limits_scope(self) -> LimitScope:
        """Over what the limits with names count."""
        return LimitScope.MODEL if self.limits_are_per_model else LimitScope.ACCOUNT

    @property
    def is_keyed(self) -> bool:
        """Whether a call could be signed: it has its key or needs none."""
        return not self.requires_key or bool(self.api_key)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole configuration at one version, providers in selection order; whose it is, empty where nobody knows."""

    version: int
    providers: tuple[ProviderEntry, ...]
    source: str = "database"
    installation: str = ""

    def provider(self, provider_id: str) -> ProviderEntry | None:
        return next((entry for entry in self.providers if entry.id == provider_id), None)
