"""How one item walks its chain of routes: an immutable list and a set of what was tried, never an index."""

from dataclasses import dataclass

from providers.llm.errors import ErrorKind
from providers.routing.route import Route
from providers.routing.verdicts import VERDICTS, Scope

CALLS_PER_ROUTE = 2
OUTAGES_PER_PROVIDER = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One call of the item that failed."""

    route_key: str
    provider_id: str
    kind: ErrorKind


@dataclass(frozen=True, slots=True)
class Trail:
    """What an item has tried since it was claimed, and how many faults of its own it has had in all."""

    steps: tuple[Step, ...] = ()
    faults: int = 0

    @property
    def outages(self) -> frozenset[str]:
        """Keys of the routes that had an outage."""
        return frozenset(step.route_key for step in self.steps if VERDICTS[step.kind].speaks_against_provider)

    def after(self, route: Route, kind: ErrorKind) -> "Trail":
        """The trail with one more failed call."""
        step = Step(route.key, route.provider.id, kind)
        return Trail((*self.steps, step), self.faults + VERDICTS[kind].blames_item)

    def leaves_open(self, route: Route) -> bool:
        """Whether the item may still call the route."""
        here = [step.kind for step in self.steps if step.route_key == route.key]
        if len(here) >= CALLS_PER_ROUTE or not all(VERDICTS[kind].asks_again for kind in here):
            return False
        at_provider = [VERDICTS[step.kind] for step in self.steps if step.provider_id == route.provider.id]
        if any(verdict.suspends is Scope.PROVIDER for verdict in at_provider):
            return False
        return sum(verdict.speaks_against_provider for verdict in at_provider) < OUTAGES_PER_PROVIDER

    def next_routes(self, chain: tuple[Route, ...]) -> tuple[Route, ...]:
        """The routes still open, in the order of trying.

        A route whose answer was wrong is asked again at once. One that had an outage stands back behind its provider's
        other models: its second call is worth more a little later.
        """
        if not self.steps:
            return chain
        reasked = self.steps[-1].route_key if self.steps and VERDICTS[self.steps[-1].kind].blames_item else None
        places = {route.provider.id: place for place, route in reversed(list(enumerate(chain)))}
        still_open = [route for route in chain if self.leaves_open(route)]
        return tuple(
            sorted(
                still_open,
                key=lambda route: (route.key != reasked, places[route.provider.id], route.key in self.outages),
            )
        )
