"""The arithmetic of estimates, by tables: values in, values out."""

from decimal import Decimal

import pytest

from generation.actions.expectations import ROUTES_MAX
from generation.engine.estimates.estimate import Expected, Measured, Plan, estimate, expect
from generation.engine.estimates.jobs import Job, Source
from generation.engine.estimates.throughput import run
from generation.engine.estimates.usual import Usual
from legalds.tests.effort import calls_in
from providers.routing.config import Limits, ModelEntry, ProviderEntry
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.use import Leave, Use
from providers.routing.limits.window import DAY, MINUTE
from providers.routing.route import Route
from providers.routing.seconds import DAY_S

A_MINUTE = Bucket("a", Unit.REQUESTS, MINUTE, 30)
A_DAY = Bucket("a", Unit.REQUESTS, DAY, 1_000)
A_TOKENS = Bucket("a", Unit.TOKENS, MINUTE, 6_000)
USUALS = {"simple_qa": Usual(500, 300), "case_study": Usual(700, 1_200)}


def ran(sources, samples, at_once, uses=None):
    return run([Job(tuple(sources), samples, at_once)], uses or {}, 0.0)[0]


def told_of(plan, routes):
    return estimate(plan, routes)


def source(key="a/x", *buckets, latency_s=2.0, tokens=1_000.0, repeats=1.0, ceiling=None):
    return Source(key, key.partition("/")[0], buckets, latency_s, Amounts(round(tokens)), repeats, ceiling)


def route(provider="a", model="x", *, prices=(None, None), calls=None, **limits):
    entry = ModelEntry(model, input_price=prices[0], output_price=prices[1])
    return Route(
        ProviderEntry(provider, provider.title(), "openai", "", limits=Limits(**limits), max_concurrency=calls), entry
    )


def expected(chosen=None, *, calls=0, repeats=1.0, prompt=600.0, answer=400.0, latency_s=2.0):
    return Expected(chosen or route(), calls, repeats, prompt, answer, latency_s)


@pytest.mark.parametrize(
    ("sources", "samples", "at_once", "seconds"),
    [
        ([source()], 1_000, 4, 500),  # 4 calls at once, 2 s each
        ([source()], 1_000, 32, 62.5 + 2 * 3),  # and three rounds until all places are open
        ([source(repeats=2.0)], 1_000, 4, 1_000),
        ([source("a/x", ceiling=2)], 100, 4, 100),
        ([source("a/x", A_MINUTE)], 30, 4, 15),  # the first minute's limit may be used at once
        ([source("a/x", A_MINUTE)], 330, 4, 602.5 + 15),
        ([source("a/x", A_TOKENS)], 66, 4, 663),
        ([source("a/x", A_MINUTE), source("b/x")], 1_000, 4, 500),  # what does not fit goes on to the next
        ([source("a/x", A_MINUTE), source("a/y", A_MINUTE)], 330, 4, 602.5 + 15),  # a shared limit counts once
    ],
)
def test_the_tightest_limit_decides_how_long_it_takes(sources, samples, at_once, seconds):
    assert ran(sources, samples, at_once).seconds == pytest.approx(seconds, rel=0.04)


@pytest.mark.parametrize(("samples", "days"), [(1_000, 0), (1_001, 1), (2_000, 1), (11_500, 11)])
def test_a_limit_per_day_makes_it_last_days(samples, days):
    outcome = ran([source("a/x", A_MINUTE, A_DAY)], samples, 32)
    assert outcome.seconds == pytest.approx(days * DAY_S + 2 * (samples - 1_000 * days), rel=0.03, abs=60)
    assert outcome.made["a/x"] == pytest.approx(samples)
    assert (outcome.waits_for == A_DAY) is (days > 0)


def test_what_a_day_has_given_away_comes_back_when_it_leaves_the_window():
    used = {A_DAY: Use(400, (Leave(3_600, 3_600, 400),))}
    assert ran([source("a/x", A_DAY)], 500, 32, used).seconds < 120
    assert ran([source("a/x", A_DAY)], 700, 32, used).seconds == pytest.approx(3_600, abs=60)


def test_a_spent_day_lets_the_next_route_take_over():
    outcome = ran([source("a/x", A_DAY), source("b/x", latency_s=1)], 3_000, 4)
    assert (outcome.waits_for, round(outcome.made["a/x"]), round(outcome.made["b/x"])) == (None, 1_000, 2_000)


def test_a_day_is_waited_for_only_where_nothing_else_goes():
    alone = told_of(Plan(3_000, 4, {}), [expected(route("a", requests_per_day=1_000))])
    assert (alone.days, alone.waits_for) == (3, A_DAY)
    beside = told_of(Plan(100_000, 4, {}), [expected(route("a", requests_per_day=1_000)), expected(route("b"))])
    assert (beside.days, beside.waits_for) == (0, None)
    spent = told_of(
        Plan(10, 4, uses={A_DAY: Use(1_000, (Leave(90_000, 90_000, 1_000),))}),
        [expected(route("a", requests_per_day=1_000))],
    )
    assert (spent.days, spent.waits_for) == (2, A_DAY)


def test_an_even_pace_lets_no_burst_go():
    smooth = Bucket("a", Unit.REQUESTS, MINUTE, 30, is_smooth=True)
    assert ran([source("a/x", smooth)], 30, 4).seconds == pytest.approx(60, rel=0.03)


def test_the_bound_names_the_limit_that_held_most_samples():
    assert ran([source("a/x", A_MINUTE)], 330, 4).bound.bucket == A_MINUTE
    assert ran([source("a/x")], 330, 4).bound.calls_at_once == 4


def test_what_was_measured_of_a_type_counts_before_the_routes_mean_and_that_before_the_usual():
    facts = [Measured("simple_qa", 10, 10, 5_000, 2_000, 10.0), Measured("case_study", 2, 1, 1_400, 3_000, 8.0)]
    own = expect(route(), facts, {"simple_qa": 1.0}, USUALS)
    assert (own.prompt_tokens, own.completion_tokens, own.latency_s, own.calls) == (500, 200, 1.0, 12)
    other = expect(route(), facts, {"case_study": 1.0}, USUALS)
    assert other.completion_tokens == pytest.approx(5_000 / 12)
    unknown = expect(route(), [], {"case_study": 0.5, "simple_qa": 0.5}, USUALS)
    assert (unknown.prompt_tokens, unknown.completion_tokens, unknown.calls) == (600, 750, 0)


def test_what_vendors_had_kept_of_prompts_counts_for_nothing_where_a_limit_says_so():
    facts = [Measured("simple_qa", 10, 10, 5_000, 3_000, 10.0, 4_000)]
    uncached = expect(route(), facts, {"simple_qa": 1.0}, USUALS).source().amounts.of(Unit.UNCACHED)
    assert uncached == 500 + 300 - 400


def test_wrong_answers_are_paid_for_too():
    facts = [Measured("simple_qa", 99, 49, 99 * 500, 99 * 300, 99.0)]
    assert expect(route(), facts, {"simple_qa": 1.0}, USUALS).calls_per_sample == pytest.approx(2)


def test_more_calls_make_the_range_narrower():
    widths = [expected(calls=calls).width for calls in (0, 1, 25, 400)]
    assert widths == [0.5, 0.5, pytest.approx(0.3), pytest.approx(0.15)]


def test_tokens_and_cost_are_ranges_around_the_middle():
    priced = expected(route(prices=(Decimal(1), Decimal(2))), calls=400)
    told = told_of(Plan(1_000, 4, {}), [priced])
    assert [told.tokens.low, told.tokens.high] == pytest.approx([940_000, 1_060_000])
    assert [told.cost.low, told.cost.high] == pytest.approx([1.28, 1.52])
    assert told.unpriced == ()


def test_routes_without_a_price_are_named_and_left_out_of_the_cost():
    limited = expected(route("a", prices=(Decimal(1), Decimal(1)), requests_per_minute=30))
    told = told_of(Plan(1_000, 4, {}), [limited, expected(route("b"))])
    assert [entry.provider.id for entry, _ in told.routes] == ["a", "b"]
    assert [entry.provider.id for entry in told.unpriced] == ["b"]
    assert told.cost.high < 1
    assert told_of(Plan(10, 4, {}), [expected()]).cost is None


@pytest.mark.parametrize(
    ("token_cap", "after", "is_sure"),
    [(500_000, 500, True), (100, 0, True), (1_030_000, 971, False), (2_000_000, None, None)],
)
def test_a_cap_that_is_too_low_is_seen_before_the_start(token_cap, after, is_sure):
    told = told_of(Plan(1_000, 4, {}, token_cap=token_cap), [expected(calls=400)]).token_cap
    assert (told and (told.after, told.is_sure)) == (after if after is None else (after, is_sure))


def test_a_cost_cap_is_seen_too():
    priced = expected(route(prices=(Decimal(1), Decimal(2))), calls=400)
    assert told_of(Plan(1_000, 4, {}, cost_cap=Decimal("0.70")), [priced]).cost_cap.after == 500


def test_many_providers_and_a_huge_order_are_estimated_at_once():
    many = [
        expected(route(f"p{number}", requests_per_minute=10 + number, requests_per_day=500 + number), calls=10)
        for number in range(ROUTES_MAX)
    ]
    assert told_of(Plan(10_000_000, 32, {}), many).days > 300
    assert calls_in(lambda: told_of(Plan(10_000_000, 32, {}), many)) < 2_000_000
