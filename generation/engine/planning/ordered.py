"""What was ordered, of a batch as of an order that is not one yet: what to make, and which routes may make it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from generation.engine.planning.order import Order
from generation.engine.planning.weights import Weights
from providers.routing.route import RouteChoice


class Ordered(Protocol):
    """A batch, or the order for one. Without a seed it is planned by one of many that it may get."""

    @property
    def count(self) -> int: ...
    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def jurisdictions(self) -> Iterable[str]: ...
    @property
    def topics(self) -> Iterable[str]: ...
    @property
    def difficulties(self) -> Iterable[str]: ...
    @property
    def sample_types(self) -> Iterable[str]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def weights(self) -> Weights: ...
    @property
    def cost_cap(self) -> Decimal | None: ...


def mix_of(ordered: Ordered) -> Order:
    return Order(
        count=ordered.count,
        jurisdictions=tuple(ordered.jurisdictions),
        topics=tuple(ordered.topics),
        difficulties=tuple(ordered.difficulties),
        sample_types=tuple(ordered.sample_types),
        seed=ordered.seed or 0,
        weights=ordered.weights,
    )


def choice_of(ordered: Ordered) -> RouteChoice:
    """What its chain is made by; with a cap in money only of routes whose prices are known."""
    return RouteChoice(ordered.provider or None, ordered.model or None, priced_only=ordered.cost_cap is not None)
