"""The way of one call: snapshot -> router -> budget -> client. One gateway serves one event loop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from providers.llm.clients import open_client
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Client, Completion, CompletionRequest, Endpoint, Usage
from providers.routing.breaker import PROBE_LEASE_S
from providers.routing.config import Snapshot
from providers.routing.outcomes import Answer, GiveUp, Wait
from providers.routing.route import Route, RouteChoice, chain
from providers.routing.stores import Admission, Admitted, Obstacle, Refused, Store, StoreUnavailable
from providers.routing.verdicts import PROVIDER_OUTAGE, VERDICTS, Scope, Verdict
from providers.routing.walk import Trail

STAY_S = 3.0  # a wait this short is taken at the preferred route; a longer one makes the item use the next route
PATIENCE_S = 60.0  # a longer wait is not sat out in a worker: the item goes back
REDIS_PAUSE_S = 1.0
PROBE_PAUSE_S = 0.5
PROBE_LEASE_SLACK_S = 30.0
RETRY_PAUSE_S = (0.2, 0.8)
ROUNDS = 3
ROUND_PAUSE_S = (1.0, 2.0)
RETRY_AFTER_DEFAULT_S = 10.0
RETRY_WHEN_ALL_FAILED_S = 15.0
EXPECTED_ANSWER_TOKENS = 1200
CHARS_PER_TOKEN = 4
MILLION = 1_000_000

Pause = Callable[[float, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made, for the ledger. ``kind`` is None where it went well; ``answer`` the text that was not accepted."""

    route: Route
    started_at: datetime
    latency_s: float
    kind: ErrorKind | None = None
    status: int | None = None
    detail: str = ""
    answer: str = ""
    usage: Usage = Usage()
    is_switch: bool = False

    @property
    def cost(self) -> Decimal | None:
        """In the currency of the model's prices; None where a price is not known."""
        model = self.route.model
        if model.input_price is None or model.output_price is None:
            return None
        price = self.usage.prompt_tokens * model.input_price + self.usage.completion_tokens * model.output_price
        return price / MILLION


async def sleep_out(seconds: float, reason: str) -> bool:
    """The plainest pause: it is always sat out."""
    await asyncio.sleep(seconds)
    return True


@dataclass(slots=True)
class Gateway:
    """Calls models for items. ``pause`` waits and says whether to go on; ``snapshot`` gives the newest configuration."""

    store: Store
    snapshot: Callable[[], Snapshot]
    pause: Pause = sleep_out
    client_factory: Callable[[Endpoint], Client] = open_client
    rng: Random = field(default_factory=Random)
    calls_in_flight: int = 0
    _clients: dict[Endpoint, Client] = field(default_factory=dict)
    _answer_tokens: dict[str, float] = field(default_factory=dict)

    def errand(self, choice: RouteChoice, *, budget: int, faults: int = 0) -> "Errand":
        """One item's walk. ``budget`` faults of its own may it have in all, ``faults`` it had before."""
        return Errand(self, choice, budget, Trail(faults=faults))

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def client(self, endpoint: Endpoint) -> Client:
        if endpoint not in self._clients:
            self._clients[endpoint] = self.client_factory(endpoint)
        return self._clients[endpoint]

    def estimate(self, route: Route, request: CompletionRequest) -> int:
        """Tokens that a call will probably use: its prompt, and what this route's answers took lately."""
        prompt = sum(len(message.content) for message in request.messages) // CHARS_PER_TOKEN
        return prompt + int(self._answer_tokens.get(route.key, EXPECTED_ANSWER_TOKENS))

    def learn(self, route: Route, usage: Usage) -> None:
        before = self._answer_tokens.get(route.key, usage.completion_tokens)
        self._answer_tokens[route.key] = 0.8 * before + 0.2 * usage.completion_tokens

    async def punish(self, route: Route, fault: Fault, probes: tuple[str, ...]) -> None:
        """Tell the breakers of a fault, and hold the route where the vendor said to wait."""
        verdict, provider = VERDICTS[fault.kind], route.provider
        reason = f"{fault.kind}: {fault.detail}" if fault.detail else str(fault.kind)
        if fault.kind is ErrorKind.RATE_LIMITED:
            scope = route.key if provider.limits_are_per_model else provider.id
            await self.store.hold(scope, fault.retry_after_s or RETRY_AFTER_DEFAULT_S, reason)
        if verdict.suspends is Scope.PROVIDER:
            await self._fail(provider.id, fault.kind, reason, verdict)
        elif verdict.suspends is Scope.ROUTE:
            opened = await self._fail(route.key, fault.kind, reason, verdict)
            if verdict.speaks_against_provider and (opened or provider.id in probes):
                await self._fail(provider.id, fault.kind, reason, PROVIDER_OUTAGE)

    async def _fail(self, scope: str, kind: ErrorKind, reason: str, verdict: Verdict) -> bool:
        return await self.store.fail(
            scope, kind, reason, opens_after=verdict.opens_after, open_s=verdict.open_s, max_open_s=verdict.max_open_s
        )


@dataclass(slots=True)
class Errand:
    """One item on its way along its chain. ``calls`` is the ledger of what it did."""

    gateway: Gateway
    choice: RouteChoice
    budget: int
    trail: Trail = Trail()
    calls: list[Call] = field(default_factory=list)
    rounds: int = 1

    @property
    def faults(self) -> int:
        return self.trail.faults

    async def complete(self, request: CompletionRequest) -> Answer | Wait | GiveUp:
        """Ask the first route that may go, moving along on faults, until one answers or none is left.

        Wait: the pause was broken off, the item may go on later. GiveUp: the item's own budget is used up
        (``exhausted``), or no route can work now.
        """
        while True:
            if self.trail.faults >= self.budget:
                return GiveUp(self._last_fault(), exhausted=True, retry_after_s=None)
            whole_chain = chain(self.gateway.snapshot(), self.choice)
            routes = self.trail.next_routes(whole_chain)
            if not routes:
                end = await self._next_round(whole_chain)
                if end is not None:
                    return end
                continue
            try:
                choice = await self._choose(routes, request)
            except StoreUnavailable:
                choice = Wait(REDIS_PAUSE_S, "Redis is away: no call leaves until it is back")
            if isinstance(choice, GiveUp):
                return choice
            if isinstance(choice, Wait):
                if not await self.gateway.pause(choice.seconds, choice.reason):
                    return choice
                continue
            route, admitted = choice
            completion = await self._call(route, admitted, request)
            if completion is not None:
                return Answer(completion, route)
            await self._breathe()

    def reject(self, answer: Answer, problems: tuple[str, ...]) -> bool:
        """The answer is not good enough. True where the same route is asked again next."""
        self.trail = self.trail.after(answer.route, ErrorKind.BAD_OUTPUT)
        self.calls[-1] = replace(
            self.calls[-1], kind=ErrorKind.BAD_OUTPUT, detail="; ".join(problems), answer=answer.completion.text
        )
        return self.trail.faults < self.budget and self.trail.leaves_open(answer.route)

    async def _choose(
        self, routes: tuple[Route, ...], request: CompletionRequest
    ) -> tuple[Route, Admitted] | Wait | GiveUp:
        """The first route that is admitted; else how long to wait, for the soonest."""
        refusals: list[Refused] = []
        for route in routes:
            tokens = self.gateway.estimate(route, request)
            verdict = await self.gateway.store.admit(_admission(route, tokens))
            if isinstance(verdict, Admitted):
                return route, verdict
            if verdict.obstacle is not Obstacle.SUSPENDED and verdict.wait_s <= STAY_S:
                return Wait(verdict.wait_s, _waiting_words(verdict))
            refusals.append(verdict)
        if all(refusal.obstacle is Obstacle.SUSPENDED for refusal in refusals):
            if self.gateway.calls_in_flight or any(refusal.half_open for refusal in refusals):
                return Wait(PROBE_PAUSE_S, "Every route is suspended; waiting for a call in flight to bring one back")
            return GiveUp(_suspension_words(refusals), exhausted=False, retry_after_s=None)
        soonest = min(
            (refusal for refusal in refusals if refusal.obstacle is not Obstacle.SUSPENDED),
            key=lambda refusal: refusal.wait_s,
        )
        if soonest.wait_s > PATIENCE_S:
            return GiveUp(_waiting_words(soonest), exhausted=False, retry_after_s=soonest.wait_s)
        return Wait(soonest.wait_s, _waiting_words(soonest))

    async def _call(self, route: Route, admitted: Admitted, request: CompletionRequest) -> Completion | None:
        """Make the call and book it. None where it failed; the trail then knows."""
        gateway, previous = self.gateway, self.calls[-1] if self.calls else None
        call = Call(
            route,
            started_at=datetime.now(UTC),
            latency_s=0.0,
            is_switch=previous is not None and previous.kind is not None and previous.route.key != route.key,
        )
        started = time.monotonic()
        gateway.calls_in_flight += 1
        try:
            completion = await gateway.client(route.endpoint).complete(route.facts, request)
        except LLMError as error:
            fault = error.fault
            self.trail = self.trail.after(route, fault.kind)
            self.calls.append(
                replace(
                    call,
                    latency_s=time.monotonic() - started,
                    kind=fault.kind,
                    status=fault.status,
                    detail=fault.detail,
                    usage=fault.usage or Usage(),
                )
            )
            await self._book(admitted, fault.usage or Usage(), route, fault)
            return None
        finally:
            gateway.calls_in_flight -= 1
        gateway.learn(route, completion.usage)
        self.calls.append(replace(call, latency_s=completion.latency_s, usage=completion.usage, status=200))
        await self._book(admitted, completion.usage, route, None)
        return completion

    async def _book(self, admitted: Admitted, usage: Usage, route: Route, fault: Fault | None) -> None:
        """Settle the budget and tell the breakers. Redis away now costs nothing: the reservation stands as estimated."""
        try:
            await self.gateway.store.settle(admitted.reservation, usage.total_tokens)
            if fault is None or VERDICTS[fault.kind].blames_item:
                await self.gateway.store.succeed(route.scopes)
            else:
                await self.gateway.punish(route, fault, admitted.probes)
            if admitted.probes:
                await self.gateway.store.free_probes(admitted.reservation)
        except StoreUnavailable:
            return

    async def _breathe(self) -> None:
        """A short random pause before the same route is asked again after an outage."""
        if VERDICTS[self.trail.steps[-1].kind].speaks_against_provider:
            await asyncio.sleep(self.gateway.rng.uniform(*RETRY_PAUSE_S))

    async def _next_round(self, whole_chain: tuple[Route, ...]) -> Wait | GiveUp | None:
        """Every open route was tried. Begin again after a pause (None), or say why not.

        Wrong answers are bounded by the item's budget, so they begin again at once; faults of the routes get a few rounds.
        """
        if not whole_chain:
            return GiveUp("No provider is on and has its key.", exhausted=False, retry_after_s=None)
        if not all(VERDICTS[step.kind].blames_item for step in self.trail.steps):
            if self.rounds >= ROUNDS:
                reason = f"Every route has failed. Last: {self._last_fault()}"
                return GiveUp(reason, exhausted=False, retry_after_s=RETRY_WHEN_ALL_FAILED_S)
            pause_s = self.rounds * self.gateway.rng.uniform(*ROUND_PAUSE_S)
            if not await self.gateway.pause(pause_s, f"Every route has failed once: {self._last_fault()}"):
                return Wait(pause_s, "stopped while waiting for the next round")
        self.rounds += 1
        self.trail = Trail(faults=self.trail.faults)
        return None

    def _last_fault(self) -> str:
        if not self.calls:
            return "Its budget of wrong answers is used up."
        last = self.calls[-1]
        return f"{last.route.key}: {last.kind} {last.detail}".strip()


def _admission(route: Route, tokens: int) -> Admission:
    lease_s = max(PROBE_LEASE_S, route.endpoint.timeout_s + PROBE_LEASE_SLACK_S)
    return Admission(route.scopes, route.buckets, tokens, lease_s)


def _waiting_words(refusal: Refused) -> str:
    if refusal.obstacle is Obstacle.HELD:
        return f"{refusal.scope} asked to wait {refusal.wait_s:.0f} s"
    return f"{refusal.scope} is over its {refusal.reason or 'budget'} for {refusal.wait_s:.0f} s"


def _suspension_words(refusals: list[Refused]) -> str:
    words = {refusal.scope: f"{refusal.scope} ({refusal.reason})" for refusal in refusals}
    return "Every route is suspended: " + ", ".join(words.values())
