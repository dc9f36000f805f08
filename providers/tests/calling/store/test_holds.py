"""Whose limit a refusal is about, and how long it is waited for. Over both stores."""

from providers.llm.types import LimitFact
from providers.routing.admission import Admitted, Obstacle
from providers.routing.limits.amounts import NOTHING, Unit
from providers.routing.limits.budget import Bucket, Reservation
from providers.routing.limits.window import MINUTE
from providers.routing.report import Hold, Report
from providers.tests.calling.store.store_rig import Rig, on_both

ACCOUNT = "groq"
FULL, FREE, OTHER = (f"{ACCOUNT}/{name}" for name in ("full", "free", "other"))
SHARED = Bucket(ACCOUNT, Unit.REQUESTS, MINUTE, 100)


async def ask(rig: Rig, route: str):
    return await rig.admit(SHARED, scopes=(ACCOUNT, route), account=ACCOUNT)


async def told(rig: Rig, route: str, report: Report, call: Admitted | None = None) -> None:
    await rig.store.book(call.reservation if call else Reservation("nobody's", scopes=(ACCOUNT, route)), report)


def full(route: str, seconds: float | None = 9.0, account: str = ACCOUNT) -> Report:
    return Report(NOTHING, hold=Hold(route, seconds, "rate_limited", account=account))


async def seem(rig: Rig) -> str:
    return (await rig.store.states([ACCOUNT]))[ACCOUNT].limits_seem


@on_both
async def test_a_full_model_holds_itself_and_one_call_to_another_finds_out_about_the_account(rig: Rig) -> None:
    await told(rig, FULL, full(FULL))
    assert (await ask(rig, FULL)).obstacle is Obstacle.HELD
    assert isinstance(await ask(rig, FREE), Admitted)
    for route in (FREE, OTHER):
        waiting = await ask(rig, route)
        assert (waiting.obstacle, waiting.scope) == (Obstacle.IN_DOUBT, ACCOUNT)


@on_both
async def test_where_the_other_model_answers_the_account_is_not_full(rig: Rig) -> None:
    await told(rig, FULL, full(FULL))
    await told(rig, FREE, Report(), await ask(rig, FREE))
    assert await seem(rig) == "model"
    assert all([isinstance(await ask(rig, route), Admitted) for route in (FREE, OTHER, FREE)])
    await told(rig, OTHER, full(OTHER))
    assert all([isinstance(await ask(rig, FREE), Admitted) for _ in range(3)])


@on_both
async def test_where_the_other_model_is_refused_too_the_account_is_held_and_nobody_asks_on(rig: Rig) -> None:
    await told(rig, FULL, full(FULL, 9))
    await told(rig, FREE, full(FREE, 5), await ask(rig, FREE))
    assert await seem(rig) == "account"
    held = await ask(rig, OTHER)
    assert (held.obstacle, held.scope) == (Obstacle.HELD, ACCOUNT)
    assert held.wait_s <= 5


@on_both
async def test_an_account_that_was_found_full_is_held_at_once_the_next_time(rig: Rig) -> None:
    await told(rig, FULL, full(FULL, 0.1))
    await told(rig, FREE, full(FREE, 0.1), await ask(rig, FREE))
    await rig.sleep(0.15)
    await told(rig, FULL, full(FULL, 5), await ask(rig, FULL))
    assert (await ask(rig, FREE)).scope == ACCOUNT


@on_both
async def test_an_answer_to_a_call_from_before_the_refusal_says_nothing_of_the_account(rig: Rig) -> None:
    earlier = await ask(rig, FREE)
    await rig.sleep(0.01)
    await told(rig, FULL, full(FULL))
    await told(rig, FREE, Report(), earlier)
    assert await seem(rig) == ""


@on_both
async def test_a_call_that_finds_out_and_fails_lets_the_next_one_find_out(rig: Rig) -> None:
    await told(rig, FULL, full(FULL))
    call = await ask(rig, FREE)
    await rig.store.release(call.reservation)
    call = await ask(rig, FREE)
    await told(rig, FREE, Report(is_silent=True), call)
    assert isinstance(await ask(rig, OTHER), Admitted)


@on_both
async def test_where_limits_are_each_models_own_nothing_is_asked_of_the_account(rig: Rig) -> None:
    await told(rig, FULL, full(FULL, account=""))
    answers = [await rig.admit(scopes=(ACCOUNT, FREE)) for _ in range(5)]
    assert all(isinstance(answer, Admitted) for answer in answers)
    assert await seem(rig) == ""


@on_both
async def test_refusals_that_go_on_are_waited_for_longer_each_time_but_never_shorter_than_the_vendors_word(
    rig: Rig,
) -> None:
    waits = []
    for word in (0.1, 0.1, 500.0):
        call = await rig.admit(scopes=(ACCOUNT, FULL))
        hold = Hold(FULL, word, "rate_limited", first_s=0.15)
        await rig.store.book(call.reservation, Report(NOTHING, hold=hold))
        held = await rig.admit(scopes=(ACCOUNT, FULL))
        waits.append(held.wait_s)
        if word < 1:
            await rig.sleep(held.wait_s + 0.01)
    assert waits[0] <= 0.1 < waits[1] <= 0.3
    assert 500 - rig.grain_s < waits[2] <= 500


@on_both
async def test_a_vendor_that_names_no_time_is_waited_for_by_ours(rig: Rig) -> None:
    await told(rig, FULL, Report(NOTHING, hold=Hold(FULL, None, "rate_limited", first_s=60)))
    assert 60 - rig.grain_s < (await rig.admit(scopes=(ACCOUNT, FULL))).wait_s <= 60


@on_both
async def test_refusals_of_calls_that_were_under_way_together_count_once(rig: Rig) -> None:
    calls = [await rig.admit(scopes=(ACCOUNT, FULL)) for _ in range(4)]
    for call in calls:
        await rig.store.book(call.reservation, Report(NOTHING, hold=Hold(FULL, 5, "rate_limited", first_s=100)))
    assert (await rig.admit(scopes=(ACCOUNT, FULL))).wait_s <= 5


@on_both
async def test_a_good_answer_ends_the_row_of_refusals(rig: Rig) -> None:
    hold = Hold(FULL, 0.05, "rate_limited", first_s=100)
    for _ in range(3):
        call = await rig.admit(scopes=(ACCOUNT, FULL))
        await rig.store.book(call.reservation, Report(NOTHING, hold=hold))
        await rig.sleep(0.06)
        call = await rig.admit(scopes=(ACCOUNT, FULL))
        await rig.store.book(call.reservation, Report())
    assert isinstance(await rig.admit(scopes=(ACCOUNT, FULL)), Admitted)


@on_both
async def test_it_ends_the_row_too_where_the_vendor_said_to_wait_no_time_at_all(rig: Rig) -> None:
    for _ in range(2):
        call = await rig.admit(scopes=(ACCOUNT, FULL))
        await rig.store.book(call.reservation, Report(NOTHING, hold=Hold(FULL, 0.0, "rate_limited", first_s=100)))
        await rig.store.book((await rig.admit(scopes=(ACCOUNT, FULL))).reservation, Report())
        await rig.sleep(0.01)
    assert isinstance(await rig.admit(scopes=(ACCOUNT, FULL)), Admitted)


@on_both
async def test_refused_again_after_its_wait_one_call_at_a_time_finds_out_whether_it_is_over(rig: Rig) -> None:
    hold = Hold(FULL, 0.05, "rate_limited", first_s=0.05)
    for _ in range(2):
        call = await rig.admit(scopes=(ACCOUNT, FULL))
        await rig.store.book(call.reservation, Report(NOTHING, hold=hold))
        await rig.sleep(0.12)
    assert isinstance(await rig.admit(scopes=(ACCOUNT, FULL)), Admitted)
    assert (await rig.admit(scopes=(ACCOUNT, FULL))).obstacle is Obstacle.BUSY


@on_both
async def test_a_refused_models_headers_say_nothing_of_the_accounts_budget(rig: Rig) -> None:
    call = await ask(rig, FULL)
    said = LimitFact("requests", remaining=0, reset_s=400.0)
    await told(rig, FULL, Report(NOTHING, hold=Hold(FULL, 9, "429", account=ACCOUNT), vendor=(said,)), call)
    assert isinstance(await ask(rig, FREE), Admitted)
