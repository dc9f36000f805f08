"""Breakers and holds in the store, over both stores."""

import asyncio
from functools import partial

from providers.llm.errors import ErrorKind
from providers.routing.admission import CALL_LEASE_S, Admitted, Obstacle, Refused
from providers.routing.breaker import LAST_RESORT_S, Trip
from providers.routing.report import Failure, Report
from providers.tests.calling.store.store_rig import MODEL, MODEL_RPM, RPM, Rig, on_both


@on_both
async def test_failures_open_the_breaker_for_exactly_its_open_time(rig: Rig) -> None:
    await rig.fail(opens_after=2, open_s=5)
    assert isinstance(await rig.admit(RPM), Admitted)
    await rig.fail(opens_after=2, open_s=5)
    refused = await rig.admit(RPM)
    assert (refused.obstacle, refused.scope, refused.reason) == (Obstacle.SUSPENDED, "groq", "503")
    assert 5 - rig.grain_s < refused.wait_s <= 5
    assert not refused.half_open


@on_both
async def test_of_twenty_calls_at_once_exactly_one_is_the_probe(rig: Rig) -> None:
    await rig.fail()
    await rig.sleep(0.2)
    answers = await asyncio.gather(*(rig.admit() for _ in range(20)))
    probes = [answer.probes for answer in answers if isinstance(answer, Admitted)]
    refusals = [answer for answer in answers if isinstance(answer, Refused)]
    assert probes == [("groq",)]
    assert len(refusals) == 19
    assert all(
        refused.half_open and CALL_LEASE_S - rig.grain_s < refused.wait_s <= CALL_LEASE_S for refused in refusals
    )


@on_both
async def test_a_refused_call_takes_no_probe(rig: Rig) -> None:
    await rig.admit(MODEL_RPM)
    await rig.fail()
    await rig.sleep(0.2)
    assert (await rig.admit(MODEL_RPM)).obstacle is Obstacle.OVER_BUDGET
    assert (await rig.admit()).probes == ("groq",)


@on_both
async def test_a_call_may_probe_provider_and_route_together_but_not_past_a_model_that_is_gone(rig: Rig) -> None:
    await rig.succeed()
    await rig.fail("groq", open_s=0.2)
    await rig.fail("groq/llama", ErrorKind.NOT_FOUND, open_s=1.0)
    await rig.sleep(0.3)
    refused = await rig.admit()
    assert refused.scope == "groq/llama"
    await rig.sleep(refused.wait_s)
    assert (await rig.admit()).probes == MODEL


@on_both
async def test_a_probe_that_succeeds_closes_the_breaker_and_its_history(rig: Rig) -> None:
    for _ in range(3):
        await rig.fail(open_s=0.1, max_open_s=0.1)
    await rig.sleep(0.1)
    probe = await rig.admit()
    await rig.store.book(probe.reservation, Report())
    assert isinstance(await rig.admit(), Admitted)
    await rig.fail(open_s=3)
    assert await rig.wait_of() <= 3


@on_both
async def test_a_probe_that_fails_opens_it_for_twice_as_long(rig: Rig) -> None:
    await rig.fail(open_s=0.3)
    await rig.sleep(0.3)
    await rig.admit()
    await rig.fail(open_s=0.3)
    assert 0.6 - rig.grain_s < await rig.wait_of() <= 0.6


@on_both
async def test_each_opening_is_twice_as_long_as_the_one_before_up_to_the_most(rig: Rig) -> None:
    waits = []
    for _ in range(4):
        await rig.fail(open_s=30, max_open_s=100)
        waits.append(await rig.wait_of())
        await rig.sleep(waits[-1])
    assert waits == [30, 60, 100, 100]


@on_both
async def test_a_failure_that_was_under_way_moves_the_deadline_but_is_no_opening(rig: Rig) -> None:
    await rig.fail(open_s=30, max_open_s=900)
    await rig.sleep(1)
    await rig.fail(open_s=30, max_open_s=900)
    assert await rig.wait_of() == 30


@on_both
async def test_a_probe_that_fails_before_the_deadline_opens_it_for_longer(rig: Rig) -> None:
    await rig.fail("groq/llama", open_s=300, max_open_s=900)
    await rig.sleep(LAST_RESORT_S)
    probe = await rig.admit(is_last_resort=True)
    failure = Failure("groq/llama", ErrorKind.SERVER, "503", Trip(1, 300_000, 900_000))
    await rig.store.book(probe.reservation, Report(failure=failure))
    assert await rig.wait_of() == 600


@on_both
async def test_a_probe_that_never_comes_back_is_replaced_after_its_lease(rig: Rig) -> None:
    await rig.fail()
    await rig.sleep(0.2)
    await rig.admit()
    await rig.sleep(await rig.wait_of())
    assert (await rig.admit()).probes == ("groq",)


@on_both
async def test_a_probe_that_is_renewed_stays_the_only_one(rig: Rig) -> None:
    await rig.fail()
    await rig.sleep(0.2)
    probe = await rig.admit()
    await rig.sleep(CALL_LEASE_S - 1)
    await rig.store.renew([probe.reservation])
    await rig.sleep(2)
    refused = await rig.admit()
    assert (refused.obstacle, refused.half_open) == (Obstacle.SUSPENDED, True)


@on_both
async def test_a_probe_given_back_lets_the_next_call_probe(rig: Rig) -> None:
    await rig.fail()
    await rig.sleep(0.2)
    unknown = partial(rig.store.book, report=Report(is_silent=True))
    for give_back in (rig.store.release, unknown):
        probe = await rig.admit(RPM)
        assert probe.probes == ("groq",)
        await give_back(probe.reservation)
    assert (await rig.admit(RPM)).probes == ("groq",)


@on_both
async def test_a_call_gives_back_no_probe_but_its_own(rig: Rig) -> None:
    earlier = await rig.admit(RPM)
    await rig.fail()
    await rig.sleep(0.2)
    await rig.admit(RPM)
    await rig.store.release(earlier.reservation)
    assert (await rig.admit(RPM)).half_open


@on_both
async def test_a_probe_that_frees_its_place_keeps_its_budget(rig: Rig) -> None:
    probe = await rig.admit(RPM)
    await rig.store.book(probe.reservation, Report(is_silent=True))
    assert await rig.usage(RPM) == {RPM: 1}


@on_both
async def test_the_breakers_deadline_only_extends(rig: Rig) -> None:
    await rig.fail(kind=ErrorKind.AUTH, open_s=9)
    await rig.fail(open_s=1)
    state = (await rig.store.states(["groq"]))["groq"]
    assert 9 - rig.grain_s < state.suspended_for_s <= 9
    assert (state.kind, state.failures) == (ErrorKind.AUTH, 2)


@on_both
async def test_a_hold_keeps_calls_back_and_is_never_shortened(rig: Rig) -> None:
    await rig.hold("groq", 0.5, "retry-after")
    await rig.hold("groq", 0.1, "sooner")
    await rig.hold("groq", -1, "never")
    refused = await rig.admit(RPM)
    assert (refused.obstacle, refused.scope, refused.reason) == (Obstacle.HELD, "groq", "retry-after")
    assert 0.5 - rig.grain_s < refused.wait_s <= 0.5
    await rig.sleep(refused.wait_s)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_suspension_is_named_before_a_hold_and_a_hold_before_a_budget(rig: Rig) -> None:
    await rig.admit(MODEL_RPM)
    await rig.hold("groq/llama", 9, "retry-after")
    assert (await rig.admit(MODEL_RPM)).obstacle is Obstacle.HELD
    await rig.fail(open_s=1)
    assert (await rig.admit(MODEL_RPM)).obstacle is Obstacle.SUSPENDED


@on_both
async def test_a_person_clears_suspension_hold_and_failures_at_once(rig: Rig) -> None:
    await rig.fail(open_s=9)
    await rig.hold("groq/llama", 9, "retry-after")
    await rig.store.clear(MODEL, 7)
    assert isinstance(await rig.admit(), Admitted)
    assert (await rig.store.states(["groq"]))["groq"].failures == 0


@on_both
async def test_states_tell_open_half_open_held_and_unheard_of(rig: Rig) -> None:
    await rig.fail("a", open_s=5)
    await rig.fail("b", open_s=0.1)
    await rig.hold("c", 5, "retry-after")
    await rig.sleep(0.1)
    states = await rig.store.states(["a", "b", "c", "d"])
    assert [state.is_suspended for state in states.values()] == [True, False, False, False]
    assert [state.half_open for state in states.values()] == [False, True, False, False]
    assert [state.failures for state in states.values()] == [1, 1, 0, 0]
    assert (states["a"].kind, states["a"].reason, states["d"].kind) == (ErrorKind.SERVER, "503", None)
    assert 4 < states["c"].held_for_s <= 5
    assert states["c"].held_reason == "retry-after"


@on_both
async def test_asking_of_nothing_answers_nothing(rig: Rig) -> None:
    assert await rig.store.states([]) == {}
    assert await rig.usage() == {}
    await rig.succeed(())
    assert isinstance(await rig.admit(scopes=()), Admitted)


@on_both
async def test_an_answer_from_before_the_opening_does_not_close_it(rig: Rig) -> None:
    earlier = await rig.admit()
    await rig.fail(open_s=5)
    await rig.store.book(earlier.reservation, Report())
    assert (await rig.admit()).obstacle is Obstacle.SUSPENDED


@on_both
async def test_a_high_rate_of_failures_opens_it_though_no_two_come_in_a_row(rig: Rig) -> None:
    for _ in range(10):
        assert isinstance(await rig.admit(), Admitted)
        await rig.fail(opens_after=3, open_s=5)
        await rig.succeed()
    await rig.fail(opens_after=3, open_s=5)
    assert (await rig.admit()).obstacle is Obstacle.SUSPENDED


@on_both
async def test_one_failure_in_ten_never_opens_it(rig: Rig) -> None:
    for _ in range(15):
        await rig.fail(opens_after=3)
        for _ in range(9):
            await rig.succeed()
    assert isinstance(await rig.admit(), Admitted)


@on_both
async def test_a_call_by_the_configuration_before_a_change_is_not_let_out(rig: Rig) -> None:
    await rig.store.clear(MODEL, 8)
    refused = await rig.admit(version=7)
    assert (refused.obstacle, 0 < refused.wait_s <= 0.2) == (Obstacle.OUTDATED, True)
    for version in (8, 9):
        assert isinstance(await rig.admit(version=version), Admitted)


@on_both
async def test_a_failure_by_the_key_before_a_change_says_nothing_of_the_new_one(rig: Rig) -> None:
    earlier = await rig.admit(version=7)
    await rig.store.clear(MODEL, 8)
    failure = Failure("groq", ErrorKind.AUTH, "401", Trip(1, 5000, 5000))
    await rig.store.book(earlier.reservation, Report(failure=failure))
    assert not (await rig.store.states(["groq"]))["groq"].is_suspended


@on_both
async def test_a_probe_by_the_configuration_before_a_change_of_its_model_frees_its_place_at_the_provider(
    rig: Rig,
) -> None:
    await rig.fail("groq")
    await rig.sleep(0.2)
    probe = await rig.admit(version=7)
    await rig.store.clear(["groq/llama"], 8)
    await rig.store.book(probe.reservation, Report(is_silent=True))
    assert (await rig.admit(version=8)).probes == ("groq",)
