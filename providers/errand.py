"""One item's walk: snapshot -> chain of routes -> gateway, moving along on faults until one answers or none is left."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from providers.gateway import Gateway, words
from providers.llm.errors import ErrorKind, LLMError
from providers.llm.types import Completion, CompletionRequest, Usage
from providers.routing.admission import Admitted, Obstacle, Refused, StoreUnavailable
from providers.routing.call import Call, cost
from providers.routing.outcomes import Answer, GiveUp, Wait
from providers.routing.policy import PATIENCE_S, SHORT_S, SLACK_S, WhenFull, patience_s, soonest
from providers.routing.route import Route
from providers.routing.verdicts import VERDICTS
from providers.routing.walk import Trail

logger = logging.getLogger(__name__)

REDIS_PAUSE_S = 1.0
PROBE_PAUSE_S = 0.5
RETRY_PAUSE_S = (0.2, 0.8)
ROUNDS = 3
ROUND_PAUSE_S = (1.0, 2.0)
RETRY_WHEN_ALL_FAILED_S = 15.0
STOPPED = "stopped before its next call"
CUT_OFF = "Cut off: the worker was shut down before the answer came. It may have been paid for."
AT_CAP = "its batch's cap leaves no room for a further call"
REDIS_AWAY = "Redis is away: no call leaves until it is back"
ALL_SUSPENDED = "Every route is suspended; waiting for a call in flight to bring one back"
NAMED_MAX = 5

Pause = Callable[[float, str], Awaitable[bool]]


async def sleep_out(seconds: float, reason: str) -> bool:
    """The plainest pause: it is always sat out."""
    await asyncio.sleep(seconds)
    return True


async def spend_freely() -> bool:
    """The plainest purse: it has no bottom."""
    return True


class Witness:
    """Told of what items meet on their way. The plainest one forgets it."""

    def suspended(self, refused: Refused, onward: Route | None) -> None:
        """A scope was found suspended; ``onward`` is the route that let the item out instead, if any did."""

    def failed(self, route: Route, kind: ErrorKind) -> None: ...

    def answered(self, route: Route) -> None: ...


@dataclass(frozen=True, slots=True)
class _Way:
    """A route, and leave to call it."""

    route: Route
    admitted: Admitted


@dataclass(frozen=True, slots=True)
class _Refusal:
    route: Route
    why: Refused


class _Changed(Exception):  # noqa: N818 - a state that sends the item back to the start of its way
    """The configuration has changed, or nothing may start any more."""


@dataclass(slots=True)
class Errand:
    """One item on its way. ``budget`` faults of its own may it have in all; ``calls`` is the ledger of what it did.

    ``routes`` gives the chain of the newest configuration, the same object while nothing changes. ``pause`` waits and
    says whether to go on, ``may_call`` says whether a further call may leave. ``label`` names what answers are alike in
    length, ``when_full`` says what to do where the preferred route is full. ``may_spend`` is asked before each call but
    the first, which whoever sent the item has granted. ``witness`` is told what the item meets.
    """

    gateway: Gateway
    routes: Callable[[], tuple[Route, ...]]
    budget: int
    label: str = ""
    when_full: WhenFull = WhenFull.AUTO
    trail: Trail = field(default_factory=Trail)
    pause: Pause = sleep_out
    may_call: Callable[[], bool] = lambda: True
    may_spend: Callable[[], Awaitable[bool]] = spend_freely
    witness: Witness = field(default_factory=Witness)
    rng: Random = field(default_factory=Random)
    calls: list[Call] = field(default_factory=list)
    rounds: int = 1
    granted: int = 1

    @property
    def faults(self) -> int:
        return self.trail.faults

    async def complete(self, request: CompletionRequest) -> Answer | Wait | GiveUp:
        """Ask the first route that may go, moving along on faults, until one answers or none is left.

        Wait: no call may leave now, or every route has failed for this item: it goes back, to be taken up again in
        ``seconds``. GiveUp: the item's own budget is used up (``exhausted``), or no route can work now for any item.
        """
        while True:
            whole_chain = self.routes()
            routes = await self._open_routes(whole_chain)
            if isinstance(routes, Wait | GiveUp):
                return routes
            if len(self.calls) >= self.granted:
                if not await self.may_spend():
                    return Wait(0.0, AT_CAP)
                self.granted += 1
            try:
                found = await self._find_way(whole_chain, routes, request)
            except _Changed:
                continue
            except StoreUnavailable as error:
                logger.warning("The shared state cannot be asked: %s", error)
                found = None if await self.pause(REDIS_PAUSE_S, REDIS_AWAY) else Wait(0.0, STOPPED)
            if isinstance(found, Wait | GiveUp):
                return found
            if found is not None:
                completion = await self._call(found, request)
                if completion is not None:
                    return Answer(completion, found.route)

    def reject(self, answer: Answer, problems: tuple[str, ...]) -> bool:
        """The answer is not good enough. True where the same route is asked again next."""
        self.trail = self.trail.after(answer.route, ErrorKind.BAD_OUTPUT)
        self.calls[-1] = replace(
            self.calls[-1], kind=ErrorKind.BAD_OUTPUT, detail="; ".join(problems), answer=answer.completion.text
        )
        return self.trail.faults < self.budget and self.trail.leaves_open(answer.route)

    async def _open_routes(self, whole_chain: tuple[Route, ...]) -> tuple[Route, ...] | Wait | GiveUp:
        """The routes that may be tried now, at least one; after a short random pause where that one had an outage."""
        if self.trail.faults >= self.budget:
            return GiveUp(self._last_fault(), exhausted=True, retry_after_s=None)
        if not self.may_call():
            return Wait(0.0, STOPPED)
        routes = self.trail.next_routes(whole_chain)
        if not routes:
            return await self._next_round(whole_chain) or await self._open_routes(self.routes())
        if routes[0].key in self.trail.outages:
            reason = f"{routes[0].key} had an outage a moment ago"
            if not await self.pause(self.rng.uniform(*RETRY_PAUSE_S), reason):
                return Wait(0.0, STOPPED)
        return routes

    async def _find_way(
        self, whole_chain: tuple[Route, ...], routes: tuple[Route, ...], request: CompletionRequest
    ) -> _Way | Wait | GiveUp | None:
        """The first route that lets a call out; None where to look again. Raises StoreUnavailable and _Changed."""
        refusals: list[_Refusal] = []
        for route in routes:
            patience = patience_s(self.when_full, [refusal.why for refusal in refusals])
            found = await self._enter(whole_chain, route, request, patience)
            if isinstance(found, _Way):
                self._tell_suspensions(refusals, route)
                return found
            refusals.append(found)
        self._tell_suspensions(refusals, None)
        if len(routes) < len(whole_chain) and not self._is_worth_waiting(refusals):
            return await self._next_round(whole_chain)  # what only this item has tried may work for it then
        return await self._wait_for_soonest(whole_chain, refusals, request)

    async def _enter(
        self, whole_chain: tuple[Route, ...], route: Route, request: CompletionRequest, patience_s: float
    ) -> _Way | _Refusal:
        """Stand in the route's line. Raises _Changed where there is no sense in that any more."""
        if self.routes() is not whole_chain or not self.may_call():
            raise _Changed
        verdict = await self.gateway.admit(route, request, label=self.label, patience_s=patience_s)
        if verdict is None:
            raise _Changed
        return _Way(route, verdict) if isinstance(verdict, Admitted) else _Refusal(route, verdict)

    def _tell_suspensions(self, refusals: list[_Refusal], onward: Route | None) -> None:
        for refusal in refusals:
            if refusal.why.obstacle is Obstacle.SUSPENDED:
                self.witness.suspended(refusal.why, onward)

    def _is_worth_waiting(self, refusals: list[_Refusal]) -> bool:
        """Whether to wait for a route that is full, rather than ask again those that this item has tried.

        These are asked again soon after an outage; what they said of the item itself they would say again.
        """
        longest_s = PATIENCE_S if all(VERDICTS[step.kind].blames_item for step in self.trail.steps) else SHORT_S
        whys = [refusal.why for refusal in refusals]
        return any(why.obstacle is not Obstacle.SUSPENDED and why.wait_s <= longest_s for why in whys)

    async def _wait_for_soonest(
        self, whole_chain: tuple[Route, ...], refusals: list[_Refusal], request: CompletionRequest
    ) -> _Way | Wait | GiveUp | None:
        """No route may go now: sit a short wait out, give a long one up."""
        why = [refusal.why for refusal in refusals]
        place = soonest(why)
        if place is not None:
            found = await self._enter(whole_chain, refusals[place].route, request, why[place].wait_s + SLACK_S)
            return found if isinstance(found, _Way) else None
        if self.gateway.calls_in_flight or any(refused.half_open for refused in why):
            return None if await self.pause(PROBE_PAUSE_S, ALL_SUSPENDED) else Wait(0.0, STOPPED)
        retry_after_s = min(refused.wait_s for refused in why)
        return GiveUp(f"No route can work now: {self._reasons(why)}", exhausted=False, retry_after_s=retry_after_s)

    def _reasons(self, refusals: list[Refused]) -> str:
        """What keeps each scope from working, those of one reason together."""
        met = {call.route_key: f"{call.kind}: {call.detail}" for call in self.calls if call.kind}
        by_scope = met | {refusal.scope: words(refusal) for refusal in refusals}
        scopes_by_reason: dict[str, list[str]] = {}
        for scope, reason in by_scope.items():
            scopes_by_reason.setdefault(reason, []).append(scope)
        return "; ".join(f"{_listed(scopes)} ({reason})" for reason, scopes in scopes_by_reason.items())

    async def _call(self, way: _Way, request: CompletionRequest) -> Completion | None:
        """Make the call and enter it. None where it failed; the trail then knows."""
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
        started = time.monotonic()
        try:
            completion = await self.gateway.send(route, way.admitted, request, label=self.label)
        except LLMError as error:
            fault, latency_s = error.fault, time.monotonic() - started
            self.witness.failed(route, fault.kind)
            self.trail = self.trail.after(route, fault.kind)
            usage = fault.usage or Usage()
            self.calls.append(
                replace(
                    call,
                    latency_s=latency_s,
                    kind=fault.kind,
                    status=fault.status,
                    detail=fault.detail,
                    usage=usage,
                    cost=cost(route.model, usage),
                )
            )
            return None
        except asyncio.CancelledError:
            latency_s = time.monotonic() - started
            self.calls.append(replace(call, latency_s=latency_s, kind=ErrorKind.CONNECTION, detail=CUT_OFF))
            raise
        self.witness.answered(route)
        usage = completion.usage
        self.calls.append(
            replace(call, latency_s=completion.latency_s, usage=usage, status=200, cost=cost(route.model, usage))
        )
        return completion

    async def _next_round(self, whole_chain: tuple[Route, ...]) -> Wait | GiveUp | None:
        """Every open route was tried. Begin again after a pause (None), or say why not.

        Wrong answers are bounded by the item's budget, so they begin again at once; faults of the routes get a few
        rounds.
        """
        if not whole_chain:
            return GiveUp("No provider is on and has its key.", exhausted=False, retry_after_s=None)
        if not all(VERDICTS[step.kind].blames_item for step in self.trail.steps):
            if self.rounds >= ROUNDS:
                return Wait(RETRY_WHEN_ALL_FAILED_S, f"Every route has failed. Last: {self._last_fault()}")
            pause_s = self.rounds * self.rng.uniform(*ROUND_PAUSE_S)
            if not await self.pause(pause_s, f"Every route has failed once: {self._last_fault()}"):
                return Wait(0.0, STOPPED)
        self.rounds += 1
        self.trail = Trail(faults=self.trail.faults)
        return None

    def _last_fault(self) -> str:
        if not self.calls:
            return "Its budget of wrong answers is used up."
        last = self.calls[-1]
        return f"{last.route_key}: {last.kind}: {last.detail}".strip(": ")


def _listed(scopes: list[str]) -> str:
    rest = len(scopes) - NAMED_MAX
    return ", ".join(scopes[:NAMED_MAX]) + (f" and {rest} more" if rest > 0 else "")
