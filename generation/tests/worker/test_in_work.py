"""The items that a lane has in work, on an event loop and without a database."""

import asyncio

import pytest

from generation.models import Item
from generation.worker.lane.in_work import READY, ItemsInWork, room, share
from generation.worker.results.saving import Result


@pytest.mark.parametrize(("in_flight", "items"), [(0, READY), (4, 4 + READY), (100, 200), (290, 300), (300, 300)])
def test_items_in_work_follow_the_calls_under_way_up_to_the_ceiling(in_flight, items):
    assert room(in_flight, 300) == items


def test_a_ceiling_below_what_would_be_ready_holds():
    assert room(0, 2) == 2


@pytest.mark.parametrize(("open_items", "lanes", "items"), [(300, 1, 300), (300, 2, 150), (5, 2, 3), (0, 2, 0)])
def test_a_lane_holds_its_share_of_the_batch(open_items, lanes, items):
    assert share(open_items, lanes) == items


class Rig:
    """They come from a store of so many items, whose work ends when the test says so."""

    def __init__(self, stored, *, size=2, fails_after=None):
        self.stored, self.fails_after = list(range(1, stored + 1)), fails_after
        self.begun: dict[int, asyncio.Event] = {}
        self.done: list[Result] = []
        self.claims: list[int] = []
        self.size = size
        self.in_work = ItemsInWork(
            lambda: self.size, 1, stored, claim=self.claim, work=self.work, deliver=self.done.append
        )

    async def claim(self, limit):
        self.claims.append(limit)
        if self.fails_after is not None and len(self.claims) > self.fails_after:
            raise LookupError("a bug")
        taken, self.stored = self.stored[:limit], self.stored[limit:]
        return [Item(pk=pk, number=pk) for pk in taken]

    async def work(self, item):
        self.begun[item.pk] = asyncio.Event()
        await self.begun[item.pk].wait()
        return Result(item, (), 0)

    async def settle(self):
        for _ in range(10):
            await asyncio.sleep(0)


def test_what_ends_is_followed_by_the_next_item_of_the_backlog_without_a_claim():
    async def scenario():
        rig = Rig(40)
        rig.in_work.fill()
        await rig.settle()
        claimed = len(rig.claims)
        rig.begun[1].set()
        await rig.settle()
        return list(rig.begun), len(rig.claims) - claimed

    assert asyncio.run(scenario()) == ([1, 2, 3], 0)


def test_where_more_may_be_in_work_now_they_are_begun_at_the_next_look():
    async def scenario():
        rig = Rig(40)
        rig.in_work.fill()
        await rig.settle()
        rig.size = 4
        rig.in_work.fill()
        await rig.settle()
        return list(rig.begun)

    assert asyncio.run(scenario()) == [1, 2, 3, 4]


def test_no_lane_takes_what_the_others_could_do():
    async def scenario():
        rig = Rig(40, size=100)
        rig.in_work.lanes = 4
        rig.in_work.fill()
        await rig.settle()
        return len(rig.begun) + len(rig.in_work.backlog)

    assert asyncio.run(scenario()) == 10


def test_a_lane_lets_go_what_others_could_begin_and_keeps_what_it_has_begun():
    async def scenario():
        rig = Rig(40)
        rig.in_work.fill()
        await rig.settle()
        rig.in_work.lanes = 4
        let_go = rig.in_work.let_go()
        return let_go, len(rig.in_work.held), rig.in_work.let_go()

    let_go, held, more = asyncio.run(scenario())
    assert (let_go, held, more) == (list(range(40, 10, -1)), 10, [])


def test_a_lane_with_no_more_than_its_share_lets_nothing_go():
    async def scenario():
        rig = Rig(40, size=20)
        rig.in_work.lanes = 2
        rig.in_work.fill()
        await rig.settle()
        return rig.in_work.let_go()

    assert asyncio.run(scenario()) == []


def test_everything_is_done_once_and_then_the_lane_is_idle():
    async def scenario():
        rig = Rig(60, size=5)
        rig.in_work.fill()
        while not await rig.in_work.until_idle(0.01):
            for event in rig.begun.values():
                event.set()
        return [result.item.pk for result in rig.done]

    assert sorted(asyncio.run(scenario())) == list(range(1, 61))


def test_once_shut_nothing_begins_and_what_was_begun_is_delivered():
    async def scenario():
        rig = Rig(10)
        rig.in_work.fill()
        await rig.settle()
        rig.in_work.shut()
        held = rig.in_work.held
        for event in rig.begun.values():
            event.set()
        await rig.settle()
        return held, sorted(result.item.pk for result in rig.done), await rig.in_work.until_idle(1)

    assert asyncio.run(scenario()) == ({1, 2}, [1, 2], True)


def test_what_breaks_a_claim_does_not_touch_what_is_in_work():
    async def scenario():
        rig = Rig(4, fails_after=1)
        rig.in_work.open_items = 2
        rig.in_work.fill()
        await rig.settle()
        rig.begun[1].set()
        await rig.settle()
        rig.begun[2].set()
        await rig.settle()
        return type(rig.in_work.error), sorted(result.item.pk for result in rig.done), await rig.in_work.until_idle(1)

    assert asyncio.run(scenario()) == (LookupError, [1, 2], True)
