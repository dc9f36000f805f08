"""Places of calls under way are renewed, and those of a process that died are not."""

import asyncio

from providers.calling.gateway import Gateway
from providers.calling.leases import Leases
from providers.routing.admission import Admitted, StoreUnavailable
from providers.routing.limits.budget import Reservation
from providers.tests.calling.waiting_client import ASKED, ROUTE, WaitingClient
from providers.tests.oracle.store import MemoryStore

WAIT_S = 20


class RecordingStore(MemoryStore):
    """Away for its first ``refusals`` renewals; what it renewed after those is a list of ids."""

    def __init__(self, refusals: int = 0) -> None:
        super().__init__(lambda: 1000.0)
        self.refusals = refusals
        self.renewed: asyncio.Queue[list[str]] = asyncio.Queue()

    async def renew(self, reservations):
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailable("away")
        self.renewed.put_nowait([reservation.id for reservation in reservations])


def run(scenario):
    asyncio.run(asyncio.wait_for(scenario, WAIT_S))


def test_a_call_is_renewed_again_and_again_until_it_is_back():
    async def main():
        store = RecordingStore()
        await store.restore((), 0)
        may_answer = asyncio.Event()
        gateway = Gateway(store, client_factory=lambda endpoint: WaitingClient(may_answer))
        gateway.leases = Leases(store, renew_s=0.01)
        admitted = await gateway.admit(ROUTE, ASKED)
        assert isinstance(admitted, Admitted)
        call = asyncio.create_task(gateway.send(ROUTE, admitted, ASKED))
        for _ in range(3):
            assert await store.renewed.get() == [admitted.reservation.id]
        may_answer.set()
        await call
        await gateway.aclose()
        assert (await store.states(["a"]))["a"].in_flight == 0

    run(main())


def test_a_store_that_was_away_is_told_again(monkeypatch):
    monkeypatch.setattr("providers.calling.leases.RETRY_S", 0.01)

    async def main():
        store = RecordingStore(refusals=2)
        leases = Leases(store, renew_s=0.01)
        with leases.hold(Reservation("one")):
            assert await store.renewed.get() == ["one"]
        await leases.aclose()

    run(main())
