"""What is expected of routes for an order, and how they are now: the base of estimates and forecasts. Reads alone."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from generation.engine.estimates.estimate import Expected, Measured, expect
from generation.engine.estimates.spread import Spread, left_out, spread
from generation.engine.estimates.usual import Usual, mean, usual
from generation.engine.planning.order import Order, check_order
from generation.engine.planning.plan import plan
from providers.calling import shared_store
from providers.routing.admission import ScopeState, StoreUnavailable
from providers.routing.limits.budget import Bucket
from providers.routing.limits.use import Use
from providers.routing.policy import WhenFull
from providers.routing.route import Route
from samples.taxonomy import Taxonomy

logger = logging.getLogger(__name__)

PROMPTS_READ = 32
ROUTES_MAX = 24
"""So many routes of a chain are thought to serve; further ones would hardly be needed."""

Facts = Mapping[tuple[str, str], Sequence[Measured]]


@dataclass(frozen=True, slots=True)
class Live:
    """What the shared store says: suspensions, and what the limits have given away. Empty while it is away."""

    states: Mapping[str, ScopeState]
    uses: Mapping[Bucket, Use]
    is_away: bool = False

    def opens_s(self, route: Route) -> float:
        """Until the route is neither suspended nor held."""
        states = [self.states[scope] for scope in route.scopes if scope in self.states]
        return max((max(state.suspended_for_s, state.held_for_s) for state in states), default=0.0)


def look(routes: Iterable[Route]) -> Live:
    """Two round trips to Redis, however many routes there are."""
    seen = list(routes)
    try:
        states, _ = shared_store.look(dict.fromkeys(scope for route in seen for scope in route.scopes), ())
        return Live(states, shared_store.uses(dict.fromkeys(bucket for route in seen for bucket in route.buckets)))
    except StoreUnavailable:
        logger.warning("The shared store is away: an estimate is made without suspensions and used limits.")
        return Live({}, {}, is_away=True)


def distinct(routes: Iterable[Route]) -> list[tuple[str, str]]:
    """Provider and model of each, once."""
    return list(dict.fromkeys((route.provider.id, route.model.model_id) for route in routes))


def serving(routes: Sequence[Route], when_full: str) -> Sequence[Route]:
    """Where it stays, only the first route counts, else the first ones: those that are far behind are not needed."""
    return routes[:1] if when_full == WhenFull.STAY else routes[:ROUTES_MAX]


def spread_of(mix: Order, known: Taxonomy) -> Spread | None:
    """Topics that the jurisdictions exclude do not keep the others from being shown."""
    problems = check_order(mix, known)
    if mix.count < 1 or problems.keys() - {"topics"} or (problems and not left_out(mix, known)):
        return None
    try:
        return spread(mix, known)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be made: the mix, the taxonomy that it is of, how it spreads, and what is added to every prompt."""

    mix: Order
    known: Taxonomy
    spread: Spread
    instruction: str


def expected_of(wanted: Wanted, routes: Sequence[Route], facts: Facts, live: Live) -> list[Expected]:
    """What each route will take for it, and from when on it is there."""
    shares = {share.id: share.count / wanted.spread.count for share in wanted.spread.sample_types}
    usuals = _usuals(wanted, list(shares))
    return [
        replace(
            expect(route, facts.get((route.provider.id, route.model.model_id), ()), shares, usuals),
            opens_s=live.opens_s(route),
        )
        for route in routes
    ]


def _usuals(wanted: Wanted, sample_types: list[str]) -> dict[str, Usual]:
    """By sample type, from the first prompts of the plan: types take turns in it, so that each is among them."""
    mix, known = wanted.mix, wanted.known
    kept = {name for name in mix.topics if name not in left_out(mix, known)}
    whole = replace(mix, topics=tuple(kept), weights={})
    by_type: defaultdict[str, list[Usual]] = defaultdict(list)
    for spec in islice(plan(whole, known), PROMPTS_READ):
        by_type[spec.sample_type].append(usual(spec, known, wanted.instruction))
    return {sample_type: mean(by_type[sample_type]) for sample_type in sample_types}
