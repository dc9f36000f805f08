"""Even pace, the vendor's own count, and what happens when the server has lost its data, over both stores."""

from dataclasses import replace
from itertools import pairwise

import pytest

from providers.llm.types import LimitFact
from providers.routing.admission import Admitted, Obstacle, StoreLost
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import Bucket, PastUse
from providers.routing.limits.window import DAY, SECOND
from providers.routing.report import Report
from providers.tests.calling.store.store_rig import MODEL, RPM, SPAN_S, TPM, Rig, on_both

SMOOTH = Bucket("groq", Unit.REQUESTS, SECOND, 10, is_smooth=True)
GAP_S = SMOOTH.gap_ms / 1000
A_DAY = Bucket("groq", Unit.REQUESTS, DAY, 5)


@on_both
async def test_by_an_even_pace_calls_are_told_when_to_leave_one_gap_after_the_other(rig: Rig) -> None:
    first, second, third = [await rig.admit(SMOOTH) for _ in range(3)]
    starts = [admitted.reservation.at_ms for admitted in (first, second, third)]
    assert first.delay_s == 0
    assert [late - early for early, late in pairwise(starts)] == pytest.approx([GAP_S * 1000] * 2, abs=1.5)


@on_both
async def test_an_even_pace_books_no_further_ahead_than_its_horizon(rig: Rig) -> None:
    booked = 0
    while isinstance(answer := await rig.admit(SMOOTH), Admitted):
        booked += 1
    assert booked in (5, 6)
    assert (answer.obstacle, answer.bucket) == (Obstacle.PACED, SMOOTH)
    assert 0 < answer.wait_s <= GAP_S


@on_both
async def test_settling_down_brings_the_next_start_of_an_even_pace_forward(rig: Rig) -> None:
    smooth = replace(TPM, is_smooth=True)
    admitted = await rig.admit(smooth, tokens=40)
    await rig.settle(admitted.reservation, 10)
    assert (await rig.admit(smooth, tokens=10)).delay_s <= 10 * smooth.gap_ms / 1000 + 0.001


@on_both
async def test_a_refusal_in_spite_of_room_brings_an_even_pace_for_a_while(rig: Rig) -> None:
    wide = replace(RPM, limit=10)
    assert [(await rig.admit(wide)).delay_s for _ in range(2)] == [0, 0]
    refused = await rig.admit(wide)
    await rig.refused_by_vendor(refused.reservation)
    await rig.sleep(0.1)
    starts = [(await rig.admit(wide)).reservation.at_ms for _ in range(2)]
    assert starts[1] - starts[0] >= wide.gap_ms - 1


@on_both
async def test_a_refusal_with_the_window_full_changes_no_pace(rig: Rig) -> None:
    for _ in range(RPM.limit):
        admitted = await rig.admit(RPM)
    await rig.refused_by_vendor(admitted.reservation)
    await rig.sleep(SPAN_S)
    assert [(await rig.admit(RPM)).delay_s for _ in range(2)] == [0, 0]


@on_both
async def test_what_the_vendor_counts_beyond_us_counts_until_its_reset(rig: Rig) -> None:
    admitted = await rig.admit(RPM)
    said = LimitFact("requests", remaining=0, reset_s=0.6)
    await rig.store.book(admitted.reservation, Report(vendor=(said,)))
    assert await rig.usage(RPM) == {RPM: 3}
    wait_s = await rig.wait_of(RPM)
    assert 0.6 - rig.grain_s < wait_s <= 0.6
    await rig.sleep(wait_s)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_a_vendor_that_counts_less_than_we_do_raises_nothing(rig: Rig) -> None:
    for _ in range(RPM.limit):
        admitted = await rig.admit(RPM)
    await rig.store.book(admitted.reservation, Report(vendor=(LimitFact("requests", remaining=1000),)))
    assert (await rig.admit(RPM)).obstacle is Obstacle.OVER_BUDGET


@on_both
async def test_the_vendors_newest_word_takes_the_place_of_its_earlier_one(rig: Rig) -> None:
    admitted = await rig.admit(TPM)
    for left in (0, 60):
        await rig.store.book(admitted.reservation, Report(vendor=(LimitFact("tokens", remaining=left),)))
    assert await rig.usage(TPM) == {TPM: 40}


@on_both
async def test_a_word_that_the_window_is_whole_again_takes_the_place_of_an_earlier_one(rig: Rig) -> None:
    admitted = await rig.admit(TPM)
    for reset_s in (60.0, 0.0):
        said = LimitFact("tokens", remaining=0, reset_s=reset_s)
        await rig.store.book(admitted.reservation, Report(vendor=(said,)))
    assert await rig.usage(TPM) == {TPM: 10}


@on_both
async def test_a_call_that_left_late_counts_from_when_it_left(rig: Rig) -> None:
    one = replace(RPM, limit=1)
    admitted = await rig.admit(one)
    await rig.store.book(admitted.reservation, Report(lag_s=0.4))
    assert SPAN_S < await rig.wait_of(one) <= SPAN_S + 0.4


@on_both
async def test_restored_calls_of_the_day_count_once_and_minutes_rest(rig: Rig) -> None:
    await rig.lose_data()
    with pytest.raises(StoreLost):
        await rig.admit(RPM, A_DAY)
    past = [PastUse(A_DAY, f"call-{number}", 3600.0) for number in range(4)]
    await rig.store.restore(past, 0.5)
    await rig.store.restore(past, 60)
    assert await rig.usage(A_DAY) == {A_DAY: 4}
    resting = await rig.admit(RPM, A_DAY)
    assert (resting.obstacle, resting.wait_s <= 0.5) == (Obstacle.RESTING, True)
    await rig.sleep(resting.wait_s)
    assert isinstance(await rig.admit(RPM, A_DAY), Admitted)
    assert (await rig.admit(RPM, A_DAY)).bucket == A_DAY


@on_both
async def test_a_call_in_flight_while_the_data_was_lost_is_counted_when_it_comes_back(rig: Rig) -> None:
    admitted = await rig.admit(A_DAY, TPM)
    await rig.lose_data()
    await rig.store.restore((), 0)
    await rig.store.book(admitted.reservation, Report(Amounts(30)))
    assert await rig.usage(A_DAY, TPM) == {A_DAY: 1, TPM: 30}


@on_both
async def test_an_account_without_limits_needs_no_rest(rig: Rig) -> None:
    await rig.lose_data()
    await rig.store.restore((), 60)
    assert isinstance(await rig.admit(scopes=MODEL), Admitted)
