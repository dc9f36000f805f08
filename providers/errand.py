"""One item's walk: snapshot -> chain of routes -> gateway, moving along on faults until one answers or none is left."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from uuid import uuid4

from providers.gateway import Gateway
from providers.llm.errors import ErrorKind, LLMError
from providers.llm.types import Completion, CompletionRequest, Usage
from providers.routing.admission import Admitted, Obstacle, Refused, StoreUnavailable
from providers.routing.call import Call, cost
from providers.routing.outcomes import Answer, GiveUp, Wait
from providers.routing.route import Route
from providers.routing.verdicts import VERDICTS
from providers.routing.walk import Trail

STAY_S = 3.0  # a wait this short is taken at the preferred route; a longer one makes the item use the next route
PATIENCE_S = 65.0  # as long as a minute's budget may ask for; a longer wait makes the item go back
REDIS_PAUSE_S = 1.0
PROBE_PAUSE_S = 0.5
RETRY_PAUSE_S = (0.2, 0.8)
ROUNDS = 3
ROUND_PAUSE_S = (1.0, 2.0)
RETRY_WHEN_ALL_FAILED_S = 15.0
STOPPED = "stopped before its next call"
NAMED_MAX = 5

Pause = Callable[[float, str], Awaitable[bool]]


async def sleep_out(seconds: float, reason: str) -> bool:
    """The plainest pause: it is always sat out."""
    await asyncio.sleep(seconds)
    return True


@dataclass(slots=True)
class Errand:
    """One item on its way. ``budget`` faults of its own may it have in all; ``calls`` is the ledger of what it did.

    ``routes`` gives the chain of the newest configuration, ``pause`` waits and says whether to go on, ``may_call`` says
    whether a further call may leave.
    """

    gateway: Gateway
    routes: Callable[[], tuple[Route, ...]]
    budget: int
    trail: Trail = field(default_factory=Trail)
    pause: Pause = sleep_out
    may_call: Callable[[], bool] = lambda: True
    rng: Random = field(default_factory=Random)
    calls: list[Call] = field(default_factory=list)
    rounds: int = 1

    @property
    def faults(self) -> int:
        return self.trail.faults

    async def complete(self, request: CompletionRequest) -> Answer | Wait | GiveUp:
        """Ask the first route that may go, moving along on faults, until one answers or none is left.

        Wait: no call may leave now, or every route has failed for this item: it goes back, to be taken up again in
        ``seconds``. GiveUp: the item's own budget is used up (``exhausted``), or no route can work now for any item.
        """
        while True:
            routes = await self._open_routes()
            if isinstance(routes, Wait | GiveUp):
                return routes
            outcome = await self._choose(routes, request)
            if isinstance(outcome, tuple):
                completion = await self._call(*outcome, request)
                if completion is not None:
                    return Answer(completion, outcome[0])
                continue
            if isinstance(outcome, list):
                whole_chain = self.routes()
                if len(routes) < len(whole_chain):  # what only this item has tried may work for it in another round
                    stopped = await self._next_round(whole_chain)
                    if stopped is not None:
                        return stopped
                    continue
            end = self._wait_or_give_up(outcome) if isinstance(outcome, list) else outcome
            if isinstance(end, GiveUp):
                return end
            if not await self.pause(end.seconds, end.reason):
                return Wait(0.0, STOPPED)

    def reject(self, answer: Answer, problems: tuple[str, ...]) -> bool:
        """The answer is not good enough. True where the same route is asked again next."""
        self.trail = self.trail.after(answer.route, ErrorKind.BAD_OUTPUT)
        self.calls[-1] = replace(
            self.calls[-1], kind=ErrorKind.BAD_OUTPUT, detail="; ".join(problems), answer=answer.completion.text
        )
        return self.trail.faults < self.budget and self.trail.leaves_open(answer.route)

    async def _open_routes(self) -> tuple[Route, ...] | Wait | GiveUp:
        """The routes that may be tried now, at least one; after a short random pause where that one had an outage."""
        if self.trail.faults >= self.budget:
            return GiveUp(self._last_fault(), exhausted=True, retry_after_s=None)
        if not self.may_call():
            return Wait(0.0, STOPPED)
        whole_chain = self.routes()
        routes = self.trail.next_routes(whole_chain)
        if not routes:
            return await self._next_round(whole_chain) or await self._open_routes()
        if routes[0].key in self.trail.outages:
            reason = f"{routes[0].key} had an outage a moment ago"
            if not await self.pause(self.rng.uniform(*RETRY_PAUSE_S), reason):
                return Wait(0.0, STOPPED)
        return routes

    async def _choose(
        self, routes: tuple[Route, ...], request: CompletionRequest
    ) -> tuple[Route, Admitted] | Wait | list[Refused]:
        """The first route that is admitted, or a short wait for one that comes before it; else why each was refused."""
        refusals: list[Refused] = []
        for route in routes:
            try:
                verdict = await self.gateway.admit(route, request)
            except StoreUnavailable:
                return Wait(REDIS_PAUSE_S, "Redis is away: no call leaves until it is back")
            if isinstance(verdict, Admitted):
                return route, verdict
            if verdict.obstacle is not Obstacle.SUSPENDED and verdict.wait_s <= STAY_S:
                return Wait(verdict.wait_s, _words(verdict))
            refusals.append(verdict)
        return refusals

    def _wait_or_give_up(self, refusals: list[Refused]) -> Wait | GiveUp:
        """No route may go now: sit a short wait out, give a long one up."""
        waits = [refusal for refusal in refusals if refusal.obstacle is not Obstacle.SUSPENDED]
        soonest = min(waits, key=lambda refusal: refusal.wait_s, default=None)
        if soonest is not None and soonest.wait_s <= PATIENCE_S:
            return Wait(soonest.wait_s, _words(soonest))
        if self.gateway.calls_in_flight or any(refusal.half_open for refusal in refusals):
            return Wait(PROBE_PAUSE_S, "Every route is suspended; waiting for a call in flight to bring one back")
        retry_after_s = min(refusal.wait_s for refusal in refusals)
        return GiveUp(f"No route can work now: {self._reasons(refusals)}", exhausted=False, retry_after_s=retry_after_s)

    def _reasons(self, refusals: list[Refused]) -> str:
        """What keeps each scope from working, those of one reason together."""
        met = {call.route_key: f"{call.kind}: {call.detail}" for call in self.calls if call.kind}
        by_scope = met | {refusal.scope: _words(refusal) for refusal in refusals}
        scopes_by_reason: dict[str, list[str]] = {}
        for scope, reason in by_scope.items():
            scopes_by_reason.setdefault(reason, []).append(scope)
        return "; ".join(f"{_listed(scopes)} ({reason})" for reason, scopes in scopes_by_reason.items())

    async def _call(self, route: Route, admitted: Admitted, request: CompletionRequest) -> Completion | None:
        """Make the call and enter it. None where it failed; the trail then knows."""
        previous = self.calls[-1] if self.calls else None
        is_switch = previous is not None and previous.kind is not None and previous.route_key != route.key
        call = Call(uuid4(), route.provider.id, route.model.model_id, datetime.now(UTC), is_switch=is_switch)
        started = time.monotonic()
        try:
            completion = await self.gateway.send(route, admitted, request)
        except LLMError as error:
            fault, latency_s = error.fault, time.monotonic() - started
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


def _words(refusal: Refused) -> str:
    if refusal.obstacle is Obstacle.SUSPENDED:
        return refusal.reason
    if refusal.obstacle is Obstacle.HELD:
        return f"{refusal.scope} asked to wait {refusal.wait_s:.0f} s"
    return f"{refusal.scope} is at its {refusal.reason or 'budget'} for {refusal.wait_s:.0f} s"


def _listed(scopes: list[str]) -> str:
    rest = len(scopes) - NAMED_MAX
    return ", ".join(scopes[:NAMED_MAX]) + (f" and {rest} more" if rest > 0 else "")
