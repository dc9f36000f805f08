"""The one way out to models: admitted by budget and breaker, called, and booked. One gateway serves one event loop."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from providers.line import Line
from providers.llm.clients import open_client
from providers.llm.errors import LLMError
from providers.llm.types import Client, Completion, CompletionRequest, Endpoint
from providers.restoring import restore
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, StoreLost, StoreUnavailable
from providers.routing.breaker import PROBE_LEASE_S
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.estimates import Estimates
from providers.routing.report import Report
from providers.routing.reporting import fault_report, good_report
from providers.routing.route import Route
from providers.routing.stores import Store

logger = logging.getLogger(__name__)

LEASE_SLACK_S = 30.0


@dataclass(slots=True)
class Gateway:
    """Holds the clients, the lines of those who wait, and what it learned of the routes' answers.

    ``restore_store`` fills a shared store that has lost its data; it raises StoreUnavailable where it cannot.
    """

    store: Store
    client_factory: Callable[[Endpoint], Client] = open_client
    restore_store: Callable[[Store], Awaitable[None]] = restore
    estimates: Estimates = field(default_factory=Estimates)
    calls_in_flight: int = 0
    _lines: dict[str, Line] = field(default_factory=dict)
    _clients: dict[Endpoint, Client] = field(default_factory=dict)
    _restored: int = 0
    _restoring: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def admit(
        self,
        route: Route,
        request: CompletionRequest,
        *,
        label: str = "",
        patience_s: float = 0.0,
        is_test: bool = False,
    ) -> Admitted | Refused | None:
        """Wait up to ``patience_s`` for one call to be let out by breakers, holds, places and budgets.

        None where the way has changed meanwhile (``disperse``). ``is_test`` goes past breakers and holds.
        Raises StoreUnavailable.
        """
        admission = Admission(
            route.scopes,
            route.buckets,
            self.estimates.tokens(route.key, label, request),
            max(PROBE_LEASE_S, route.endpoint.timeout_s + LEASE_SLACK_S),
            (route.provider.max_concurrency, None),
            route.version,
            is_test,
        )
        return await self._line(route.key).enter(admission, patience_s)

    async def send(
        self, route: Route, admitted: Admitted, request: CompletionRequest, *, label: str = ""
    ) -> Completion:
        """Make the admitted call and book how it went; raises LLMError."""
        admitted_at = time.monotonic()
        self.calls_in_flight += 1
        report = Report(is_silent=True)  # cancelled, or a bug: its places must not stay taken
        try:
            if admitted.delay_s:
                await asyncio.sleep(admitted.delay_s)
            left_at = time.monotonic()
            lag_s = max(0.0, left_at - admitted_at - admitted.delay_s)
            try:
                completion = await self._client(route.endpoint).complete(route.facts, request)
            except LLMError as error:
                latency_s = time.monotonic() - left_at
                is_test = admitted.reservation.is_test
                report = fault_report(route, error.fault, lag_s=lag_s, latency_s=latency_s, is_test=is_test)
                raise
            report = good_report(completion, lag_s=lag_s, latency_s=time.monotonic() - left_at)
            self.estimates.learn(route.key, label, request, completion.usage)
            return completion
        finally:
            self.calls_in_flight -= 1
            await asyncio.shield(self._book(route, admitted, report))

    def waiting(self) -> Counter[str]:
        """How many items wait in line, by the words for what they wait for."""
        waits = Counter[str]()
        for line in self._lines.values():
            if line.refusal is not None:
                waits[words(line.refusal)] += len(line)
        return waits

    async def list_models(
        self, provider: ProviderEntry, version: int, *, patience_s: float = 0.0
    ) -> tuple[str, ...] | Refused:
        """The ids of the models that the vendor offers; one request of the provider's own budgets.

        It goes past breakers and holds, and says nothing of them: many vendors tell this to anybody.
        Raises LLMError and StoreUnavailable.
        """
        route = Route(provider, ModelEntry(""), version)
        own = tuple(bucket for bucket in route.buckets if bucket.key == provider.id)
        scope, ceiling = (provider.id,), (provider.max_concurrency,)
        lease_s = route.endpoint.timeout_s + LEASE_SLACK_S
        admission = Admission(scope, own, 0, lease_s, ceiling, version, is_test=True)
        verdict = await self._line(provider.id).enter(admission, patience_s)
        if not isinstance(verdict, Admitted):
            return verdict or Refused(0.0, Obstacle.BUSY, provider.id)
        try:
            await asyncio.sleep(verdict.delay_s)
            return await self._client(route.endpoint).list_models()
        finally:
            await asyncio.shield(self._book(route, verdict, Report(tokens=0, is_silent=True)))

    def disperse(self) -> None:
        """The configuration has changed, or nothing may start any more: all who wait in line look anew."""
        for line in self._lines.values():
            line.disperse()

    async def aclose(self) -> None:
        for line in self._lines.values():
            await line.aclose()
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _line(self, route_key: str) -> Line:
        if route_key not in self._lines:
            self._lines[route_key] = Line(self.store, self._restore)
        return self._lines[route_key]

    def _client(self, endpoint: Endpoint) -> Client:
        if endpoint not in self._clients:
            self._clients[endpoint] = self.client_factory(endpoint)
        return self._clients[endpoint]

    async def _restore(self) -> None:
        """Once for all who find the store empty at the same time."""
        restored = self._restored
        async with self._restoring:
            if self._restored == restored:
                await self.restore_store(self.store)
                self._restored += 1

    async def _book(self, route: Route, admitted: Admitted, report: Report) -> None:
        try:
            try:
                await self.store.book(admitted.reservation, report)
            except StoreLost:  # the call may be in no ledger yet, and counts all the same
                await self._restore()
                await self.store.book(admitted.reservation, report)
        except StoreUnavailable:
            logger.warning("Redis is away: a call to %s was not booked, its reservation stands.", route.key)
        for key, line in self._lines.items():
            if key.startswith(f"{route.provider.id}/"):
                line.tell()


def words(refusal: Refused) -> str:
    """What a refusal means, for people."""
    match refusal.obstacle:
        case Obstacle.SUSPENDED:
            return refusal.reason
        case Obstacle.HELD:
            return f"{refusal.scope} asked to wait {refusal.wait_s:.0f} s: {refusal.reason}"
        case Obstacle.BUSY:
            return f"{refusal.scope} has as many calls in flight as it may ({refusal.reason})"
    return f"{refusal.scope} is at its {refusal.reason} for {refusal.wait_s:.0f} s"
