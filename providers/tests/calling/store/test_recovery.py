"""How a provider comes back, what one item shows of itself, and what a route that refuses everybody shows. Over both
stores."""

from providers.llm.errors import ErrorKind
from providers.routing.admission import Admitted, Obstacle
from providers.routing.breaker import Trip
from providers.routing.limits.amounts import NOTHING
from providers.routing.limits.budget import Reservation
from providers.routing.report import Failure, Report, Suspicion
from providers.tests.calling.store.store_rig import RPM, TPM, Rig, on_both

PROVIDER = "groq"
DEAD, FIRST, SECOND, THIRD = (f"{PROVIDER}/{name}" for name in ("dead", "first", "second", "third"))
LONG = Trip(1, 60_000, 900_000)
OUTAGE = Failure(PROVIDER, ErrorKind.SERVER, "503", Trip(3, 200, 200))


async def told(rig: Rig, route: str, report: Report, call: Reservation | None = None) -> Suspicion:
    return await rig.store.book(call or Reservation("nobody's", scopes=(PROVIDER, route)), report)


def down(route: str, item: str = "", trip: Trip = LONG, outage: Failure = OUTAGE) -> Report:
    return Report(failure=Failure(route, ErrorKind.SERVER, "503", trip, item), outage=outage)


def refused(route: str, item: str) -> Report:
    trip = Trip(3, 3_600_000, 3_600_000)
    return Report(refusal=Failure(route, ErrorKind.BAD_REQUEST, "bad_request: Invalid model name", trip, item))


async def ask(rig: Rig, route: str, **kwargs):
    return await rig.admit(scopes=(PROVIDER, route), **kwargs)


async def take_provider_down(rig: Rig, *routes: str) -> None:
    """Every route falls, and so does the call that finds out."""
    for route in routes:
        await told(rig, route, down(route))
    answers = [await ask(rig, route) for route in routes]
    probe = next(answer for answer in answers if isinstance(answer, Admitted))
    await told(rig, probe.reservation.scopes[1], down(probe.reservation.scopes[1]), probe.reservation)
    assert (await rig.store.states([PROVIDER]))[PROVIDER].is_suspended


@on_both
async def test_a_model_that_falls_again_and_again_suspends_itself_alone(rig: Rig) -> None:
    for _ in range(9):
        await told(rig, DEAD, down(DEAD))
    states = await rig.store.states([PROVIDER, DEAD])
    assert [state.is_suspended for state in states.values()] == [False, True]
    assert isinstance(await ask(rig, FIRST), Admitted)


@on_both
async def test_after_three_models_fell_one_call_finds_out_and_its_answer_lets_all_go_on(rig: Rig) -> None:
    for route in (DEAD, SECOND, THIRD):
        await told(rig, route, down(route))
    probe = await ask(rig, FIRST)
    assert probe.probes == (PROVIDER,)
    assert (await ask(rig, FIRST)).half_open
    await told(rig, FIRST, Report(), probe.reservation)
    assert isinstance(await ask(rig, FIRST), Admitted)
    assert (await ask(rig, DEAD)).scope == DEAD


@on_both
async def test_a_good_answer_between_them_means_that_no_provider_is_down(rig: Rig) -> None:
    await told(rig, DEAD, down(DEAD))
    await told(rig, SECOND, down(SECOND))
    await told(rig, FIRST, Report())
    await told(rig, THIRD, down(THIRD))
    assert (await ask(rig, FIRST)).probes == ()


@on_both
async def test_the_probe_of_a_provider_is_the_model_that_worked_last(rig: Rig) -> None:
    for route in (SECOND, FIRST):
        await told(rig, route, Report())
        await rig.sleep(0.01)
    await take_provider_down(rig, DEAD, FIRST, SECOND)  # its first try was FIRST
    await rig.sleep(0.25)
    assert (await ask(rig, DEAD)).half_open
    assert (await ask(rig, FIRST)).half_open
    assert SECOND in (await ask(rig, SECOND)).reservation.scopes


@on_both
async def test_the_probes_of_a_provider_go_each_time_to_another_of_the_models_that_worked(rig: Rig) -> None:
    for route in (FIRST, SECOND):
        await told(rig, route, Report())
        await rig.sleep(0.01)
    await take_provider_down(rig, DEAD, FIRST, SECOND)  # its first try is SECOND
    probes = []
    for _ in range(4):
        await rig.sleep((await rig.store.states([PROVIDER]))[PROVIDER].suspended_for_s)
        for route in (FIRST, SECOND):
            if isinstance(answer := await ask(rig, route), Admitted):
                probes.append(route)
                await told(rig, route, down(route), answer.reservation)
                await rig.sleep(0.01)
                break
    assert probes == [FIRST, SECOND, FIRST, SECOND]


@on_both
async def test_when_its_turn_is_not_taken_another_model_may_probe(rig: Rig) -> None:
    await told(rig, FIRST, Report())
    await take_provider_down(rig, DEAD, SECOND, FIRST)
    await told(rig, THIRD, Report())
    await rig.sleep(0.25)
    left_to_another = await ask(rig, DEAD)
    assert (left_to_another.obstacle, left_to_another.half_open) == (Obstacle.SUSPENDED, True)
    await rig.sleep(left_to_another.wait_s)
    assert PROVIDER in (await ask(rig, DEAD)).probes


@on_both
async def test_when_the_provider_is_back_each_of_its_models_may_send_its_probe(rig: Rig) -> None:
    await told(rig, FIRST, Report())
    await take_provider_down(rig, DEAD, SECOND, FIRST)
    await rig.sleep(0.25)
    probe = await ask(rig, FIRST)
    await told(rig, FIRST, Report(), probe.reservation)
    for route in (DEAD, SECOND):
        assert (await ask(rig, route)).probes == (route,)
        assert (await ask(rig, route)).half_open


@on_both
async def test_a_last_resort_goes_past_an_outage_some_time_after_its_last_failure(rig: Rig) -> None:
    await told(rig, DEAD, Report(failure=Failure(DEAD, ErrorKind.SERVER, "503", LONG)))
    waiting = await ask(rig, DEAD)
    assert 30 - rig.grain_s < waiting.last_resort_s <= 30 < waiting.wait_s
    assert (await ask(rig, DEAD, is_last_resort=True)).wait_s <= 30


@on_both
async def test_no_last_resort_goes_past_a_key_that_was_refused(rig: Rig) -> None:
    await told(rig, DEAD, Report(failure=Failure(PROVIDER, ErrorKind.AUTH, "auth", LONG)))
    waiting = await ask(rig, DEAD)
    assert waiting.last_resort_s == waiting.wait_s > 30


@on_both
async def test_an_item_that_fails_alone_where_others_pass_is_at_fault_and_suspends_nothing(rig: Rig) -> None:
    trip = Trip(3, 60_000, 900_000)
    await told(rig, FIRST, Report())
    assert await told(rig, FIRST, down(FIRST, "poison", trip)) is Suspicion.NONE
    assert await told(rig, FIRST, down(FIRST, "poison", trip)) is Suspicion.LIKELY
    await rig.sleep(0.01)
    await told(rig, FIRST, Report())
    for _ in range(5):
        assert await told(rig, FIRST, down(FIRST, "poison", trip)) is Suspicion.SURE
    assert isinstance(await ask(rig, FIRST), Admitted)


@on_both
async def test_two_such_items_are_both_at_fault_once_they_fail_often(rig: Rig) -> None:
    trip = Trip(99, 60_000, 900_000)
    for item in ("a", "b"):
        await told(rig, FIRST, down(FIRST, item, trip))
    await rig.sleep(0.01)
    await told(rig, FIRST, Report())
    found = [[await told(rig, FIRST, down(FIRST, item, trip)) for item in ("a", "b")] for _ in range(4)]
    assert found[-1] == [Suspicion.SURE, Suspicion.SURE]


@on_both
async def test_where_several_items_fail_and_none_passes_the_route_is_at_fault(rig: Rig) -> None:
    trip = Trip(3, 60_000, 900_000)
    await told(rig, FIRST, Report())
    for item in ("a", "b", "a"):
        assert await told(rig, FIRST, down(FIRST, item, trip)) is Suspicion.NONE
    assert (await ask(rig, FIRST)).obstacle is Obstacle.SUSPENDED


@on_both
async def test_where_nobody_ever_passed_one_item_is_enough_to_suspend_the_route(rig: Rig) -> None:
    trip = Trip(3, 60_000, 900_000)
    for _ in range(3):
        assert await told(rig, FIRST, down(FIRST, "a", trip)) is Suspicion.NONE
    assert (await ask(rig, FIRST)).obstacle is Obstacle.SUSPENDED


@on_both
async def test_three_items_refused_where_nobody_passed_suspend_the_route_with_the_vendors_words(rig: Rig) -> None:
    for item in ("a", "b", "a", "b"):
        assert await told(rig, FIRST, refused(FIRST, item)) is Suspicion.NONE
        assert isinstance(await ask(rig, FIRST), Admitted)
    await told(rig, FIRST, refused(FIRST, "c"))
    stopped = await ask(rig, FIRST)
    assert (stopped.obstacle, stopped.reason) == (Obstacle.SUSPENDED, "bad_request: Invalid model name")
    assert 3600 - rig.grain_s < stopped.wait_s <= 3600
    assert isinstance(await ask(rig, SECOND), Admitted)


@on_both
async def test_a_refusal_where_others_pass_is_the_items_own(rig: Rig) -> None:
    await told(rig, FIRST, Report())
    for item in ("a", "b", "c", "d"):
        assert await told(rig, FIRST, refused(FIRST, item)) is Suspicion.SURE
    assert isinstance(await ask(rig, FIRST), Admitted)


@on_both
async def test_a_good_answer_ends_the_row_of_refusals(rig: Rig) -> None:
    for item in ("a", "b"):
        await told(rig, FIRST, refused(FIRST, item))
    await told(rig, FIRST, Report())
    assert await told(rig, FIRST, refused(FIRST, "c")) is Suspicion.SURE


@on_both
async def test_a_probe_that_is_refused_again_suspends_the_route_again(rig: Rig) -> None:
    for item in ("a", "b", "c"):
        trip = Trip(3, 200, 200)
        refusal = Failure(FIRST, ErrorKind.BAD_REQUEST, "no", trip, item)
        await told(rig, FIRST, Report(refusal=refusal))
    await rig.sleep(0.25)
    probe = await ask(rig, FIRST)
    assert probe.probes == (FIRST,)
    await told(rig, FIRST, refused(FIRST, "d"), probe.reservation)
    assert (await ask(rig, FIRST)).wait_s > 3000


@on_both
async def test_a_refusal_ends_an_outage_since_the_vendor_works(rig: Rig) -> None:
    await told(rig, FIRST, Report(failure=Failure(FIRST, ErrorKind.SERVER, "503", Trip(1, 100, 100))))
    await rig.sleep(0.15)
    probe = await ask(rig, FIRST)
    await told(rig, FIRST, refused(FIRST, "a"), probe.reservation)
    assert (await ask(rig, FIRST)).probes == ()


@on_both
async def test_a_call_that_never_reached_the_vendor_uses_up_nothing(rig: Rig) -> None:
    call = await rig.admit(RPM, TPM, tokens=60)
    failure = Failure("groq/llama", ErrorKind.CONNECTION, "Host not found", Trip(3, 100, 100))
    await rig.store.book(call.reservation, Report(NOTHING, failure=failure, is_unsent=True))
    assert await rig.usage(RPM, TPM) == {RPM: 0, TPM: 0}
