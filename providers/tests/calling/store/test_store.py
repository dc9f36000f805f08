"""Budgets in the store, over both stores."""

from dataclasses import replace
from random import Random

from providers.routing.admission import Admitted, Obstacle, Refused
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import DAY, SECOND
from providers.routing.seconds import DAY_S
from providers.tests.calling.store.store_rig import MODEL_RPM, RPM, SPAN_S, TPM, Rig, on_both


@on_both
async def test_calls_are_admitted_up_to_the_limit_and_told_why_not_beyond(rig: Rig) -> None:
    for _ in range(RPM.limit):
        assert isinstance(await rig.admit(RPM), Admitted)
    refused = await rig.admit(RPM)
    assert (refused.obstacle, refused.scope, refused.bucket) == (Obstacle.OVER_BUDGET, "groq", RPM)
    assert SPAN_S - rig.grain_s < refused.wait_s <= SPAN_S


@on_both
async def test_a_call_that_waits_as_told_is_admitted_and_one_that_does_not_is_refused(rig: Rig) -> None:
    await rig.admit(MODEL_RPM)
    wait_s = await rig.wait_of(MODEL_RPM)
    await rig.sleep(wait_s - rig.grain_s)
    rest_s = await rig.wait_of(MODEL_RPM)
    assert rest_s <= rig.grain_s + 1e-9
    await rig.sleep(rest_s)
    assert isinstance(await rig.admit(MODEL_RPM), Admitted)


@on_both
async def test_waiting_exactly_as_told_never_overshoots_any_window(rig: Rig) -> None:
    dice, sent = Random(7), []
    for _ in range(200):
        tokens = dice.randint(1, 40)
        await rig.sleep(dice.randint(0, 30) / 1000)
        while isinstance(answer := await rig.admit(TPM, tokens=tokens), Refused):
            await rig.sleep(answer.wait_s)
        sent.append((answer.reservation.at_ms, tokens))
        await rig.store.release(replace(answer.reservation, buckets=()))
        within = [amount for at, amount in sent if at > answer.reservation.at_ms - TPM.span_ms]
        assert sum(within) <= TPM.limit


@on_both
async def test_the_window_slides_so_that_only_what_left_it_makes_room(rig: Rig) -> None:
    await rig.admit(RPM)
    await rig.sleep(0.5)
    await rig.admit(RPM)
    await rig.admit(RPM)
    await rig.sleep(await rig.wait_of(RPM))
    assert isinstance(await rig.admit(RPM), Admitted)
    assert 0 < await rig.wait_of(RPM) <= 0.5 + rig.grain_s


@on_both
async def test_one_full_bucket_takes_nothing_from_the_others(rig: Rig) -> None:
    await rig.admit(RPM, TPM, MODEL_RPM)
    refused = await rig.admit(RPM, TPM, MODEL_RPM)
    assert (refused.obstacle, refused.scope) == (Obstacle.OVER_BUDGET, "groq/llama")
    assert await rig.usage(RPM, TPM, MODEL_RPM) == {RPM: 1, TPM: 10, MODEL_RPM: 1}


@on_both
async def test_the_wait_is_that_of_the_bucket_that_is_full_longest(rig: Rig) -> None:
    slow = Bucket("groq", Unit.REQUESTS, DAY, 1)
    await rig.admit(MODEL_RPM, slow)
    refused = await rig.admit(MODEL_RPM, slow)
    assert refused.bucket == slow
    assert DAY_S < refused.wait_s <= DAY_S + 0.25


@on_both
async def test_tokens_wait_for_as_many_old_calls_as_must_leave(rig: Rig) -> None:
    await rig.admit(TPM, tokens=30)
    await rig.sleep(0.3)
    await rig.admit(TPM, tokens=60)
    assert 0.5 < await rig.wait_of(TPM, tokens=40) <= 0.95
    assert 0.95 < await rig.wait_of(TPM, tokens=41) <= SPAN_S
    assert isinstance(await rig.admit(TPM, tokens=10), Admitted)


@on_both
async def test_a_reservation_larger_than_the_limit_goes_when_the_window_is_empty(rig: Rig) -> None:
    assert isinstance(await rig.admit(TPM, tokens=5000), Admitted)
    assert await rig.usage(TPM) == {TPM: 100}
    await rig.sleep(await rig.wait_of(TPM, tokens=5000))
    assert isinstance(await rig.admit(TPM, tokens=5000), Admitted)


@on_both
async def test_settling_down_makes_room_at_once(rig: Rig) -> None:
    admitted = await rig.admit(TPM, RPM, tokens=90)
    await rig.settle(admitted.reservation, 20)
    assert await rig.usage(TPM, RPM) == {TPM: 20, RPM: 1}
    assert isinstance(await rig.admit(TPM, tokens=80), Admitted)


@on_both
async def test_settling_up_may_overfill_the_window_and_later_calls_wait(rig: Rig) -> None:
    admitted = await rig.admit(TPM, tokens=50)
    await rig.settle(admitted.reservation, 130)
    assert await rig.usage(TPM) == {TPM: 130}
    await rig.sleep(await rig.wait_of(TPM, tokens=1))
    assert isinstance(await rig.admit(TPM, tokens=100), Admitted)


@on_both
async def test_settling_twice_or_after_the_window_counts_once_or_not_at_all(rig: Rig) -> None:
    admitted = await rig.admit(TPM, tokens=50)
    await rig.settle(admitted.reservation, 40)
    await rig.settle(admitted.reservation, 30)
    assert await rig.usage(TPM) == {TPM: 30}
    await rig.sleep(SPAN_S)
    await rig.admit(TPM, tokens=5)
    await rig.settle(admitted.reservation, 90)
    assert await rig.usage(TPM) == {TPM: 5}


@on_both
async def test_calls_that_used_no_tokens_leave_the_window_and_are_given_back_like_others(rig: Rig) -> None:
    """Redis 7, unlike Valkey, takes the -0 that Lua makes of them for no integer."""
    used_nothing = await rig.admit(TPM)
    await rig.settle(used_nothing.reservation, 0)
    await rig.sleep(SPAN_S)
    empty = await rig.admit(TPM, tokens=0)
    await rig.store.release(empty.reservation)
    assert isinstance(await rig.admit(TPM, tokens=100), Admitted)


@on_both
async def test_a_release_gives_everything_back_once(rig: Rig) -> None:
    await rig.admit(RPM, TPM, tokens=10)
    admitted = await rig.admit(RPM, TPM, tokens=60)
    await rig.store.release(admitted.reservation)
    await rig.store.release(admitted.reservation)
    assert await rig.usage(RPM, TPM) == {RPM: 1, TPM: 10}


@on_both
async def test_a_lowered_limit_counts_what_was_used_under_the_old_one(rig: Rig) -> None:
    for _ in range(RPM.limit):
        await rig.admit(RPM)
    lowered = Bucket(RPM.key, RPM.unit, RPM.window, 1)
    assert await rig.usage(lowered) == {lowered: 3}
    await rig.sleep(await rig.wait_of(lowered))
    assert isinstance(await rig.admit(lowered), Admitted)


@on_both
async def test_many_small_entries_are_waited_for_and_forgotten_exactly(rig: Rig) -> None:
    wide = Bucket("groq", Unit.TOKENS, SECOND, 300)
    for _ in range(300):
        await rig.admit(wide, tokens=1)
    wait_s = await rig.wait_of(wide, tokens=300)
    await rig.sleep(wait_s)
    assert await rig.usage(wide) == {wide: 0}
