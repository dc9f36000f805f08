"""What would come of an order: its spread, who starts, and the estimate. Reads, and writes nothing."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.conf import settings

from generation.actions import BatchOrder
from generation.engine.estimates.estimate import Estimate, Plan, estimate, expect
from generation.engine.estimates.spread import Spread, left_out, spread
from generation.engine.estimates.usual import Usual, mean, usual
from generation.engine.order import Order, check_order
from generation.engine.ordered import choice_of, mix_of
from generation.engine.planning import plan
from generation.selectors.measurements import measured
from generation.worker.items.places import useful_places
from providers.calling import shared_store
from providers.configuration import snapshot
from providers.routing.admission import ScopeState, StoreUnavailable
from providers.routing.limits.budget import Bucket
from providers.routing.policy import WhenFull
from providers.routing.route import Route, chain
from providers.status.health import health_of

logger = logging.getLogger(__name__)

PROMPTS_READ = 32
ROUTES_MAX = 40
"""So many routes of a chain are thought to serve; further ones would hardly be needed."""
LONG_HOLD_S = 60


@dataclass(frozen=True, slots=True)
class Hurdle:
    """Why a route that would come first does not start: it is suspended, or its vendor asked to wait."""

    route: Route
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Start:
    """Which route the first call goes to; None where every one is suspended or held. ``hurdles`` stood before it."""

    route: Route | None
    hurdles: tuple[Hurdle, ...] = ()
    store_is_away: bool = False


@dataclass(frozen=True, slots=True)
class OrderForecast:
    """Each part is None where the order does not say enough, or nothing could serve it."""

    spread: Spread | None
    start: Start | None
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class _Live:
    """What the shared store says: suspensions, and what the days' limits have given away. Empty while it is away."""

    states: Mapping[str, ScopeState]
    used: Mapping[Bucket, int]
    is_away: bool = False


def forecast(order: BatchOrder) -> OrderForecast:
    """Four queries and two round trips to Redis, whatever the order's size and however many calls there were."""
    mix = mix_of(order)
    shown = _spread(mix)
    routes = _routes(order)
    if not routes:
        return OrderForecast(shown, None, None)
    known = _live(routes)
    hurdles = {route.key: hurdle for route in routes if (hurdle := _hurdle(route, known.states))}
    open_routes = [route for route in routes if route.key not in hurdles]
    first = open_routes[0] if open_routes else None
    before = routes if first is None else routes[: routes.index(first)]
    start = Start(first, tuple(hurdles[route.key] for route in before), known.is_away)
    if shown is None:
        return OrderForecast(None, start, None)
    return OrderForecast(shown, start, _estimate(order, mix, shown, open_routes or list(routes), known))


def _routes(order: BatchOrder) -> tuple[Route, ...]:
    """The chain that its items would walk. Empty where nothing of what it asks for could serve: then it is refused."""
    choice = choice_of(order)
    routes = chain(snapshot.load(), choice)
    return routes if any(map(choice.names, routes)) else ()


def _spread(mix: Order) -> Spread | None:
    """Topics that the jurisdictions exclude do not keep the others from being shown."""
    problems = check_order(mix)
    if mix.count < 1 or problems.keys() - {"topics"} or (problems and not left_out(mix)):
        return None
    try:
        return spread(mix)
    except ValueError:
        return None


def _live(routes: tuple[Route, ...]) -> _Live:
    days = {bucket for route in routes for bucket in route.buckets if not bucket.is_short}
    try:
        return _Live(*shared_store.look(dict.fromkeys(scope for route in routes for scope in route.scopes), days))
    except StoreUnavailable:
        logger.warning("The shared store is away: an estimate is made without suspensions and used limits.")
        return _Live({}, {}, is_away=True)


def _hurdle(route: Route, states: Mapping[str, ScopeState]) -> Hurdle | None:
    """A wait of seconds is none."""
    for scope in route.scopes:
        state = states.get(scope)
        health = health_of(state)
        if health.suspended_until:
            return Hurdle(route, health.suspended_reason or "suspended", health.suspended_until)
        if state and state.held_for_s > LONG_HOLD_S:
            return Hurdle(route, health.held_reason or "its vendor asked to wait", health.held_until)
    return None


def _estimate(order: BatchOrder, mix: Order, shown: Spread, routes: list[Route], known: _Live) -> Estimate:
    """Where it stays, only the first route counts, else the first ones: those that are far behind are not needed."""
    serving = routes[:1] if order.when_full == WhenFull.STAY else routes[:ROUTES_MAX]
    facts = measured([(route.provider.id, route.model.model_id) for route in serving])
    shares = {share.id: share.count / shown.count for share in shown.sample_types}
    usuals = _usuals(mix, order.instruction, list(shares))
    expected = [
        expect(route, facts.get((route.provider.id, route.model.model_id), ()), shares, usuals) for route in serving
    ]
    calls_at_once = useful_places(order.count) * settings.GENERATION_CALLS_PER_LANE
    return estimate(Plan(order.count, calls_at_once, known.used, order.token_cap, order.cost_cap), expected)


def _usuals(mix: Order, instruction: str, sample_types: list[str]) -> dict[str, Usual]:
    """By sample type, from the first prompts of the plan: types take turns in it, so that each is among them."""
    kept = {name for name in mix.topics if name not in left_out(mix)}
    whole = Order(mix.count, mix.jurisdictions, tuple(kept), mix.difficulties, mix.sample_types, mix.seed)
    by_type: defaultdict[str, list[Usual]] = defaultdict(list)
    for spec in islice(plan(whole), PROMPTS_READ):
        by_type[spec.sample_type].append(usual(spec, instruction))
    return {sample_type: mean(by_type[sample_type]) for sample_type in sample_types}
