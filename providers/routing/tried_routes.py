"""What an item has tried of its chain of routes, and which of them that leaves open."""

from dataclasses import dataclass

from providers.llm.errors import ErrorKind
from providers.routing.policy import PATIENCE_S, SHORT_S
from providers.routing.report import Suspicion
from providers.routing.route import Route
from providers.routing.verdicts import VERDICTS, Scope, Verdict

CALLS_PER_ROUTE = 2
OUTAGES_PER_PROVIDER = 2


@dataclass(frozen=True, slots=True)
class FailedCall:
    """One call of the item that failed. ``suspicion``: whether it is the item's."""

    route_key: str
    provider_id: str
    kind: ErrorKind
    suspicion: Suspicion = Suspicion.NONE

    @property
    def verdict(self) -> Verdict:
        return VERDICTS[self.kind]

    @property
    def counts(self) -> bool:
        """Whether it counts against the item at once. A refusal does only where others pass on that route."""
        return self.verdict.blames_item and (not self.verdict.is_refusal or self.suspicion is Suspicion.SURE)


@dataclass(frozen=True, slots=True)
class TriedRoutes:
    """What an item has tried since it was claimed, and how many faults of its own it has had in all."""

    calls: tuple[FailedCall, ...] = ()
    faults: int = 0

    @property
    def outages(self) -> frozenset[str]:
        """Keys of the routes that had an outage."""
        return frozenset(call.route_key for call in self.calls if call.verdict.is_outage)

    @property
    def is_of_item(self) -> bool:
        """Whether nothing but what speaks of the item itself was met."""
        return all(call.verdict.blames_item for call in self.calls)

    def after(self, route: Route, kind: ErrorKind, suspicion: Suspicion = Suspicion.NONE) -> "TriedRoutes":
        """These, and one more failed call."""
        call = FailedCall(route.key, route.provider.id, kind, suspicion)
        return TriedRoutes((*self.calls, call), self.faults + call.counts)

    def begun_again(self, *, is_last_round: bool) -> "TriedRoutes":
        """Every open route has been tried. An outage that this item alone meets counts against it, once a round; where
        that is only likely, at the end of its rounds. So does what every route refuses, though none is known to answer
        others."""
        outages = [call.suspicion for call in self.calls if call.verdict.is_outage]
        is_alone = Suspicion.SURE in outages or (is_last_round and Suspicion.LIKELY in outages)
        is_refused = bool(self.calls) and self.is_of_item and not any(call.counts for call in self.calls)
        return TriedRoutes(faults=self.faults + (is_alone or is_refused))

    def leaves_open(self, route: Route) -> bool:
        """Whether the item may still call the route."""
        here = [call.verdict for call in self.calls if call.route_key == route.key]
        if len(here) >= CALLS_PER_ROUTE or not all(verdict.asks_again for verdict in here):
            return False
        at_provider = [call.verdict for call in self.calls if call.provider_id == route.provider.id]
        if any(verdict.suspends is Scope.PROVIDER for verdict in at_provider):
            return False
        return sum(verdict.is_outage for verdict in at_provider) < OUTAGES_PER_PROVIDER

    def worth_waiting_s(self, chain: tuple[Route, ...]) -> float | None:
        """How long a wait for a full route is worth more than beginning again with those that this item has tried;
        None where none is closed to it.

        After an outage they are asked again soon; what they said of the item itself they would say again.
        """
        if all(map(self.leaves_open, chain)):
            return None
        return PATIENCE_S if self.is_of_item else SHORT_S

    def next_routes(self, chain: tuple[Route, ...]) -> tuple[Route, ...]:
        """The routes still open, in the order of trying.

        A route whose answer was wrong is asked again at once. One that had an outage stands back behind its provider's
        other models: its second call is worth more a little later.
        """
        if not self.calls:
            return chain
        reasked = self.calls[-1].route_key if self.calls[-1].verdict.blames_item else None
        places = {route.provider.id: place for place, route in reversed(list(enumerate(chain)))}
        still_open = [route for route in chain if self.leaves_open(route)]
        return tuple(
            sorted(
                still_open,
                key=lambda route: (route.key != reasked, places[route.provider.id], route.key in self.outages),
            )
        )
