"""Batches of one urgency that wait for the same room are given as many calls each, over both stores."""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from providers.routing.admission import Admission, Admitted, Obstacle, Refused
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import EVERYTHING, Bucket, Reservation
from providers.routing.limits.fairness import CREDIT, KNOWN_FOR_S, LEAD
from providers.routing.limits.urgency import ASKED_AGAIN_S, GIVE_WAY_MS, WAITS_FOR_S, Urgency
from providers.routing.limits.window import SECOND
from providers.tests.calling.store.store_rig import MODEL, SPAN_S, Rig, on_both

MANY = 100
ONE = (1, None)
CALL_S = 2.03
A, B, C = "a", "b", "c"


@dataclass
class Room:
    """A place that comes free as soon as it is taken."""

    rig: Rig
    given: Counter[str] = field(default_factory=Counter)

    async def close(self) -> None:
        """From now on one call is in flight, so that others wait."""
        self.taken = (await self.rig.admit(ceilings=ONE)).reservation

    async def open(self) -> None:
        await self.rig.store.release(self.taken)

    async def ask(self, party: str, **facts: Any) -> Any:
        return await self.rig.admit(ceilings=ONE, party=party, call_id=f"{party}'s", **facts)

    async def give(self, party: str, **facts: Any) -> bool:
        """Whether it was let out; it is back at once."""
        answer = await self.ask(party, **facts)
        if isinstance(answer, Admitted):
            self.given[party] += 1
            await self.rig.store.release(answer.reservation)
        return isinstance(answer, Admitted)

    async def both_wait(self) -> None:
        await self.close()
        for party in (A, B):
            await self.ask(party)
        await self.open()


async def until_refused(room: Room, party: str) -> int:
    for calls in range(MANY):
        if not await room.give(party):
            return calls
    return MANY


@dataclass
class Crowd:
    """Batches that ask for two places: each whenever a call of its own is back, and else every so many seconds."""

    rig: Rig
    asks_every_s: Mapping[str, float]
    given: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=count)
    _due: list[tuple[float, int, str, Reservation | None]] = field(default_factory=list)

    async def share_out(self, minutes: float) -> None:
        ends = self.rig.clock.now_s + 60 * minutes
        for party in self.asks_every_s:
            self._at(self.rig.clock.now_s, party)
        while self._due[0][0] < ends:
            self.rig.clock.now_s, _, party, back = heapq.heappop(self._due)
            if back:
                await self.rig.store.release(back)
            else:
                self._at(self.rig.clock.now_s + self.asks_every_s[party], party)
            await self._ask(party)

    async def _ask(self, party: str) -> None:
        answer = await self.rig.admit(ceilings=(2, None), party=party, call_id=f"{party} {self.given[party]}")
        if isinstance(answer, Admitted):
            self.given[party] += 1
            self._at(self.rig.clock.now_s + CALL_S, party, answer.reservation)

    def _at(self, due_s: float, party: str, back: Reservation | None = None) -> None:
        heapq.heappush(self._due, (round(due_s, 3), next(self._numbers), party, back))


@on_both
async def test_equal_batches_get_equal_shares_however_often_they_ask(rig: Rig) -> None:
    crowd = Crowd(rig, {A: 0.5, B: ASKED_AGAIN_S, C: 1.1})
    await crowd.share_out(minutes=10)
    assert crowd.given.total() >= 0.9 * 2 * 600 / CALL_S
    assert max(crowd.given.values()) <= 1.05 * min(crowd.given.values())


@on_both
async def test_who_was_given_more_lets_the_other_one_go_first(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    assert await until_refused(room, A) == LEAD + 1
    refused = await room.ask(A)
    assert (refused.obstacle, refused.wait_s) == (Obstacle.OVER_SHARE, GIVE_WAY_MS / 1000)
    assert refused.scope == "groq"
    assert await room.give(B)


@on_both
async def test_batches_at_different_providers_share_a_limit_of_the_installation(rig: Rig) -> None:
    overall = Bucket(EVERYTHING, Unit.REQUESTS, SECOND, 2 * LEAD)
    for number in range(overall.limit):
        await rig.admit(overall, party=A, scopes=(A,), call_id=str(number))
    for party in (A, B):
        await rig.admit(overall, party=party, scopes=(party,), call_id=f"{party}'s")
    await rig.sleep(SPAN_S)
    answers = [await rig.admit(overall, party=A, scopes=(A,)) for _ in range(LEAD + 2)]
    assert [type(answer) for answer in answers] == [Admitted] * (LEAD + 1) + [Refused]
    assert (answers[-1].obstacle, answers[-1].scope) == (Obstacle.OVER_SHARE, EVERYTHING)
    assert isinstance(await rig.admit(overall, party=B, scopes=(B,), call_id="b's"), Admitted)


@on_both
async def test_a_batch_alone_is_never_held_back(rig: Rig) -> None:
    room = Room(rig)
    await room.close()
    await room.ask(A)
    await room.open()
    assert await until_refused(room, A) == MANY


@on_both
async def test_a_call_of_no_batch_is_never_held_back(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    assert await until_refused(room, "") == MANY


@on_both
async def test_a_batch_that_asks_no_more_holds_others_back_for_a_short_while(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    await until_refused(room, A)
    await rig.sleep(WAITS_FOR_S - 0.001)
    assert not await room.give(A)
    await rig.sleep(0.001)
    assert await until_refused(room, A) == MANY


@on_both
async def test_a_batch_whose_calls_are_all_served_holds_nobody_back(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    await until_refused(room, A)
    await room.give(B)
    assert await until_refused(room, A) == MANY


@on_both
async def test_a_batch_waits_as_long_as_one_of_its_calls_does(rig: Rig) -> None:
    room = Room(rig)
    await room.close()
    for call_id in ("first", "second"):
        await rig.admit(ceilings=ONE, party=B, call_id=call_id)
    await room.ask(A)
    await room.open()
    first = await rig.admit(ceilings=ONE, party=B, call_id="first")
    await rig.store.release(first.reservation)
    assert await until_refused(room, A) < MANY


@on_both
async def test_who_was_away_for_a_short_while_makes_up_for_no_more_than_its_credit(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    await rig.sleep(WAITS_FOR_S)
    for _ in range(CREDIT + 40):
        assert await room.give(A)
    await room.both_wait()
    served = 0
    while not await room.give(A):
        await room.close()
        await room.ask(B)
        await room.open()
        served += await room.give(B)
        await room.close()
        await room.ask(B)
        await room.open()
    assert served == CREDIT - LEAD


@on_both
async def test_who_was_away_for_long_starts_anew(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    for _ in range(3):
        await rig.sleep(KNOWN_FOR_S / 2)
        for _ in range(3 * LEAD):
            assert await room.give(A)
    await room.both_wait()
    assert await until_refused(room, A) == LEAD + 1


@on_both
async def test_the_more_urgent_batch_goes_first_whatever_it_was_given(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    for _ in range(3 * LEAD):
        assert await room.give(A, urgency=Urgency.URGENT)
    await room.close()
    await room.ask(A, urgency=Urgency.URGENT)
    await room.open()
    assert (await room.ask(B)).obstacle is Obstacle.OUTRANKED
    assert await room.give(A, urgency=Urgency.URGENT)


@on_both
async def test_batches_that_are_not_urgent_share_as_others_do(rig: Rig) -> None:
    room = Room(rig)
    await room.close()
    for party in (A, B):
        await room.ask(party, urgency=Urgency.LOW)
    await room.open()
    for _ in range(LEAD + 1):
        assert await room.give(A, urgency=Urgency.LOW)
    assert (await room.ask(A, urgency=Urgency.LOW)).obstacle is Obstacle.OVER_SHARE


@on_both
async def test_an_outlook_tells_of_it(rig: Rig) -> None:
    room = Room(rig)
    await room.both_wait()
    await until_refused(room, A)
    (outlook,) = await rig.store.outlook([Admission(MODEL, (), party=A)])
    assert [refused.obstacle for refused in outlook.obstacles] == [Obstacle.OVER_SHARE]
