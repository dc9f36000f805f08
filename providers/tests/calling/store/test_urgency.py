"""Who goes first where several wait for the same room, over both stores."""

from dataclasses import replace

from providers.routing.admission import Admission, Admitted, Obstacle, Refused
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.limits.urgency import GIVE_WAY_MS, WAITS_FOR_S, Urgency
from providers.routing.limits.window import MINUTE, SECOND
from providers.routing.report import Report
from providers.tests.calling.store.store_rig import MODEL, MODEL_RPM, RPM, SPAN_S, TPM, Rig, on_both

LOW, NORMAL, URGENT = Urgency
SIBLING = ("groq", "groq/other")
OVERALL = Bucket(EVERYTHING, Unit.REQUESTS, SECOND, 3)
SMOOTH = Bucket("groq", Unit.REQUESTS, SECOND, 10, is_smooth=True)
GIVE_WAY_S = GIVE_WAY_MS / 1000


async def fill(rig: Rig, *buckets: Bucket) -> None:
    while isinstance(await rig.admit(*buckets), Admitted):
        pass


def is_outranked(answer: Admitted | Refused, scope: str) -> bool:
    return isinstance(answer, Refused) and (answer.obstacle, answer.scope) == (Obstacle.OUTRANKED, scope)


@on_both
async def test_an_urgent_call_that_was_refused_gets_the_next_room_although_others_ask_before_it(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.sleep(SPAN_S - 0.1)
    refused = await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    await rig.sleep(0.1)
    normal = await rig.admit(RPM)
    assert refused.obstacle is Obstacle.OVER_BUDGET
    assert is_outranked(normal, "groq")
    assert normal.wait_s == GIVE_WAY_S
    assert isinstance(await rig.admit(RPM, urgency=URGENT, call_id="urgent"), Admitted)


@on_both
async def test_once_the_urgent_call_is_served_the_rest_of_the_room_is_for_everybody_at_once(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    await rig.sleep(SPAN_S)
    await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    assert [type(await rig.admit(RPM)) for _ in range(RPM.limit)] == [Admitted] * (RPM.limit - 1) + [Refused]


@on_both
async def test_an_urgent_call_that_asks_no_more_stands_in_the_way_for_a_short_while(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.sleep(SPAN_S - 0.1)
    await rig.admit(RPM, urgency=URGENT)
    await rig.sleep(WAITS_FOR_S - 0.001)
    assert is_outranked(await rig.admit(RPM), "groq")
    await rig.sleep(0.001)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_asking_again_keeps_its_turn(rig: Rig) -> None:
    tpm = replace(TPM, window=MINUTE)
    await rig.admit(tpm, tokens=90)
    for _ in range(3):
        await rig.admit(tpm, tokens=80, urgency=URGENT, call_id="urgent")
        await rig.sleep(WAITS_FOR_S - 0.1)
        assert is_outranked(await rig.admit(tpm, tokens=5), "groq")


@on_both
async def test_a_low_call_gets_nothing_while_normal_ones_wait(rig: Rig) -> None:
    await fill(rig, RPM)
    for _ in range(4):
        await rig.sleep(SPAN_S)
        assert is_outranked(await rig.admit(RPM, urgency=LOW), "groq")
        await fill(rig, RPM)
    await rig.sleep(WAITS_FOR_S)
    assert isinstance(await rig.admit(RPM, urgency=LOW), Admitted)


@on_both
async def test_who_gives_way_to_an_urgent_call_still_goes_before_a_low_one(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.sleep(SPAN_S - 0.1)
    await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    await rig.sleep(0.5)
    assert is_outranked(await rig.admit(RPM, call_id="normal"), "groq")
    await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    assert is_outranked(await rig.admit(RPM, urgency=LOW), "groq")
    assert isinstance(await rig.admit(RPM, call_id="normal"), Admitted)
    assert isinstance(await rig.admit(RPM, urgency=LOW), Admitted)


@on_both
async def test_low_calls_take_all_that_nobody_else_waits_for(rig: Rig) -> None:
    answers = [await rig.admit(RPM, urgency=LOW) for _ in range(RPM.limit + 1)]
    assert [type(answer) for answer in answers] == [Admitted] * RPM.limit + [Refused]


@on_both
async def test_a_low_call_that_waits_holds_nobody_up(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.admit(RPM, urgency=LOW)
    await rig.sleep(SPAN_S)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_calls_of_one_urgency_go_as_they_come(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.admit(RPM, urgency=URGENT, call_id="first")
    await rig.sleep(SPAN_S)
    assert isinstance(await rig.admit(RPM, urgency=URGENT, call_id="second"), Admitted)


@on_both
async def test_who_waits_at_one_model_holds_nobody_up_at_its_siblings(rig: Rig) -> None:
    await fill(rig, MODEL_RPM)
    await rig.admit(MODEL_RPM, urgency=URGENT)
    assert isinstance(await rig.admit(scopes=SIBLING), Admitted)
    await rig.sleep(SPAN_S)
    assert is_outranked(await rig.admit(MODEL_RPM), "groq/llama")


@on_both
async def test_who_waits_at_the_provider_goes_first_whichever_model_the_others_ask(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.admit(RPM, urgency=URGENT)
    await rig.sleep(SPAN_S)
    assert is_outranked(await rig.admit(RPM, scopes=SIBLING), "groq")


@on_both
async def test_who_waits_at_a_limit_of_the_installation_goes_first_whichever_provider_the_others_ask(rig: Rig) -> None:
    await fill(rig, OVERALL)
    await rig.admit(OVERALL, urgency=URGENT, call_id="urgent")
    await rig.sleep(SPAN_S)
    other = await rig.admit(OVERALL, scopes=("mistral", "mistral/small"))
    assert is_outranked(other, EVERYTHING)
    assert isinstance(await rig.admit(OVERALL, urgency=URGENT, call_id="urgent"), Admitted)
    assert isinstance(await rig.admit(OVERALL, scopes=("mistral", "mistral/small")), Admitted)


@on_both
async def test_who_cannot_leave_for_its_own_limit_keeps_no_place_empty(rig: Rig) -> None:
    first = await rig.admit(MODEL_RPM, ceilings=(1, None))
    busy = await rig.admit(MODEL_RPM, ceilings=(1, None), urgency=URGENT)
    await rig.store.book(first.reservation, Report())
    assert busy.obstacle is Obstacle.BUSY
    assert isinstance(await rig.admit(scopes=SIBLING, ceilings=(1, None)), Admitted)


@on_both
async def test_who_finds_all_places_taken_and_its_limit_used_up_waits_for_the_limit(rig: Rig) -> None:
    first = await rig.admit(MODEL_RPM, ceilings=(1, None))
    await rig.sleep(SPAN_S - 0.1)
    await rig.admit(MODEL_RPM, ceilings=(1, None), urgency=URGENT)
    await rig.store.book(first.reservation, Report())
    await rig.sleep(0.1)
    assert is_outranked(await rig.admit(MODEL_RPM, ceilings=(1, None)), "groq/llama")


@on_both
async def test_a_ceiling_of_calls_at_once_goes_to_the_more_urgent_first(rig: Rig) -> None:
    first = await rig.admit(ceilings=(1, None))
    assert (await rig.admit(ceilings=(1, None), urgency=URGENT, call_id="urgent")).obstacle is Obstacle.BUSY
    await rig.store.release(first.reservation)
    assert is_outranked(await rig.admit(ceilings=(1, None)), "groq")
    assert isinstance(await rig.admit(ceilings=(1, None), urgency=URGENT, call_id="urgent"), Admitted)


@on_both
async def test_a_small_call_does_not_take_the_room_that_an_urgent_big_one_waits_for(rig: Rig) -> None:
    admitted = await rig.admit(TPM, tokens=90)
    await rig.admit(TPM, tokens=80, urgency=URGENT, call_id="urgent")
    assert is_outranked(await rig.admit(TPM, tokens=5), "groq")
    await rig.settle(admitted.reservation, 20)
    assert isinstance(await rig.admit(TPM, tokens=80, urgency=URGENT, call_id="urgent"), Admitted)


@on_both
async def test_an_even_pace_gives_the_next_start_to_the_more_urgent(rig: Rig) -> None:
    await fill(rig, SMOOTH)
    paced = await rig.admit(SMOOTH, urgency=URGENT)
    await rig.sleep(paced.wait_s)
    assert paced.obstacle is Obstacle.PACED
    assert is_outranked(await rig.admit(SMOOTH), "groq")


@on_both
async def test_a_test_of_a_connection_gives_way_to_nobody_and_holds_nobody_up(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    await rig.sleep(SPAN_S)
    test = Admission(MODEL, (RPM,), Amounts(10), is_test=True, urgency=LOW)
    assert isinstance(await rig.store.admit(test), Admitted)
    await rig.admit(RPM, urgency=URGENT, call_id="urgent")
    await fill(rig, RPM)
    await rig.store.admit(replace(test, urgency=URGENT, id="another"))
    await rig.sleep(SPAN_S)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_what_is_held_or_suspended_makes_nobody_wait_for_an_urgent_call(rig: Rig) -> None:
    await rig.hold("groq", 0.5, "slow down")
    assert (await rig.admit(RPM, urgency=URGENT)).obstacle is Obstacle.HELD
    await rig.sleep(0.5)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_an_urgent_call_that_will_not_wait_so_long_holds_nobody_up(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.store.admit(Admission(MODEL, (RPM,), Amounts(10), urgency=URGENT, patience_s=SPAN_S - 0.01))
    await rig.sleep(SPAN_S)
    assert isinstance(await rig.admit(RPM), Admitted)


@on_both
async def test_an_urgent_call_holds_others_up_no_longer_than_its_patience(rig: Rig) -> None:
    first = await rig.admit(ceilings=(1, None))
    await rig.store.admit(Admission(MODEL, (), Amounts(10), (1, None), urgency=URGENT, patience_s=0.2))
    await rig.store.release(first.reservation)
    await rig.sleep(0.199)
    assert is_outranked(await rig.admit(), "groq")
    await rig.sleep(0.001)
    assert isinstance(await rig.admit(), Admitted)


@on_both
async def test_an_outlook_tells_of_it_and_counts_as_no_waiting(rig: Rig) -> None:
    await fill(rig, RPM)
    await rig.store.outlook([Admission(MODEL, (RPM,), Amounts(10), urgency=URGENT)])
    await rig.sleep(SPAN_S)
    (free,) = await rig.store.outlook([Admission(MODEL, (RPM,), Amounts(10))])
    await fill(rig, RPM)
    await rig.admit(RPM, urgency=URGENT)
    await rig.sleep(SPAN_S)
    (outlook,) = await rig.store.outlook([Admission(MODEL, (RPM,), Amounts(10))])
    assert free.obstacles == ()
    assert [refused.obstacle for refused in outlook.obstacles] == [Obstacle.OUTRANKED]
