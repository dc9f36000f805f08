"""The one way out to models: admitted by budget and breaker, called, and booked. One gateway serves one event loop."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from providers.calling import shared_store
from providers.calling.adapting import Adapting
from providers.calling.late_bookings import LateBookings
from providers.calling.leases import Leases
from providers.calling.rebuilding import restore
from providers.calling.store.protocol import Store
from providers.calling.told_limits import ToldLimits
from providers.calling.waiting_line import WaitingLine
from providers.llm.clients import open_client
from providers.llm.errors import Fault, LLMError, RefusedParameterError
from providers.llm.http import departure
from providers.llm.types import Client, Completion, CompletionRequest, Endpoint, ModelFacts
from providers.routing.admission import Admitted, Obstacle, Refused, StoreLost, StoreUnavailable
from providers.routing.config import ProviderEntry
from providers.routing.estimates import Estimates
from providers.routing.explaining.words import obstacle_words
from providers.routing.limits.amounts import NOTHING
from providers.routing.limits.budget import Reservation
from providers.routing.limits.urgency import Urgency
from providers.routing.policy import Waiting
from providers.routing.report import Report, Suspicion
from providers.routing.reporting import fault_report, good_report
from providers.routing.route import Route, endpoint_of, shared_admission

logger = logging.getLogger(__name__)


def unheard(_outcome: Completion | Fault) -> None:
    """Where nobody waits to be told what came back."""


class FailedCallError(LLMError):
    """``suspicion``: whether the failure seems to be that of what was asked rather than the route's."""

    def __init__(self, fault: Fault, suspicion: Suspicion) -> None:
        super().__init__(fault)
        self.suspicion = suspicion


@dataclass(slots=True)
class Gateway:
    """Holds the clients, the lines of those who wait, and what it learned of the routes: answers, refused parameters,
    limits.

    ``restore_store`` fills a shared store that has lost its data; it raises StoreUnavailable where it cannot.
    ``urgency`` is asked for each call; those who stand in line keep theirs until they look anew (``disperse``).
    ``party`` is the batch that it calls for, if any: batches share evenly what they wait for.
    ``clock`` gives seconds, as time.monotonic does.
    """

    store: Store
    client_factory: Callable[[Endpoint], Client] = open_client
    restore_store: Callable[[Store], Awaitable[None]] = restore
    urgency: Callable[[], Urgency] = lambda: Urgency.NORMAL
    party: str = ""
    clock: Callable[[], float] = time.monotonic
    estimates: Estimates = field(default_factory=Estimates)
    adapting: Adapting = field(default_factory=Adapting)
    told_limits: ToldLimits = field(default_factory=ToldLimits)
    leases: Leases = field(init=False)
    late_bookings: LateBookings = field(init=False)
    calls_in_flight: int = 0
    _lines: dict[str, WaitingLine] = field(default_factory=dict)
    _clients: dict[Endpoint, Client] = field(default_factory=dict)
    _restored: int = 0
    _restoring: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.leases = Leases(self.store)
        self.late_bookings = LateBookings(self._tell_store)

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

        None where the way has changed since (``disperse``). ``is_test`` goes past breakers and holds.
        Raises StoreUnavailable.
        """
        usage = self.estimates.usage(route.key, label, request)
        admission = route.admission(usage, is_test=is_test, urgency=self.urgency(), party=self.party)
        return await self._line(route.key).enter(admission, patience_s)

    async def admit_as_last_resort(
        self, route: Route, request: CompletionRequest, *, label: str = ""
    ) -> Admitted | Refused:
        """Ask at once for a probe of a route that is suspended for an outage, before its time.

        Raises StoreUnavailable.
        """
        usage = self.estimates.usage(route.key, label, request)
        admission = route.admission(usage, is_last_resort=True, urgency=self.urgency(), party=self.party)
        admission = replace(admission, patience_s=0.0)
        try:
            return await self.store.admit(admission)
        except StoreLost:
            await self._restore()
            return await self.store.admit(admission)

    async def send(
        self,
        route: Route,
        admitted: Admitted,
        request: CompletionRequest,
        *,
        label: str = "",
        item: str = "",
        arrived: Callable[[Completion | Fault], None] = unheard,
    ) -> Completion:
        """Make the admitted call for the item and book how it went; raises FailedCallError.

        ``arrived`` is told what came back before anything else is done with it, so before the call's places are free.
        RefusedParameterError: the same request would go out in another form now.
        """
        admitted_at = self.clock()
        self.calls_in_flight += 1
        report = Report(is_silent=True)  # cancelled, or a bug: its places must not stay taken
        facts, is_adapted = self.adapting.facts(route), False
        try:
            if admitted.delay_s:
                await asyncio.sleep(admitted.delay_s)
            left = departure.watch(self.clock)
            begun_at = left.at
            outcome = await self._call(route.endpoint, admitted.reservation, facts, request)
            arrived(outcome)
            latency_s = self.clock() - begun_at
            lag_s = max(0.0, left.at - admitted_at - admitted.delay_s)
            self.told_limits.hear(route, outcome.limits)
            if isinstance(outcome, Completion):
                report = good_report(route, outcome, lag_s=lag_s, latency_s=latency_s)
                self.estimates.learn(route.key, label, request, outcome.usage)
                self.adapting.answered(route, facts)
            elif is_adapted := self.adapting.refused(route, facts, request, outcome):
                report = Report(NOTHING, lag_s=lag_s, latency_s=latency_s, vendor=outcome.limits, is_silent=True)
            else:
                spans = {"lag_s": lag_s, "latency_s": latency_s, "at_s": time.time()}
                report = fault_report(route, outcome, **spans, item=item, is_test=admitted.reservation.is_test)
        finally:
            self.calls_in_flight -= 1
            suspicion = await asyncio.shield(self._book(route.key, admitted, report))
        if isinstance(outcome, Fault):
            raise RefusedParameterError(outcome) if is_adapted else FailedCallError(outcome, suspicion)
        return outcome

    def waiting(self) -> list[Waiting]:
        """Who waits in line, and for what."""
        lines = self._lines.values()
        return [
            Waiting(obstacle_words(line.refused), line.since, len(line)) for line in lines if line.refused is not None
        ]

    async def list_models(
        self, provider: ProviderEntry, version: int, *, patience_s: float = 0.0
    ) -> tuple[str, ...] | Refused:
        """The ids of the models that the vendor offers; one request of the provider's own budgets.

        It goes past breakers and holds, and says nothing of them: many vendors tell this to anybody.
        Raises LLMError and StoreUnavailable.
        """
        decision = await self._line(provider.id).enter(shared_admission(provider, version), patience_s)
        if not isinstance(decision, Admitted):
            return decision or Refused(0.0, Obstacle.OUTDATED, provider.id)
        try:
            await asyncio.sleep(decision.delay_s)
            with self.leases.hold(decision.reservation):
                return await self._client(endpoint_of(provider)).list_models()
        finally:
            await asyncio.shield(self._book(provider.id, decision, Report(NOTHING, is_silent=True)))

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
        await self.leases.aclose()
        await self.late_bookings.aclose()

    async def _call(
        self, endpoint: Endpoint, reservation: Reservation, facts: ModelFacts, request: CompletionRequest
    ) -> Completion | Fault:
        try:
            with self.leases.hold(reservation):
                return await self._client(endpoint).complete(facts, request)
        except LLMError as error:
            return error.fault

    def _line(self, route_key: str) -> WaitingLine:
        if route_key not in self._lines:
            self._lines[route_key] = WaitingLine(self.store, self._restore, self.clock)
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

    async def _book(self, callee: str, admitted: Admitted, report: Report) -> Suspicion:
        try:
            return await self._tell_store(admitted.reservation, report)
        except StoreUnavailable:
            logger.warning("Redis is away: a call to %s will be booked when it is back.", callee)
            self.late_bookings.add(admitted.reservation, report)
            return Suspicion.NONE

    async def _tell_store(self, reservation: Reservation, report: Report) -> Suspicion:
        """Book it, and tell the lines of its provider that there may be room. Raises StoreUnavailable."""
        try:
            suspicion = await self.store.book(reservation, report)
        except StoreLost:  # the call may be in no ledger yet, and counts all the same
            await self._restore()
            suspicion = await self.store.book(reservation, report)
        for key, line in self._lines.items():
            if key.partition("/")[0] == reservation.scopes[0]:
                line.tell()
        return suspicion


@asynccontextmanager
async def open_gateway() -> AsyncIterator[Gateway]:
    """One over the shared store, bound to the running event loop."""
    async with shared_store.open_store() as store:
        gateway = Gateway(store)
        try:
            yield gateway
        finally:
            await gateway.aclose()
