"""The one way out to models: admitted by budget and breaker, called, and booked. One gateway serves one event loop."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from providers.llm.clients import open_client
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Client, Completion, CompletionRequest, Endpoint, Usage
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, StoreUnavailable
from providers.routing.breaker import PROBE_LEASE_S
from providers.routing.route import Route
from providers.routing.stores import Store
from providers.routing.verdicts import PROVIDER_OUTAGE, VERDICTS, Scope, Verdict

logger = logging.getLogger(__name__)

PROBE_LEASE_SLACK_S = 30.0
RETRY_AFTER_DEFAULT_S = 10.0
EXPECTED_ANSWER_TOKENS = 1200
CHARS_PER_TOKEN = 4
SUSPENSION_KNOWN_S = 0.4
MAY_HAVE_BEEN_COUNTED = frozenset({ErrorKind.TIMEOUT, ErrorKind.CONNECTION})
NEWS_WEIGHT = 0.2  # of the newest answer in the running mean of a route's answer lengths


@dataclass(slots=True)
class Gateway:
    """Holds the clients, what it learned of the routes' answers, and for a moment what is known to be suspended."""

    store: Store
    client_factory: Callable[[Endpoint], Client] = open_client
    clock: Callable[[], float] = time.monotonic
    calls_in_flight: int = 0
    _suspended: dict[str, tuple[float, Refused]] = field(default_factory=dict)
    _clients: dict[Endpoint, Client] = field(default_factory=dict)
    _answer_tokens: dict[str, float] = field(default_factory=dict)

    async def admit(self, route: Route, request: CompletionRequest) -> Admitted | Refused:
        """Ask breakers, holds and budgets for one call; raises StoreUnavailable.

        That a route is suspended holds for all items for a moment: many that wait do not each ask Redis.
        """
        known_until, known = self._suspended.get(route.key, (0.0, None))
        if known is not None and self.clock() < known_until:
            return known
        lease_s = max(PROBE_LEASE_S, route.endpoint.timeout_s + PROBE_LEASE_SLACK_S)
        admission = Admission(route.scopes, route.buckets, self._estimate(route, request), lease_s)
        verdict = await self.store.admit(admission)
        if isinstance(verdict, Refused) and verdict.obstacle is Obstacle.SUSPENDED:
            self._suspended[route.key] = (self.clock() + min(verdict.wait_s, SUSPENSION_KNOWN_S), verdict)
        return verdict

    async def send(self, route: Route, admitted: Admitted, request: CompletionRequest) -> Completion:
        """Make the admitted call and book how it went; raises LLMError."""
        self.calls_in_flight += 1
        try:
            completion = await self._client(route.endpoint).complete(route.facts, request)
        except LLMError as error:
            await self._book(route, admitted, error.fault.usage, error.fault)
            raise
        except BaseException:  # cancelled, or a bug: the place of a probe must not stay taken
            await asyncio.shield(self._free_probes(route, admitted))
            raise
        finally:
            self.calls_in_flight -= 1
        self._learn(route, completion.usage)
        await self._book(route, admitted, completion.usage)
        return completion

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _client(self, endpoint: Endpoint) -> Client:
        if endpoint not in self._clients:
            self._clients[endpoint] = self.client_factory(endpoint)
        return self._clients[endpoint]

    def _estimate(self, route: Route, request: CompletionRequest) -> int:
        """Tokens that a call will probably use: its prompt, and what this route's answers took lately."""
        prompt = sum(len(message.content) for message in request.messages) // CHARS_PER_TOKEN
        return prompt + int(self._answer_tokens.get(route.key, EXPECTED_ANSWER_TOKENS))

    def _learn(self, route: Route, usage: Usage) -> None:
        mean = self._answer_tokens.get(route.key, usage.completion_tokens)
        self._answer_tokens[route.key] = (1 - NEWS_WEIGHT) * mean + NEWS_WEIGHT * usage.completion_tokens

    async def _book(self, route: Route, admitted: Admitted, usage: Usage | None, fault: Fault | None = None) -> None:
        """Settle the budget and tell the breakers.

        The estimate stands where the vendor may have counted what we cannot know, and where the store is away.
        """
        try:
            if usage is not None or fault is None or fault.kind not in MAY_HAVE_BEEN_COUNTED:
                await self.store.settle(admitted.reservation, usage.total_tokens if usage else 0)
            if fault is None or VERDICTS[fault.kind].blames_item:
                await self.store.succeed(route.scopes)
            else:
                await self._punish(route, fault, admitted.probes)
            if admitted.probes:
                await self.store.free_probes(admitted.reservation)
        except StoreUnavailable:
            logger.warning("Redis is away: a call to %s was not booked, its reservation stands.", route.key)

    async def _free_probes(self, route: Route, admitted: Admitted) -> None:
        try:
            if admitted.probes:
                await self.store.free_probes(admitted.reservation)
        except StoreUnavailable:
            logger.warning("Redis is away: the probe of %s ends with its lease.", route.key)

    async def _punish(self, route: Route, fault: Fault, probes: tuple[str, ...]) -> None:
        """Count a fault where its verdict says, and hold what the vendor asked to wait."""
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
