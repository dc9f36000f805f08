"""What past calls took of long limits, told for a store that has lost its data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from providers.calling.rebuilding import PastCall, long_uses, uses
from providers.routing.config import LimitEntry, Limits, LimitScope, ModelEntry, ProviderEntry, Snapshot
from providers.routing.estimates import EXPECTED_ANSWER_TOKENS
from providers.routing.limits.amounts import NOTHING, Amounts, Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import DAY, MINUTE, Span, Window

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
CALLED = Amounts(600, 400, cached=100, money=2_000)
A_DAY = Bucket("a", Unit.REQUESTS, DAY, 50)
A_MONTH = Bucket("*", Unit.MONEY, Window(1, Span.MONTH, "UTC"), 5_000_000)
TOKENS_A_DAY = Bucket("a", Unit.TOKENS, DAY, 100_000)
TWO_WEEKS = Bucket("a", Unit.UNCACHED, Window(2, Span.WEEK), 10_000_000)


def call(number, ago, provider="a", model="m"):
    return PastCall(f"call-{number}", provider, model, NOW - ago, CALLED)


def told(buckets, *calls):
    return [(use.bucket, use.amount, use.ago_s) for use in uses(lambda _: buckets, calls, NOW)]


def test_calls_of_a_day_are_told_one_by_one_under_their_own_ids():
    calls = [call(number, timedelta(hours=number)) for number in (1, 2)]
    found = list(uses(lambda _: [A_DAY], calls, NOW))
    assert [(use.id, use.amount, use.ago_s) for use in found] == [("call-1", 1, 3600), ("call-2", 1, 7200)]


def test_calls_of_a_period_are_told_as_one_and_each_period_by_itself():
    calls = [call(number, timedelta(days=number)) for number in (1, 2, 15)]  # the last one in May
    assert told([A_MONTH], *calls) == [(A_MONTH, 4_000, 86_400), (A_MONTH, 2_000, 15 * 86_400)]


def test_calls_of_a_grain_are_told_as_new_as_the_newest_of_them():
    calls = [call(number, timedelta(minutes=number)) for number in (1, 2, 60 * 24)]
    assert told([TWO_WEEKS], *calls) == [(TWO_WEEKS, 1_800, 60), (TWO_WEEKS, 900, 86_400)]


def test_who_counts_a_moment_later_names_what_counts_together_alike():
    calls = [call(1, timedelta(minutes=1))]
    first, second = (next(uses(lambda _: [A_MONTH], calls, now)).id for now in (NOW, NOW + timedelta(minutes=3)))
    assert first == second


def test_calls_that_timed_out_count_as_much_as_others_of_their_route():
    hour, half = timedelta(hours=1), replace(call(3, timedelta(0)), amounts=Amounts(200, 199, money=1_000))
    cut_off = [replace(call(number, hour), amounts=NOTHING, is_unknown=True) for number in (1, 2)]
    refused = replace(call(5, hour), amounts=NOTHING)
    elsewhere = replace(call(6, hour, model="dear"), amounts=Amounts(90_000, money=9_000_000))
    found = uses(lambda _: [A_DAY, TOKENS_A_DAY], [*cut_off, call(4, hour), half, refused, elsewhere], NOW)
    counts = {(use.id, use.bucket.unit): use.amount for use in found}
    assert [counts[f"call-{number}", Unit.REQUESTS] for number in (1, 2)] == [1, 1]
    assert [counts[f"call-{number}", Unit.TOKENS] for number in (1, 2, 5)] == [700, 700, 0]


def test_a_call_that_timed_out_where_nothing_else_is_known_counts_as_an_answer_that_is_expected():
    cut_off = replace(call(1, timedelta(hours=1)), amounts=NOTHING, is_unknown=True)
    assert [use.amount for use in uses(lambda _: [TOKENS_A_DAY], [cut_off], NOW)] == [EXPECTED_ANSWER_TOKENS]


def test_models_that_are_off_or_gone_count_for_what_they_shared():
    monthly = LimitEntry(LimitScope.INSTALLATION, Unit.MONEY, 5_000_000, Window(1, Span.MONTH, "UTC"))
    provider = ProviderEntry(
        "a",
        "A",
        "openai",
        "",
        enabled=False,
        limits=Limits(requests_per_minute=9, requests_per_day=50),
        above=(monthly,),
        models=(ModelEntry("m", limits=Limits(requests_per_day=5)),),
    )
    asked: list[timedelta] = []

    class OneLedger:
        def past_calls(self, since):
            asked.append(since)
            hour = timedelta(hours=1)
            return [call(1, hour), call(2, hour, model="gone"), call(3, hour, provider="gone")]

        def was_active(self, within):
            return False

    found = list(long_uses(Snapshot(1, (provider,)), OneLedger()))
    owners = [(use.bucket.key, use.id) for use in found if use.bucket.unit is Unit.REQUESTS]
    assert sorted(owners) == [("a", "call-1"), ("a", "call-2"), ("a/m", "call-1")]
    assert [use.amount for use in found if use.bucket.unit is Unit.MONEY] == [6_000]
    assert asked[0] >= timedelta(days=31)


def test_a_ledger_is_not_asked_where_all_limits_are_short():
    provider = ProviderEntry("a", "A", "openai", "", limits=Limits(requests_per_minute=9), models=(ModelEntry("m"),))
    assert not list(long_uses(Snapshot(1, (provider,)), None))  # type: ignore[arg-type]  # it would fail
    assert Bucket("a", Unit.REQUESTS, MINUTE, 9).is_short
