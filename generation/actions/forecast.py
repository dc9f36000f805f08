"""What would come of an order: its spread, who starts, and the estimate. Reads, and writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from generation.actions import BatchOrder
from generation.actions.batch_forecasts import AtWork, at_work, jobs_of, routes_of
from generation.actions.expectations import Live, Wanted, distinct, expected_of, look, serving, spread_of
from generation.engine.estimates.estimate import Estimate, Plan, estimate
from generation.engine.estimates.spread import Spread
from generation.engine.planning.ordered import choice_of, mix_of
from generation.selectors.measurements import measured
from generation.worker.items.places import useful_places
from providers.configuration import snapshot
from providers.routing.admission import ScopeState
from providers.routing.config import Snapshot
from providers.routing.limits.urgency import URGENCIES, Urgency
from providers.routing.route import Route, chain
from providers.status.health import health_of
from samples import vocabulary

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
class Beside:
    """What else is at work, and how the routes are now."""

    works: Sequence[AtWork]
    live: Live


def forecast(order: BatchOrder) -> OrderForecast:
    """Nine queries and two round trips to Redis, whatever the order's size and however many calls there were."""
    mix, taxonomy = mix_of(order), vocabulary.current()
    shown = spread_of(mix, taxonomy)
    configuration = snapshot.load()
    routes = _routes(order, configuration)
    if not routes:
        return OrderForecast(shown, None, None)
    works = at_work(configuration)
    known = look([*routes, *routes_of(works)])
    hurdles = {route.key: hurdle for route in routes if (hurdle := _hurdle(route, known.states))}
    open_routes = [route for route in routes if route.key not in hurdles]
    first = open_routes[0] if open_routes else None
    before = routes if first is None else routes[: routes.index(first)]
    start = Start(first, tuple(hurdles[route.key] for route in before), known.is_away)
    if shown is None:
        return OrderForecast(None, start, None)
    chosen = serving(open_routes or routes, order.when_full)
    wanted = Wanted(mix, taxonomy, shown, order.instruction)
    return OrderForecast(shown, start, _estimate(order, wanted, chosen, Beside(works, known)))


def _routes(order: BatchOrder, configuration: Snapshot) -> tuple[Route, ...]:
    """The chain that its items would walk. Empty where nothing of what it asks for could serve: then it is refused."""
    choice = choice_of(order)
    routes = chain(configuration, choice)
    return routes if any(map(choice.names, routes)) else ()


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


def _estimate(order: BatchOrder, wanted: Wanted, routes: Sequence[Route], beside: Beside) -> Estimate:
    """Beside the batches that are at work on the same limits."""
    live = beside.live
    facts = measured(distinct([*routes, *routes_of(beside.works)]))
    plan = Plan(
        order.count,
        useful_places(order.count) * settings.GENERATION_CALLS_PER_LANE,
        live.uses,
        order.token_cap,
        order.cost_cap,
        Urgency.of(order.urgency) if order.urgency in URGENCIES else Urgency.NORMAL,
        tuple(jobs_of(beside.works, live, facts)),
        timezone.now().timestamp(),
    )
    return estimate(plan, expected_of(wanted, routes, facts, live))
