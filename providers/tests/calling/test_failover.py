"""One item's way, cut off at any moment: what came back is kept."""

import asyncio

import pytest

from providers.calling.failover import Failover
from providers.calling.gateway import Gateway
from providers.llm.errors import ErrorKind
from providers.routing.outcomes import Answer, Stopped
from providers.tests.calling.waiting_client import ASKED, ROUTE, WaitingClient
from providers.tests.oracle.store import MemoryStore

ROUTES = (ROUTE,)


class SlowToBook(MemoryStore):
    """Books once it may; events tell when it should, and when it did."""

    def __init__(self):
        super().__init__(lambda: 1000.0)
        self.is_asked, self.may_book, self.has_booked = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def book(self, reservation, report):
        self.is_asked.set()
        await self.may_book.wait()
        await super().book(reservation, report)
        self.has_booked.set()


class Client(WaitingClient):
    def __init__(self):
        super().__init__(asyncio.Event())
        self.is_asked = asyncio.Event()

    async def complete(self, model, request):
        self.is_asked.set()
        return await super().complete(model, request)


async def walking(*, has_answered):
    """An item on its way, its store, and the task that asks for it, cut off once its call is under way."""
    store, client = SlowToBook(), Client()
    await store.restore((), 0)
    gateway = Gateway(store, client_factory=lambda endpoint: client)
    failover = Failover(gateway, lambda: ROUTES, budget=6)
    asking = asyncio.create_task(failover.complete(ASKED))
    if has_answered:
        client.may_answer.set()
    await (store if has_answered else client).is_asked.wait()
    asking.cancel()
    return failover, store, asking


def test_an_answer_that_waits_for_its_booking_when_it_is_cut_off_is_kept_and_booked():
    async def main():
        failover, store, asking = await walking(has_answered=True)
        answer = await asking
        store.may_book.set()
        await store.has_booked.wait()
        return failover, answer

    failover, answer = asyncio.run(main())
    assert isinstance(answer, Answer)
    assert answer.completion.text == "good"
    assert [call.kind for call in failover.calls] == [None]


def test_where_that_answer_is_no_good_nothing_is_asked_any_more():
    async def main():
        failover, store, asking = await walking(has_answered=True)
        store.may_book.set()
        failover.reject(await asking, ("too short",), {})
        return failover, await failover.complete(ASKED)

    failover, outcome = asyncio.run(main())
    assert isinstance(outcome, Stopped)
    assert [call.kind for call in failover.calls] == [ErrorKind.BAD_OUTPUT]


def test_a_call_without_an_answer_is_cut_off():
    async def main():
        failover, store, asking = await walking(has_answered=False)
        store.may_book.set()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return failover

    assert [call.kind for call in asyncio.run(main()).calls] == [ErrorKind.CONNECTION]
