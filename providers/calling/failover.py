"""One item's walk: snapshot -> chain of routes -> gateway, moving along on faults until one answers or none is left."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID, uuid4

from providers.calling.gateway import FailedCallError, Gateway
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Completion, CompletionRequest, Usage
from providers.routing.admission import Admitted, Refused, StoreForeign, StoreUnavailable
from providers.routing.call import Call, cost
from providers.routing.explaining.words import reason_words
from providers.routing.outcomes import Answer, AtCap, BudgetUsedUp, NoRoute, PutBack, Stopped, TooLong, Unanswered
from providers.routing.policy import WhenFull, fits
from providers.routing.route import Route
from providers.routing.tried_routes import TriedRoutes
from providers.routing.walk import Step, Walk, WalkEnd

logger = logging.getLogger(__name__)

REDIS_PAUSE_S = 1.0
PROBE_PAUSE_S = 0.5
RETRY_PAUSE_S = (0.2, 0.8)
ROUNDS = 3
ROUND_PAUSE_S = (1.0, 2.0)
RETRY_WHEN_ALL_FAILED_S = 15.0
RETRY_WHEN_ALL_REFUSED_S = 5.0
CUT_OFF = "Cut off: the worker was shut down before the answer came. It may have been paid for."
REDIS_AWAY = "Redis is away: no call leaves until it is back"
ALL_SUSPENDED = "Every route is suspended; waiting for a call in flight to bring one back"
NO_FAULTS_LEFT = "Its budget of wrong answers is used up."
NAMED_MAX = 5

Pause = Callable[[float, str], Awaitable[bool]]
Arrived = Callable[[Call, Completion | None], None]


async def sleep_out(seconds: float, reason: str) -> bool:
    """The plainest pause: it is always sat out."""
    await asyncio.sleep(seconds)
    return True


async def spend_freely() -> bool:
    """Where nothing is capped."""
    return True


def forget(call: Call, completion: Completion | None) -> None:
    """Where no call is kept before its item has ended."""


class Observer:
    """Told who answers. The plainest one forgets it."""

    def answered(self, route: Route, model: str) -> None:
        """``model`` is what the vendor calls the one that answered; empty where it does not say."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A route, and leave to call it."""

    route: Route
    admitted: Admitted


class _Changed(Exception):  # noqa: N818 - a state that sends the item back to the start of its way
    """The configuration has changed, or nothing may start any more."""


@dataclass(slots=True)
class Failover:
    """One item on its way. ``budget`` faults of its own may it have in all; ``calls`` are what it did;
    ``item`` names it, so that its failures can be told from those of others.

    ``routes`` gives the chain of the newest configuration, the same object while nothing changes. ``pause`` waits and
    says whether to go on, ``may_call`` whether a further call may leave. ``label`` names what answers are alike in
    length, ``when_full`` says what to do where the preferred route is full. ``may_spend`` is asked before each call but
    the first, which whoever sent the item has granted. ``observer`` is told who answers, ``arrived`` of each call that
    came back, the moment it did, with what it brought, which may still be rejected. Cut off, it gives an answer that
    has landed all the same, else raises CancelledError.
    """

    gateway: Gateway
    routes: Callable[[], tuple[Route, ...]]
    budget: int
    item: str = field(default_factory=lambda: uuid4().hex)
    label: str = ""
    when_full: WhenFull = WhenFull.AUTO
    tried: TriedRoutes = field(default_factory=TriedRoutes)
    pause: Pause = sleep_out
    may_call: Callable[[], bool] = lambda: True
    may_spend: Callable[[], Awaitable[bool]] = spend_freely
    observer: Observer = field(default_factory=Observer)
    arrived: Arrived = forget
    rng: Random = field(default_factory=Random)
    calls: list[Call] = field(default_factory=list)
    rounds: int = 1
    granted: int = 1
    landed: Completion | None = None
    is_cut_off: bool = False

    @property
    def faults(self) -> int:
        return self.tried.faults

    async def complete(self, request: CompletionRequest) -> Answer | Unanswered:
        """Ask the first route that may go, moving along on faults, until one answers or none is left."""
        while True:
            found = await self._next_way(request)
            if isinstance(found, _Way):
                completion = await self._call(found, request)
                if completion is not None:
                    return Answer(completion, found.route)
            elif found is not None:
                return found

    def reject(self, answer: Answer, problems: tuple[str, ...], rules: Mapping[str, str]) -> bool:
        """The answer is not good enough, and broke these ``rules``. True where the same route is asked again next."""
        self.tried = self.tried.after(answer.route, ErrorKind.BAD_OUTPUT)
        self.calls[-1] = self.calls[-1].rejected(problems, answer.completion.text, rules)
        return self.tried.faults < self.budget and self.tried.leaves_open(answer.route)

    async def _next_way(self, request: CompletionRequest) -> _Way | Unanswered | None:
        """A route that lets a call out; None where to look again."""
        whole_chain = self.routes()
        routes = await self._open_routes(whole_chain, request)
        if not isinstance(routes, tuple):
            return routes
        if len(self.calls) >= self.granted:
            if not await self.may_spend():
                return AtCap()
            self.granted += 1
        try:
            return await self._find_way(whole_chain, routes, request)
        except _Changed:
            return None
        except StoreUnavailable as error:
            logger.warning("The shared store cannot be asked: %s", error)
            return await self._paused(REDIS_PAUSE_S, str(error) if isinstance(error, StoreForeign) else REDIS_AWAY)

    async def _open_routes(
        self, whole_chain: tuple[Route, ...], request: CompletionRequest
    ) -> tuple[Route, ...] | Unanswered:
        """The routes that may be tried now, at least one; after a short random pause where that one had an outage."""
        if self.tried.faults >= self.budget:
            return BudgetUsedUp(self._last_fault())
        if self.is_cut_off or not self.may_call():
            return Stopped()
        fitting = tuple(route for route in whole_chain if self._fits(route, request))
        if whole_chain and not fitting:
            return TooLong()
        routes = self.tried.next_routes(fitting)
        if not routes:
            return await self._next_round(whole_chain) or await self._open_routes(self.routes(), request)
        if routes[0].key in self.tried.outages:
            reason = f"{routes[0].key} had an outage a moment ago"
            return await self._paused(self.rng.uniform(*RETRY_PAUSE_S), reason) or routes
        return routes

    async def _paused(self, seconds: float, reason: str) -> Stopped | None:
        """None once the pause was sat out."""
        return None if await self.pause(seconds, reason) else Stopped()

    async def _find_way(
        self, whole_chain: tuple[Route, ...], routes: tuple[Route, ...], request: CompletionRequest
    ) -> _Way | Unanswered | None:
        """The first route that lets a call out; None where to look again. Raises StoreUnavailable and _Changed."""
        walk = Walk(
            len(routes),
            self.when_full,
            worth_s=self.tried.worth_waiting_s(whole_chain),
            may_come_back=lambda: self.gateway.calls_in_flight > 0,
            clock=self.gateway.clock,
        )
        for step in walk.steps():
            route = routes[step.place]
            decision = await self._take(step, whole_chain, route, request)
            if isinstance(decision, Admitted):
                return _Way(route, decision)
            walk.refused[step.place] = decision
        match walk.end:
            case WalkEnd.BEGIN_AGAIN:
                return await self._next_round(whole_chain)
            case WalkEnd.LOOK_AGAIN:
                return None
            case WalkEnd.PROBED:
                return await self._paused(PROBE_PAUSE_S, ALL_SUSPENDED)
        return NoRoute(f"No route can work now: {self._reasons(walk.refused.values())}", walk.retry_after_s)

    async def _take(
        self, step: Step, whole_chain: tuple[Route, ...], route: Route, request: CompletionRequest
    ) -> Admitted | Refused:
        """Raises _Changed where there is no sense in standing in the route's line any more."""
        if self.routes() is not whole_chain or not self.may_call():
            raise _Changed
        if step.is_last_resort:
            return await self.gateway.admit_as_last_resort(route, request, label=self.label)
        decision = await self.gateway.admit(route, request, label=self.label, patience_s=step.patience_s)
        if decision is None:
            raise _Changed
        return decision

    def _fits(self, route: Route, request: CompletionRequest) -> bool:
        return fits(route.model, self.gateway.estimates.prompt_tokens(route.key, request))

    def _reasons(self, refused: Iterable[Refused]) -> str:
        """What keeps each scope from working, those of one reason together."""
        met = {call.route_key: f"{call.kind}: {call.detail}" for call in self.calls if call.kind}
        by_scope = met | {each.scope: reason_words(each) for each in refused}
        scopes_by_reason: dict[str, list[str]] = {}
        for scope, reason in by_scope.items():
            scopes_by_reason.setdefault(reason, []).append(scope)
        return "; ".join(f"{_listed(scopes)} ({reason})" for reason, scopes in scopes_by_reason.items())

    async def _call(self, way: _Way, request: CompletionRequest) -> Completion | None:
        """Make the call and enter it. None where it failed; its tried routes then know."""
        route = way.route
        previous = self.calls[-1] if self.calls else None
        is_switch = previous is not None and previous.kind is not None and previous.route_key != route.key
        reservation = way.admitted.reservation
        call = Call(
            UUID(reservation.id),
            route.provider.id,
            route.model.model_id,
            datetime.fromtimestamp(reservation.at_ms / 1000, UTC),  # by the clock of the budgets: a worker's may jump
            is_switch=is_switch,
        )
        started, before, self.landed = self.gateway.clock(), len(self.calls), None
        try:
            completion = await self.gateway.send(
                route,
                way.admitted,
                request,
                label=self.label,
                item=self.item,
                arrived=lambda outcome: self._note(call, route, outcome, self.gateway.clock() - started),
            )
        except LLMError as error:
            if isinstance(error, FailedCallError):  # else the request goes out in another form now
                self.tried = self.tried.after(route, error.fault.kind, error.suspicion)
            return None
        except asyncio.CancelledError:
            self.is_cut_off = True
            if len(self.calls) == before:
                latency_s = self.gateway.clock() - started
                self.calls.append(replace(call, latency_s=latency_s, kind=ErrorKind.CONNECTION, detail=CUT_OFF))
            if self.landed is None:
                raise
            completion = self.landed  # it is paid for: only its booking is still under way, which goes on by itself
        self.observer.answered(route, completion.model)
        return completion

    def _note(self, call: Call, route: Route, outcome: Completion | Fault, latency_s: float) -> None:
        """Enter the call the moment it is back."""
        usage = outcome.usage or Usage()
        call = replace(call, usage=usage, cost=cost(route.model, usage))
        if isinstance(outcome, Fault):
            call = replace(call, latency_s=latency_s, kind=outcome.kind, status=outcome.status, detail=outcome.detail)
        else:
            self.landed = outcome
            call = replace(call, latency_s=outcome.latency_s, status=200, model_answered=outcome.model)
        self.calls.append(call)
        self.arrived(call, self.landed)

    async def _next_round(self, whole_chain: tuple[Route, ...]) -> Unanswered | None:
        """Every open route was tried. Begin again after a pause (None), or say why not.

        Wrong answers are bounded by the item's budget, so they begin again at once; faults of the routes get a few
        rounds. An item that every route refuses makes room for others: whether they pass tells whose fault it is.
        """
        if not whole_chain:
            return NoRoute("No provider is on and has its key.")
        before, is_last = self.tried, self.rounds >= ROUNDS
        self.tried = before.begun_again(is_last_round=is_last)
        if self.tried.faults >= self.budget:
            return BudgetUsedUp(self._last_fault())
        if before.is_of_item and not any(call.counts for call in before.calls):
            return PutBack(f"Every route has refused it. Last: {self._last_fault()}", RETRY_WHEN_ALL_REFUSED_S)
        if not before.is_of_item:
            if is_last:
                return PutBack(f"Every route has failed. Last: {self._last_fault()}", RETRY_WHEN_ALL_FAILED_S)
            pause_s = self.rounds * self.rng.uniform(*ROUND_PAUSE_S)
            if stopped := await self._paused(pause_s, f"Every route has failed once: {self._last_fault()}"):
                return stopped
        self.rounds += 1
        return None

    def _last_fault(self) -> str:
        return self.calls[-1].fault_words if self.calls else NO_FAULTS_LEFT


def _listed(scopes: list[str]) -> str:
    rest = len(scopes) - NAMED_MAX
    return ", ".join(scopes[:NAMED_MAX]) + (f" and {rest} more" if rest > 0 else "")
