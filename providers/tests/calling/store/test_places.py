"""Calls at once: few at first, more with every good answer, fewer where it gets crowded; over both stores."""

from typing import Any

from providers.routing.admission import CALL_LEASE_S, Admitted, Obstacle
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.ramp import COLD_CALLS
from providers.routing.limits.window import DAY, MINUTE
from providers.routing.report import Report
from providers.tests.calling.store.store_rig import MODEL, Rig, on_both, on_both_cold

SIX_HUNDRED_A_MINUTE = Bucket("groq", Unit.REQUESTS, MINUTE, 600)


async def admitted(rig: Rig, most: int = 200, buckets: tuple[Bucket, ...] = (), **kwargs: Any) -> list[Admitted]:
    """As many calls as may be in flight at once."""
    calls: list[Admitted] = []
    while len(calls) < most and isinstance(answer := await rig.admit(*buckets, **kwargs), Admitted):
        calls.append(answer)
    return calls


@on_both_cold
async def test_a_cold_route_lets_four_calls_out_and_says_when_to_look_again(rig: Rig) -> None:
    assert len(await admitted(rig)) == COLD_CALLS
    refused = await rig.admit()
    assert (refused.obstacle, refused.scope, refused.allowed) == (Obstacle.BUSY, "groq", 4)
    assert 0 < refused.wait_s <= 0.1


@on_both_cold
async def test_calls_that_fail_before_the_first_success_free_no_place(rig: Rig) -> None:
    calls = await admitted(rig)
    for _ in calls[:2]:
        await rig.fail("groq/llama", opens_after=3)
    for call in calls[:2]:
        await rig.store.book(call.reservation, Report(is_silent=True))
    assert (await rig.admit()).obstacle is Obstacle.BUSY


@on_both_cold
async def test_every_round_of_good_answers_doubles_the_calls(rig: Rig) -> None:
    for expected in (4, 8, 16):
        calls = await admitted(rig)
        assert len(calls) == expected
        for call in calls:
            await rig.store.book(call.reservation, Report(latency_s=0.2))


@on_both_cold
async def test_a_slow_model_gets_in_two_rounds_as_many_calls_as_its_limit_can_use(rig: Rig) -> None:
    """600 calls a minute whose answers take 12 s: 120 at once."""
    limits = (SIX_HUNDRED_A_MINUTE, Bucket("groq", Unit.REQUESTS, DAY, 100_000))
    for expected in (4, 120):
        calls = await admitted(rig, buckets=limits)
        assert len(calls) == expected
        for call in calls:
            await rig.store.book(call.reservation, Report(latency_s=12.0))


@on_both_cold
async def test_once_a_vendor_showed_that_it_was_too_much_known_limits_make_no_leaps(rig: Rig) -> None:
    calls = await admitted(rig, buckets=(SIX_HUNDRED_A_MINUTE,))
    await rig.store.book(calls[0].reservation, Report(congested=("groq", "groq/llama"), is_silent=True))
    await rig.store.book(calls[1].reservation, Report(latency_s=12.0))
    assert (await rig.store.states(MODEL))["groq/llama"].concurrency < COLD_CALLS


@on_both_cold
async def test_what_congestion_took_comes_back_by_a_tenth_a_round_where_the_limit_can_use_it(rig: Rig) -> None:
    for call in await admitted(rig, buckets=(SIX_HUNDRED_A_MINUTE,)):
        await rig.store.book(call.reservation, Report(latency_s=12.0))
    calls = await admitted(rig, buckets=(SIX_HUNDRED_A_MINUTE,))
    assert len(calls) == 120
    await rig.store.book(calls[0].reservation, Report(congested=MODEL, is_silent=True))
    assert (await rig.store.states(MODEL))["groq/llama"].concurrency == 84
    await rig.admit(ceilings=(1, 1))  # somebody wants a place
    for call in calls[36:]:
        await rig.store.book(call.reservation, Report(latency_s=12.0))
    assert (await rig.store.states(MODEL))["groq/llama"].concurrency == 93


@on_both
async def test_what_was_borne_before_comes_back_at_once_where_a_limit_let_few_calls_out(rig: Rig) -> None:
    """Up to limit x latency it takes three good answers."""
    calls = await admitted(rig, 10, buckets=(SIX_HUNDRED_A_MINUTE,))
    await rig.store.book(calls[0].reservation, Report(congested=MODEL, is_silent=True))
    await rig.admit(ceilings=(1, 1))  # somebody wants a place
    for call, expected in zip(calls[1:], (7 * 4, 28 * 4, 119), strict=False):
        await rig.store.book(call.reservation, Report(latency_s=12.0))
        assert (await rig.store.states(MODEL))["groq/llama"].concurrency == expected


@on_both_cold
async def test_answers_that_slow_down_bring_no_more_calls(rig: Rig) -> None:
    calls = await admitted(rig)
    await rig.store.book(calls[0].reservation, Report(latency_s=0.2))
    for call in calls[1:]:
        await rig.store.book(call.reservation, Report(latency_s=2.0))
    assert len(await admitted(rig)) == COLD_CALLS + 1


@on_both
async def test_congestion_takes_calls_away_once_a_second_and_growth_is_slow_then(rig: Rig) -> None:
    calls = await admitted(rig, 20)
    for call in calls[:3]:
        await rig.store.book(call.reservation, Report(congested=("groq/llama",), is_silent=True))
    assert (await rig.store.states(MODEL))["groq/llama"].concurrency == 14
    for call in calls[3:]:
        await rig.store.book(call.reservation, Report(latency_s=0.2))
    assert (await rig.store.states(MODEL))["groq/llama"].concurrency == 14


@on_both
async def test_a_persons_ceiling_holds_and_zero_or_none_is_no_ceiling(rig: Rig) -> None:
    assert len(await admitted(rig, ceilings=(3, None))) == 3


@on_both_cold
async def test_a_call_whose_worker_died_frees_its_place_with_its_lease(rig: Rig) -> None:
    assert len(await admitted(rig)) == COLD_CALLS
    await rig.sleep(CALL_LEASE_S + 1)
    assert isinstance(await rig.admit(), Admitted)


@on_both_cold
async def test_a_renewed_call_keeps_its_place_beyond_its_lease(rig: Rig) -> None:
    calls = await admitted(rig)
    await rig.sleep(CALL_LEASE_S - 1)
    await rig.store.renew([call.reservation for call in calls[1:]])
    await rig.sleep(2)
    assert len(await admitted(rig)) == 1


@on_both_cold
async def test_a_place_that_ran_out_while_nobody_could_renew_it_is_taken_again(rig: Rig) -> None:
    calls = await admitted(rig)
    await rig.sleep(CALL_LEASE_S + 1)
    await rig.store.renew([call.reservation for call in calls])
    assert (await rig.admit()).obstacle is Obstacle.BUSY


@on_both_cold
async def test_a_released_call_frees_its_place_at_once(rig: Rig) -> None:
    calls = await admitted(rig)
    await rig.store.release(calls[0].reservation)
    assert isinstance(await rig.admit(), Admitted)


@on_both_cold
async def test_after_a_suspension_a_route_is_cold_again(rig: Rig) -> None:
    for call in await admitted(rig):
        await rig.store.book(call.reservation, Report(latency_s=0.2))
    await rig.fail("groq/llama", open_s=0.1)
    await rig.sleep(0.1)
    probe = await rig.admit()
    await rig.store.book(probe.reservation, Report(latency_s=0.2))
    assert (await rig.store.states(MODEL))["groq/llama"].concurrency == COLD_CALLS


@on_both_cold
async def test_states_tell_how_many_calls_are_in_flight(rig: Rig) -> None:
    await admitted(rig, 3)
    state = (await rig.store.states(MODEL))["groq"]
    assert (state.in_flight, state.concurrency) == (3, COLD_CALLS)
