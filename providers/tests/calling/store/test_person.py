"""A call that a person makes to find out: past suspensions and holds, never past places and budgets. On both stores."""

from providers.llm.errors import ErrorKind
from providers.routing.admission import Admission, Admitted, Obstacle, Refused
from providers.routing.breaker import Trip
from providers.routing.limits.amounts import NOTHING, Amounts
from providers.routing.report import Failure, Hold, Report
from providers.tests.calling.store.store_rig import MODEL, RPM, TPM, Rig, on_both


def asked(*buckets, ceilings=(), tokens=10):
    return Admission(MODEL, buckets, Amounts(tokens), ceilings=ceilings, is_test=True)


async def let_out(rig: Rig, *buckets) -> Admitted:
    admitted = await rig.store.admit(asked(*buckets))
    assert isinstance(admitted, Admitted), admitted
    return admitted


@on_both
async def test_it_goes_past_suspensions_and_holds(rig: Rig):
    await rig.fail("groq", open_s=60)
    await rig.hold("groq/llama", 60, "slow down")
    assert isinstance(await rig.admit(RPM), Refused)
    assert isinstance(await rig.store.admit(asked(RPM)), Admitted)


@on_both
async def test_it_does_not_go_past_a_budget(rig: Rig):
    for _ in range(RPM.limit):
        await rig.admit(RPM)
    refused = await rig.store.admit(asked(RPM))
    assert isinstance(refused, Refused)
    assert refused.obstacle is Obstacle.OVER_BUDGET


@on_both
async def test_it_does_not_go_past_a_ceiling_of_calls_at_once(rig: Rig):
    await rig.admit(ceilings=(1, None))
    refused = await rig.store.admit(asked(ceilings=(1, None)))
    assert isinstance(refused, Refused)
    assert refused.obstacle is Obstacle.BUSY


@on_both
async def test_it_counts_in_every_budget_like_any_other_call(rig: Rig):
    admitted = await let_out(rig, RPM, TPM)
    await rig.settle(admitted.reservation, 7)
    assert await rig.usage(RPM, TPM) == {RPM: 1, TPM: 7}


@on_both
async def test_its_good_answer_ends_the_suspensions_that_it_went_past(rig: Rig):
    for scope in MODEL:
        await rig.fail(scope, open_s=60)
    await rig.fail("groq/other", open_s=60)
    admitted = await let_out(rig)
    await rig.store.book(admitted.reservation, Report(Amounts(1)))
    states = await rig.store.states([*MODEL, "groq/other"])
    assert [state.is_suspended for state in states.values()] == [False, False, True]
    assert isinstance(await rig.admit(), Admitted)


@on_both
async def test_its_failure_leaves_the_suspension_and_never_shortens_it(rig: Rig):
    await rig.fail("groq", open_s=60, max_open_s=60)
    admitted = await let_out(rig)
    failure = Failure("groq", ErrorKind.AUTH, "auth: revoked", Trip(1, 1000, 1000))
    await rig.store.book(admitted.reservation, Report(NOTHING, failure=failure))
    assert (await rig.store.states(["groq"]))["groq"].suspended_for_s > 50


@on_both
async def test_what_says_nothing_lifts_nothing(rig: Rig):
    await rig.fail("groq", open_s=60)
    admitted = await let_out(rig)
    await rig.store.book(admitted.reservation, Report(is_silent=True))
    assert (await rig.store.states(["groq"]))["groq"].is_suspended


@on_both
async def test_a_vendor_that_asks_to_wait_is_heeded(rig: Rig):
    admitted = await let_out(rig)
    await rig.store.book(admitted.reservation, Report(NOTHING, hold=Hold("groq/llama", 60, "429")))
    refused = await rig.admit()
    assert isinstance(refused, Refused)
    assert refused.obstacle is Obstacle.HELD


@on_both
async def test_it_leaves_the_place_of_the_probe_to_the_item_that_waits_for_it(rig: Rig):
    await rig.fail("groq", open_s=0.05)
    await rig.sleep(0.1)
    assert (await let_out(rig)).probes == ()
    assert (await rig.admit()).probes == ("groq",)
