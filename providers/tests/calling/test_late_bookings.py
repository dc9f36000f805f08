"""A call that comes back while Redis is away gives its place back as soon as it can be told."""

import asyncio

import pytest

from providers.calling.gateway import Gateway
from providers.calling.late_bookings import LateBookings
from providers.routing.admission import Admitted, StoreUnavailable
from providers.routing.config import Limits, ModelEntry, ProviderEntry
from providers.routing.route import Route
from providers.tests.calling.waiting_client import ASKED, WaitingClient
from providers.tests.oracle.store import MemoryStore

WAIT_S = 20
ROUTE = Route(
    ProviderEntry("a", "A", "openai", "http://127.0.0.1", limits=Limits(requests_per_day=100), max_concurrency=1),
    ModelEntry("m"),
)


class LeavingStore(MemoryStore):
    """Away for its first ``refusals`` bookings."""

    def __init__(self, refusals):
        super().__init__(lambda: 1000.0)
        self.refusals = refusals

    async def book(self, reservation, report):
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailable("away")
        return await super().book(reservation, report)


def _gateway(store, retry_s):
    may_answer = asyncio.Event()
    may_answer.set()
    gateway = Gateway(store, client_factory=lambda endpoint: WaitingClient(may_answer))
    gateway.late_bookings = LateBookings(gateway._tell_store, retry_s=retry_s)
    return gateway


@pytest.mark.parametrize("refusals", [1, 3])
def test_who_waits_for_the_place_gets_it_once_the_store_is_back(refusals):
    async def main():
        store = LeavingStore(refusals)
        await store.restore((), 0)
        gateway = _gateway(store, 0.01)
        admitted = await gateway.admit(ROUTE, ASKED)
        assert isinstance(admitted, Admitted)
        assert await gateway.send(ROUTE, admitted, ASKED)
        assert (await store.states(["a"]))["a"].in_flight == 1
        assert isinstance(await gateway.admit(ROUTE, ASKED, patience_s=WAIT_S), Admitted)
        assert list((await store.look((), ROUTE.buckets))[1].values()) == [2]
        await gateway.aclose()

    asyncio.run(asyncio.wait_for(main(), WAIT_S))


def test_the_end_does_not_wait_for_a_store_that_stays_away():
    async def main():
        store = LeavingStore(2)
        await store.restore((), 0)
        gateway = _gateway(store, 3600)
        admitted = await gateway.admit(ROUTE, ASKED)
        assert isinstance(admitted, Admitted)
        await gateway.send(ROUTE, admitted, ASKED)
        await gateway.aclose()
        assert store.refusals == 1

    asyncio.run(asyncio.wait_for(main(), WAIT_S))
