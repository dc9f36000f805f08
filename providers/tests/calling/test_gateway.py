"""What the gateway tells and books when a call is back, over the oracle."""

import asyncio

from providers.calling.gateway import Gateway
from providers.routing.admission import Admitted
from providers.tests.calling.waiting_client import ASKED, ROUTE, WaitingClient
from providers.tests.oracle.store import MemoryStore


def test_calls_in_flight_while_the_store_loses_its_data_count_and_restore_it_once():
    restored = []

    async def restore(store):
        restored.append(True)
        await asyncio.sleep(0)
        await store.restore((), 0)

    async def main():
        store, lost = MemoryStore(lambda: 1000.0), asyncio.Event()
        await store.restore((), 0)
        gateway = Gateway(store, client_factory=lambda endpoint: WaitingClient(lost), restore_store=restore)
        decisions = [await gateway.admit(ROUTE, ASKED) for _ in range(4)]
        admitted = [decision for decision in decisions if isinstance(decision, Admitted)]
        calls = [asyncio.create_task(gateway.send(ROUTE, each, ASKED)) for each in admitted]
        await asyncio.sleep(0)
        await store.lose()
        lost.set()
        await asyncio.gather(*calls)
        return (await store.look((), ROUTE.buckets))[1]

    assert list(asyncio.run(main()).values()) == [4]
    assert restored == [True]


def test_what_came_back_is_told_while_the_call_still_has_its_place():
    told = []

    async def main():
        store, may_answer = MemoryStore(lambda: 1000.0), asyncio.Event()
        await store.restore((), 0)
        may_answer.set()
        gateway = Gateway(store, client_factory=lambda endpoint: WaitingClient(may_answer))
        admitted = await gateway.admit(ROUTE, ASKED)
        assert isinstance(admitted, Admitted)
        places = store._places
        told_of = lambda outcome: told.append((outcome.text, places.in_flight(ROUTE.key)))  # noqa: E731
        completion = await gateway.send(ROUTE, admitted, ASKED, arrived=told_of)
        return [(completion.text, 1)], places.in_flight(ROUTE.key)

    expected, left = asyncio.run(main())
    assert (told, left) == (expected, 0)
