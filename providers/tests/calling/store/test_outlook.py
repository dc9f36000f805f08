"""What keeps a call from leaving, asked without asking for leave; over both stores."""

import pytest

from providers.llm.errors import ErrorKind
from providers.routing.admission import Admission, Admitted, Obstacle, Outlook, Refused, StoreLost
from providers.routing.limits.amounts import Amounts
from providers.routing.report import Report
from providers.tests.calling.store.store_rig import MODEL, MODEL_RPM, RPM, TPM, Rig, on_both, on_both_cold


async def look(rig: Rig, *buckets, tokens: int = 10, **values) -> Outlook:
    (outlook,) = await rig.store.outlook([Admission(MODEL, buckets, Amounts(tokens), **values)])
    return outlook


def met(outlook: Outlook) -> list[Obstacle]:
    return [refused.obstacle for refused in outlook.obstacles]


@on_both
async def test_where_nothing_stands_in_the_way_there_is_no_obstacle(rig: Rig) -> None:
    assert await look(rig, RPM, TPM) == Outlook((), {RPM: 0, TPM: 0})


@on_both
async def test_looking_reserves_nothing(rig: Rig) -> None:
    for _ in range(5):
        await look(rig, MODEL_RPM)
    assert isinstance(await rig.admit(MODEL_RPM), Admitted)


@on_both
async def test_a_used_up_budget_is_named_with_what_is_used_of_it(rig: Rig) -> None:
    for _ in range(3):
        await rig.admit(RPM, TPM, tokens=20)
    outlook = await look(rig, RPM, TPM, tokens=20)
    (refused,) = outlook.obstacles
    assert (refused.obstacle, refused.bucket) == (Obstacle.OVER_BUDGET, RPM)
    assert outlook.used == {RPM: 3, TPM: 60}


@on_both
async def test_all_sorts_of_obstacles_are_told_at_once_in_the_order_of_admission(rig: Rig) -> None:
    await rig.admit(MODEL_RPM)
    await rig.hold("groq/llama", 0.5, "slow down")
    await rig.fail("groq", kind=ErrorKind.AUTH, open_s=1)
    outlook = await look(rig, MODEL_RPM, ceilings=(1, None))
    assert met(outlook) == [Obstacle.SUSPENDED, Obstacle.HELD, Obstacle.BUSY, Obstacle.OVER_BUDGET]
    first = await rig.admit(MODEL_RPM, ceilings=(1, None))
    assert (first.obstacle, first.scope, first.reason) == (Obstacle.SUSPENDED, "groq", outlook.obstacles[0].reason)


@on_both
async def test_the_first_obstacle_is_what_admission_answers(rig: Rig) -> None:
    await rig.admit(RPM, MODEL_RPM)
    outlook, answer = await look(rig, RPM, MODEL_RPM), await rig.admit(RPM, MODEL_RPM)
    assert isinstance(answer, Refused)
    assert answer.bucket == outlook.obstacles[0].bucket == MODEL_RPM
    assert answer.wait_s == pytest.approx(outlook.obstacles[0].wait_s, abs=rig.grain_s)


@on_both
async def test_a_half_open_scope_is_free_until_its_probe_is_out(rig: Rig) -> None:
    await rig.fail("groq", open_s=0.1)
    await rig.sleep(0.15)
    assert met(await look(rig)) == []
    probe = await rig.admit()
    assert probe.probes == ("groq",)
    (refused,) = (await look(rig)).obstacles
    assert refused.half_open


@on_both_cold
async def test_looking_at_a_full_scope_is_no_wish_for_more_places(rig: Rig) -> None:
    calls = [await rig.admit() for _ in range(4)]
    assert met(await look(rig)) == [Obstacle.BUSY]
    await rig.sleep(1.1)  # a wish counts as long
    for call in calls:
        await look(rig)
        await rig.store.book(call.reservation, Report(latency_s=0.01))
    assert (await rig.store.states(MODEL))["groq"].concurrency == 4


@on_both
async def test_many_routes_are_looked_at_in_their_order(rig: Rig) -> None:
    await rig.fail("groq/m7", open_s=5)
    asked = [Admission(("groq", f"groq/m{number}"), (RPM,), Amounts(1)) for number in range(200)]
    outlooks = await rig.store.outlook(asked)
    assert [number for number, outlook in enumerate(outlooks) if outlook.obstacles] == [7]
    assert await rig.store.outlook([]) == ()


@on_both
async def test_a_store_that_lost_its_data_says_so(rig: Rig) -> None:
    await rig.lose_data()
    with pytest.raises(StoreLost):
        await look(rig, RPM)


@on_both
async def test_an_old_configuration_is_told_first(rig: Rig) -> None:
    await rig.store.clear(["groq"], 7)
    outlook = await look(rig, version=6)
    assert met(outlook) == [Obstacle.OUTDATED]
    assert met(await look(rig, version=7)) == []
