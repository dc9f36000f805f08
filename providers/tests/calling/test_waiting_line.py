"""The line of items for one route, over a store that answers as it is told."""

import asyncio
from collections import deque
from dataclasses import replace

import pytest

from providers.calling.waiting_line import LONGEST_LOOK_S, WaitingLine
from providers.routing.admission import Admission, Admitted, Obstacle, Refused, StoreLost, StoreUnavailable
from providers.routing.limits.budget import Reservation
from providers.routing.limits.urgency import ASKED_AGAIN_S, Urgency
from providers.tests.calling.virtual_time import TravellingLoop

FULL = Refused(0.05, Obstacle.OVER_BUDGET, "a")
FULL_FOR_LONG = Refused(40, Obstacle.OVER_BUDGET, "a")
BUSY = Refused(5, Obstacle.BUSY, "a", allowed=4)
SUSPENDED_FOR_LONG = Refused(30, Obstacle.SUSPENDED, "a", "503")
SUSPENDED = Refused(0.01, Obstacle.SUSPENDED, "a", "503")


class ScriptedStore:
    """Answers in this order, and admits whoever asks after that."""

    def __init__(self, *answers):
        self.answers = deque(answers)
        self.asked = []
        self.patiences_s = []
        self.released = []

    async def admit(self, admission):
        self.asked.append(admission.id)
        self.patiences_s.append(admission.patience_s)
        await asyncio.sleep(0)
        answer = self.answers.popleft() if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer or Admitted(Reservation(admission.id))

    async def release(self, reservation):
        self.released.append(reservation.id)


async def no_restore():
    raise AssertionError("nothing was lost")


def run(scenario, *answers, restore=no_restore):
    store = ScriptedStore(*answers)

    async def main():
        return await asyncio.wait_for(scenario(WaitingLine(store, restore)), 5)  # type: ignore[arg-type]  # two methods of a Store

    return store, asyncio.run(main())


def travel(scenario, *answers):
    """As ``run``, where waits cost no time."""
    store, loop = ScriptedStore(*answers), TravellingLoop()
    try:
        line = WaitingLine(store, no_restore, loop.time)  # type: ignore[arg-type]  # two methods of a Store
        return store, loop.run_until_complete(scenario(line))
    finally:
        loop.close()


def call(name="x"):
    return Admission((), (), id=name)


def test_a_short_wait_is_stood_out_in_line():
    _, decision = run(lambda line: line.enter(call(), 1.0), FULL)
    assert isinstance(decision, Admitted)


def test_a_wait_longer_than_the_patience_is_refused_at_once():
    _, decision = run(lambda line: line.enter(call(), 3.0), FULL_FOR_LONG)
    assert decision is FULL_FOR_LONG


def test_what_is_known_to_be_refused_is_not_asked_again():
    async def scenario(line):
        await line.enter(call("first"), 0)
        return await line.enter(call("second"), 3.0)

    store, decision = run(scenario, FULL_FOR_LONG)
    assert (decision.obstacle, store.asked) == (Obstacle.OVER_BUDGET, ["first"])
    assert 39 < decision.wait_s <= 40


def test_those_in_line_are_served_in_the_order_in_which_they_came():
    async def scenario(line):
        names = [f"item-{number}" for number in range(40)]
        decisions = await asyncio.gather(*(line.enter(call(name), 1.0) for name in names))
        return names, [decision.reservation.id for decision in decisions]

    store, (names, admitted) = run(scenario)
    assert admitted == names
    assert store.asked == names


def test_nobody_waits_out_a_suspension_however_short():
    _, decision = run(lambda line: line.enter(call(), 60.0), SUSPENDED)
    assert decision is SUSPENDED


def test_a_suspension_is_believed_for_a_moment_and_told_with_its_whole_wait():
    async def scenario(line):
        await line.enter(call("first"), 3.0)
        return await line.enter(call("second"), 3.0)

    store, decision = run(scenario, SUSPENDED_FOR_LONG)
    assert (decision, store.asked) == (SUSPENDED_FOR_LONG, ["first"])


def test_a_call_that_comes_back_lets_the_line_ask_sooner():
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(call(), 10.0))
        await asyncio.sleep(0.05)
        line.tell()
        return await asyncio.wait_for(waiting, 1)

    _, decision = run(scenario, BUSY)
    assert isinstance(decision, Admitted)


def test_a_change_sends_everybody_to_look_anew():
    async def scenario(line):
        waiting = [asyncio.create_task(line.enter(call(), 60.0)) for _ in range(3)]
        await asyncio.sleep(0.05)
        line.disperse()
        return await asyncio.gather(*waiting)

    _, decisions = run(scenario, *[FULL_FOR_LONG] * 3)
    assert decisions == [None] * 3


def test_an_item_that_is_cancelled_while_it_is_admitted_gives_back_what_it_got():
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(call("gone"), 60.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.sleep(0.05)

    store, _ = run(scenario)
    assert store.released == store.asked == ["gone"]


def test_a_store_that_is_away_is_told_to_everybody_in_line():
    async def scenario(line):
        return await asyncio.gather(*(line.enter(call(), 9) for _ in range(3)), return_exceptions=True)

    _, errors = run(scenario, *[StoreUnavailable("away") for _ in range(3)])
    assert [type(error) for error in errors] == [StoreUnavailable] * 3


def test_what_was_let_out_is_kept_where_the_store_goes_away_for_the_others():
    async def scenario(line):
        return await asyncio.gather(*(line.enter(call(), 9) for _ in range(2)), return_exceptions=True)

    _, (first, second) = run(scenario, None, StoreUnavailable("away"))
    assert isinstance(first, Admitted)
    assert isinstance(second, StoreUnavailable)


def test_a_store_that_has_lost_its_data_is_restored_and_asked_again():
    restored = []

    async def restore():
        restored.append(True)

    _, decision = run(lambda line: line.enter(call(), 0), StoreLost(), restore=restore)
    assert isinstance(decision, Admitted)
    assert restored == [True]


def test_what_those_in_line_wait_for_is_known():
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(call(), 60.0))
        await asyncio.sleep(0.05)
        known = (len(line), line.refused)
        line.disperse()
        await waiting
        return known, line.refused

    _, answer = run(scenario, FULL_FOR_LONG)
    assert answer == ((1, FULL_FOR_LONG), None)


def test_a_line_that_is_closed_while_it_asks_gives_back_what_is_let_out_to_nobody():
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(call("late"), 60.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await line.aclose()
        return await waiting

    store, decision = run(scenario)
    assert (decision, store.released) == (None, ["late"])


@pytest.mark.parametrize(
    ("urgency", "party", "times"),
    [(Urgency.LOW, "", 1), (Urgency.LOW, "7", 4), (Urgency.NORMAL, "", 4), (Urgency.URGENT, "", 4)],
)
def test_who_may_go_before_others_keeps_asking_while_it_waits_for_room(urgency, party, times):
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(replace(call("x"), urgency=urgency, party=party), 60.0))
        await asyncio.sleep(3.2 * ASKED_AGAIN_S)
        line.disperse()
        await waiting

    store, _ = travel(scenario, *[FULL_FOR_LONG] * 9)
    assert len(store.asked) == times


@pytest.mark.parametrize("obstacle", [Obstacle.BUSY, Obstacle.OUTRANKED, Obstacle.OVER_SHARE])
def test_who_looks_for_a_place_in_vain_looks_less_often(obstacle):
    async def scenario(line):
        started = asyncio.get_running_loop().time()
        await line.enter(call("x"), 60.0)
        return asyncio.get_running_loop().time() - started

    store, took_s = travel(scenario, *[Refused(0.05, obstacle, "a")] * 6)
    assert took_s == pytest.approx(0.05 + 0.1 + 0.2 + 0.4 + 2 * LONGEST_LOOK_S, abs=0.01)
    assert len(store.asked) == 7


def test_who_looks_in_vain_for_hours_goes_on_looking():
    store, _ = travel(lambda line: line.enter(call("x"), 1e9), *[Refused(0.05, Obstacle.BUSY, "a")] * 5000)
    assert len(store.asked) == 5001


def test_who_waits_in_line_says_how_long_it_still_will():
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(call("x"), 60.0))
        await asyncio.sleep(1.5 * ASKED_AGAIN_S)
        line.disperse()
        await waiting

    store, _ = travel(scenario, *[FULL_FOR_LONG] * 9)
    assert store.patiences_s == pytest.approx([60.0, 60.0 - ASKED_AGAIN_S])


def test_nobody_keeps_asking_while_the_vendor_said_to_wait():
    async def scenario(line):
        waiting = asyncio.create_task(line.enter(replace(call("x"), urgency=Urgency.URGENT), 60.0))
        await asyncio.sleep(3.2 * ASKED_AGAIN_S)
        line.disperse()
        await waiting

    store, _ = travel(scenario, Refused(40, Obstacle.HELD, "a"))
    assert len(store.asked) == 1
