"""Routes, and the chain in which an order tries them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from providers.llm.types import Endpoint, ModelFacts, Usage
from providers.routing.admission import Admission
from providers.routing.call import amounts, cost
from providers.routing.config import LimitEntry, LimitScope, ModelEntry, ProviderEntry, Snapshot
from providers.routing.limits.amounts import NOTHING, Amounts, Unit
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.limits.urgency import Urgency

DEFAULT_TIMEOUT_S = 120.0


class Exclusion(StrEnum):
    """Why a route is in no chain."""

    PROVIDER_OFF = "provider_off"
    NO_KEY = "no_key"
    KEY_UNREADABLE = "key_unreadable"
    MODEL_OFF = "model_off"
    NOT_PRICED = "not_priced"


@dataclass(frozen=True, slots=True)
class RouteChoice:
    """What an order asks for; automatic where nothing is named. ``priced_only``: it has a cap in money."""

    provider_id: str | None = None
    model_id: str | None = None
    priced_only: bool = False

    def names(self, route: "Route") -> bool:
        """Whether the route is one that is asked for."""
        return self.provider_id in (None, route.provider.id) and self.model_id in (None, route.model.model_id)


@dataclass(frozen=True)
class Route:
    """One model at one provider, taken from the snapshot of that version. What it says is worked out once."""

    provider: ProviderEntry
    model: ModelEntry
    version: int = 0

    @cached_property
    def key(self) -> str:
        return f"{self.provider.id}/{self.model.model_id}"

    @cached_property
    def scopes(self) -> tuple[str, str]:
        """What may suspend or hold it: its provider as a whole, or just itself."""
        return (self.provider.id, self.key)

    @cached_property
    def endpoint(self) -> Endpoint:
        return endpoint_of(self.provider)

    @cached_property
    def facts(self) -> ModelFacts:
        model = self.model
        return ModelFacts(
            model_id=model.model_id,
            supports_json_schema=model.supports_json_schema,
            is_thinking_model=model.is_thinking_model,
            max_tokens=model.max_tokens,
            extra_body={
                **model.extra_config.get("extra_body", {}),
                **_secret_body(self.provider),
            },
            adaptations=model.adaptations,
        )

    def admission(
        self,
        usage: Usage,
        *,
        is_test: bool = False,
        is_last_resort: bool = False,
        urgency: Urgency = Urgency.NORMAL,
        party: str = "",
    ) -> Admission:
        """What one call of that expected usage needs of the shared store."""
        return Admission(
            self.scopes,
            self.buckets,
            self.amounts(usage),
            ceilings=(self.provider.max_concurrency, None),
            version=self.version,
            is_test=is_test,
            account=self.provider.account,
            is_last_resort=is_last_resort,
            urgency=urgency,
            party=party,
        )

    def amounts(self, usage: Usage) -> Amounts:
        """What a call of that usage takes of its limits."""
        return amounts(usage, cost(self.model, usage))

    @cached_property
    def buckets(self) -> tuple[Bucket, ...]:
        """Every budget that covers a call. A model's own limit stands in for the one that its provider gives each."""
        given = [limit for limit in _all_limits(self.provider) if limit.scope is LimitScope.MODEL]
        own = _lowest(given) | _lowest(self.model.limits.entries(LimitScope.MODEL))
        return (*shared_buckets(self.provider), *_buckets(self.key, own.values(), self.provider.is_smooth))

    @property
    def is_limited_in_money(self) -> bool:
        return any(bucket.unit is Unit.MONEY for bucket in self.buckets)


def shared_buckets(provider: ProviderEntry) -> tuple[Bucket, ...]:
    """The budgets that all its models share: those of the installation, and of the account."""
    shared = [limit for limit in _all_limits(provider) if limit.scope is LimitScope.ACCOUNT]
    return (*installation_buckets(provider.above), *_buckets(provider.id, shared, provider.is_smooth))


def installation_buckets(above: Iterable[LimitEntry]) -> tuple[Bucket, ...]:
    """The budgets that all providers share."""
    return tuple(_buckets(EVERYTHING, above, is_smooth=False))


def _all_limits(provider: ProviderEntry) -> tuple[LimitEntry, ...]:
    return provider.limits.entries(provider.limits_scope)


def _lowest(limits: Iterable[LimitEntry]) -> dict[tuple[Unit, str], LimitEntry]:
    """By what they count: where two count the same, the lower one holds."""
    lowest: dict[tuple[Unit, str], LimitEntry] = {}
    for limit in limits:
        counted = (limit.unit, limit.window.name)
        known = lowest.setdefault(counted, limit)
        if limit.amount < known.amount:
            lowest[counted] = limit
    return lowest


def _buckets(key: str, limits: Iterable[LimitEntry], is_smooth: bool) -> Iterator[Bucket]:
    for limit in _lowest(limits).values():
        bucket = Bucket(key, limit.unit, limit.window, limit.amount)
        yield replace(bucket, is_smooth=True) if is_smooth and bucket.gap_ms else bucket


def shared_admission(provider: ProviderEntry, version: int) -> Admission:
    """What a request needs that is to no model; as a test, it goes past breakers and holds."""
    return Admission(
        (provider.id,),
        shared_buckets(provider),
        NOTHING,
        ceilings=(provider.max_concurrency,),
        version=version,
        is_test=True,
        account=provider.account,
    )


def endpoint_of(provider: ProviderEntry) -> Endpoint:
    secret = provider.secret_config.get("headers", {})
    # Letter case makes no other header: the secret one wins.
    named = [*provider.extra_config.get("headers", {}).items(), *secret.items()]
    headers = {str(name).lower(): (str(name), str(value)) for name, value in named}
    hidden = [*secret.values(), *_texts(_secret_body(provider))]
    return Endpoint(
        provider_id=provider.id,
        adapter=provider.adapter,
        base_url=provider.base_url,
        api_key=provider.api_key or "",
        headers=tuple(sorted(headers.values())),
        timeout_s=float(provider.extra_config.get("timeout_s", DEFAULT_TIMEOUT_S)),
        secret_values=tuple(map(str, hidden)),
    )


def _secret_body(provider: ProviderEntry) -> Mapping[str, Any]:
    """What of the secret settings goes into the body, for every model; once any value was kept under that name."""
    found = provider.secret_config.get("extra_body")
    return found if isinstance(found, dict) else {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def provider_exclusion(provider: ProviderEntry) -> Exclusion | None:
    """Why none of its models is in any chain; None where it is usable."""
    if not provider.enabled:
        return Exclusion.PROVIDER_OFF
    if provider.is_keyed:
        return None
    return Exclusion.KEY_UNREADABLE if provider.key_is_unreadable else Exclusion.NO_KEY


def start_model(provider: ProviderEntry) -> str | None:
    """Its champion, else its default, if that one is on; None where simply the first in order is the start."""
    known = {model.model_id for model in provider.models if model.enabled}
    return next((name for name in (provider.champion_model, provider.default_model) if name in known), None)


def model_order(provider: ProviderEntry, first: str | None = None) -> tuple[ModelEntry, ...]:
    """The provider's enabled models in the order of trying: the one asked for, champion or default, the rest."""
    enabled = [model for model in provider.models if model.enabled]
    known = {model.model_id for model in enabled}
    heads = [name for name in (first, start_model(provider)) if name in known]
    return tuple(
        sorted(enabled, key=lambda model: heads.index(model.model_id) if model.model_id in heads else len(heads))
    )


def chain(snapshot: Snapshot, choice: RouteChoice = RouteChoice()) -> tuple[Route, ...]:
    """Every route that could serve the choice, in the order of trying: off, keyless and, under a cap or limit in money,
    unpriced ones are out, suspended ones are in."""
    return tuple(route for route in _usable(snapshot, choice) if not _lacks_price(route, choice))


def unpriced(snapshot: Snapshot, choice: RouteChoice) -> tuple[Route, ...]:
    """Those that are out of the choice's chain for their unknown prices alone."""
    return tuple(route for route in _usable(snapshot, choice) if _lacks_price(route, choice))


def _usable(snapshot: Snapshot, choice: RouteChoice) -> Iterator[Route]:
    usable = [provider for provider in snapshot.providers if provider_exclusion(provider) is None]
    wanted = wanted_provider(snapshot, choice)
    usable.sort(key=lambda provider: provider.id != wanted)
    for provider in usable:
        for model in model_order(provider, choice.model_id if provider.id == wanted else None):
            yield Route(provider, model, snapshot.version)


def _lacks_price(route: Route, choice: RouteChoice) -> bool:
    """Whether what its calls cost must be known, and is not."""
    return not route.model.is_priced and (choice.priced_only or route.is_limited_in_money)


def left_out(snapshot: Snapshot) -> Iterator[tuple[Route, Exclusion]]:
    """Every route that is in no chain of this snapshot, and why."""
    for provider in snapshot.providers:
        for model in provider.models:
            why = provider_exclusion(provider) or (None if model.enabled else Exclusion.MODEL_OFF)
            if why is not None:
                yield Route(provider, model, snapshot.version), why


def wanted_provider(snapshot: Snapshot, choice: RouteChoice) -> str | None:
    """The provider asked for; where only a model is, the first usable provider that has it."""
    if choice.provider_id or not choice.model_id:
        return choice.provider_id
    for provider in snapshot.providers:
        if provider_exclusion(provider) is None and any(
            model.model_id == choice.model_id and model.enabled for model in provider.models
        ):
            return provider.id
    return None
