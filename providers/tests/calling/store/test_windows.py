"""Long windows and those of a calendar, over both stores: exact waits, nothing lost, nothing over."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from providers.routing.admission import Admitted, Refused
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import HORIZON_MS, MARGIN_S, Bucket, PastUse
from providers.routing.limits.window import Span, Window
from providers.routing.report import Report
from providers.tests.calling.store.store_rig import Rig, on_both

PACIFIC = "America/Los_Angeles"
MIDNIGHT = Bucket("google/flash", Unit.REQUESTS, Window(1, Span.DAY, PACIFIC), 3)
WEEK = Bucket("ollama", Unit.TOKENS, Window(1, Span.WEEK), 1000)
MONEY = Bucket("*", Unit.MONEY, Window(1, Span.MONTH, "UTC"), 5_000_000)
UNCACHED = Bucket("cerebras", Unit.UNCACHED, Window(1, Span.HOUR), 100)
QUIET_S = MARGIN_S + HORIZON_MS / 1000


def at(rig: Rig, local: str, zone: str = PACIFIC) -> None:
    rig.clock.now_s = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()


@on_both
async def test_a_day_is_over_at_midnight_there_also_where_clocks_change(rig: Rig) -> None:
    for noon, hours in (("2026-03-07T12:00", 12), ("2026-03-08T12:00", 12), ("2026-10-31T20:00", 4)):
        at(rig, noon)
        for _ in range(MIDNIGHT.limit):
            assert isinstance(await rig.admit(MIDNIGHT), Admitted)
        assert await rig.wait_of(MIDNIGHT) == pytest.approx(hours * 3600 + MARGIN_S)
    at(rig, "2026-11-01T00:00:01")
    for _ in range(MIDNIGHT.limit):
        await rig.admit(MIDNIGHT)
    assert await rig.wait_of(MIDNIGHT) == pytest.approx(25 * 3600 - 1 + MARGIN_S)


@on_both
async def test_no_call_leaves_right_before_midnight_so_that_none_arrives_on_the_wrong_side(rig: Rig) -> None:
    at(rig, "2026-06-01T23:59:59.5")
    assert await rig.wait_of(MIDNIGHT) == pytest.approx(0.5)
    await rig.sleep(0.5)
    assert isinstance(await rig.admit(MIDNIGHT), Admitted)
    at(rig, "2026-06-02T23:59:59")
    assert QUIET_S < 1
    assert isinstance(await rig.admit(MIDNIGHT), Admitted)


@on_both
async def test_a_call_that_comes_back_after_midnight_counts_for_the_day_on_which_it_left(rig: Rig) -> None:
    at(rig, "2026-06-01T23:59:00")
    admitted = await rig.admit(MIDNIGHT)
    at(rig, "2026-06-02T00:05:00")
    await rig.store.book(admitted.reservation, Report(Amounts(10)))
    assert await rig.usage(MIDNIGHT) == {MIDNIGHT: 0}
    late = await rig.admit(MIDNIGHT)
    await rig.store.book(late.reservation, Report(Amounts(10)))
    await rig.store.book(late.reservation, Report(Amounts(10)))  # sent twice: rather too much than too little
    assert (await rig.usage(MIDNIGHT))[MIDNIGHT] in (1, 2)


@on_both
async def test_a_week_of_calls_is_counted_by_parts_and_never_forgotten_early(rig: Rig) -> None:
    for _ in range(10):
        admitted = await rig.admit(WEEK, tokens=100)
        await rig.store.book(admitted.reservation, Report(Amounts(60, 40)))
        await rig.sleep(3600)
    wait_s = await rig.wait_of(WEEK, tokens=100)
    exactly_s = 7 * 86_400 - 10 * 3600
    assert exactly_s <= wait_s <= exactly_s + WEEK.grain_ms / 1000 + MARGIN_S
    await rig.sleep(wait_s)
    assert isinstance(await rig.admit(WEEK, tokens=100), Admitted)
    assert isinstance(await rig.admit(WEEK, tokens=100), Refused)


@on_both
async def test_what_was_reserved_is_settled_in_every_unit(rig: Rig) -> None:
    buckets = (WEEK, MONEY, UNCACHED)
    asked = Amounts(60, 40, cached=0, money=900_000)
    admitted = await rig.admit(*buckets, amounts=asked)
    assert await rig.usage(*buckets) == {WEEK: 100, MONEY: 900_000, UNCACHED: 100}
    await rig.store.book(admitted.reservation, Report(Amounts(60, 10, cached=50, money=123_456)))
    assert await rig.usage(*buckets) == {WEEK: 70, MONEY: 123_456, UNCACHED: 20}
    unsent = await rig.admit(*buckets, amounts=Amounts(1, 1, money=5))
    await rig.store.book(unsent.reservation, Report(is_unsent=True))
    given_back = await rig.admit(*buckets, amounts=Amounts(1, 1, money=5))
    await rig.store.release(given_back.reservation)
    assert await rig.usage(*buckets) == {WEEK: 70, MONEY: 123_456, UNCACHED: 20}


@on_both
async def test_past_calls_of_long_windows_are_there_again_after_a_loss_and_once(rig: Rig) -> None:
    at(rig, "2026-06-02T08:00")
    await rig.lose_data()
    today, yesterday = PastUse(MIDNIGHT, "past-a", 7 * 3600, 2), PastUse(MIDNIGHT, "past-b", 9 * 3600, 3)
    past = [today, yesterday, PastUse(WEEK, "past-c", 6.9 * 86_400, 400), PastUse(WEEK, "past-d", 60, 500)]
    await rig.store.restore(past, 0)
    await rig.store.restore(past, 0)
    assert await rig.usage(MIDNIGHT, WEEK) == {MIDNIGHT: 2, WEEK: 900}
    assert 0.1 * 86_400 <= await rig.wait_of(WEEK, tokens=200) <= 0.1 * 86_400 + WEEK.grain_ms / 1000 + MARGIN_S


@on_both
async def test_a_lowered_limit_of_a_calendar_keeps_what_was_used(rig: Rig) -> None:
    at(rig, "2026-06-01T10:00")
    await rig.admit(MIDNIGHT)
    await rig.admit(MIDNIGHT)
    lowered = Bucket(MIDNIGHT.key, MIDNIGHT.unit, MIDNIGHT.window, 2)
    assert await rig.wait_of(lowered) == pytest.approx(14 * 3600 + MARGIN_S)


@on_both
async def test_a_call_that_was_under_way_when_the_data_were_lost_gives_back_nothing_that_lumps_do_not_hold(
    rig: Rig,
) -> None:
    buckets, asked = (WEEK, MONEY), Amounts(60, 40, money=900_000)
    before = await rig.admit(*buckets, amounts=asked)
    await rig.lose_data()
    await rig.sleep(1)
    await rig.store.restore([PastUse(WEEK, "past-a", 60, 200)], 0)
    await rig.store.renew([before.reservation])
    await rig.admit(*buckets, amounts=asked)
    await rig.store.book(before.reservation, Report(Amounts(60, 10, money=100_000)))
    assert await rig.usage(*buckets) == {WEEK: 200 + 100 + 70, MONEY: 900_000 + 100_000}
