"""Time, by limits of every window, several batches and routes that are not there yet: values in, values out."""

import pytest

from generation.engine.estimates.jobs import Job, Source
from generation.engine.estimates.paced import paced
from generation.engine.estimates.throughput import run
from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import EVERYTHING, Bucket
from providers.routing.limits.urgency import Urgency
from providers.routing.limits.use import Leave, Use
from providers.routing.limits.window import DAY, MINUTE, Span, Window
from providers.routing.seconds import DAY_S, HOUR_S

NOON = 1_700_006_400 - 1_700_006_400 % DAY_S + 12 * HOUR_S
A_MINUTE = Bucket("a", Unit.REQUESTS, MINUTE, 30)
CALL = Amounts(600, 400, money=2_000)


def source(key="a/x", *buckets, latency_s=2.0, opens_s=0.0):
    return Source(key, key.partition("/")[0], buckets, latency_s, CALL, 1.0, None, opens_s)


def hours(*jobs, uses=None):
    return [told and told.seconds / HOUR_S for told in run(list(jobs), uses or {}, NOON)]


@pytest.mark.parametrize(
    ("unit", "window", "limit", "samples", "expected_h"),
    [
        (Unit.REQUESTS, Window(1, Span.DAY, "UTC"), 100, 101, 12),  # at midnight
        (Unit.REQUESTS, Window(1, Span.DAY, "UTC"), 100, 250, 36),
        (Unit.REQUESTS, Window(1, Span.DAY, "America/Los_Angeles"), 100, 101, 20),  # 08:00 UTC
        (Unit.TOKENS, Window(5, Span.HOUR), 100_000, 150, 5),
        (Unit.INPUT, Window(5, Span.HOUR), 60_000, 150, 5),
        (Unit.OUTPUT, Window(5, Span.HOUR), 40_000, 150, 5),
        (Unit.UNCACHED, Window(5, Span.HOUR), 100_000, 150, 5),
        (Unit.MONEY, Window(1, Span.WEEK), 200_000, 150, 7 * 24),
        (Unit.REQUESTS, Window(1, Span.MONTH), 1_000, 1_100, 31 * 24),
    ],
)
def test_a_window_of_any_unit_gives_back_at_its_end(unit, window, limit, samples, expected_h):
    bucket = Bucket("a/x", unit, window, limit)
    assert hours(Job((source("a/x", bucket),), samples, 8)) == [pytest.approx(expected_h, rel=0.03)]


def test_what_was_used_comes_back_as_it_leaves():
    bucket = Bucket("a/x", Unit.REQUESTS, DAY, 100)
    uses = {bucket: Use(100, (Leave(2 * HOUR_S, 3 * HOUR_S, 50), Leave(9 * HOUR_S, 10 * HOUR_S, 50)))}
    assert hours(Job((source("a/x", bucket),), 49, 8), uses=uses) == [pytest.approx(3, rel=0.03)]
    assert hours(Job((source("a/x", bucket),), 75, 8), uses=uses) == [pytest.approx(9.5, rel=0.03)]


def test_what_is_used_beyond_a_limit_is_paid_first():
    bucket = Bucket("a/x", Unit.REQUESTS, DAY, 100)
    uses = {bucket: Use(150, (Leave(HOUR_S, HOUR_S, 50), Leave(2 * HOUR_S, 2 * HOUR_S, 100)))}
    assert hours(Job((source("a/x", bucket),), 10, 8), uses=uses) == [pytest.approx(2, rel=0.05)]


def test_several_limits_of_a_route_hold_at_once():
    buckets = (A_MINUTE, Bucket("a", Unit.REQUESTS, Window(1, Span.HOUR), 120), Bucket("a", Unit.REQUESTS, DAY, 240))
    assert hours(Job((source("a/x", *buckets),), 230, 8)) == [pytest.approx(1 + 110 / 30 / 60, rel=0.03)]
    assert hours(Job((source("a/x", *buckets),), 250, 8)) == [pytest.approx(24, rel=0.03)]


def test_a_limit_of_the_installation_is_shared_by_all_routes():
    everywhere = Bucket(EVERYTHING, Unit.REQUESTS, Window(1, Span.HOUR), 100)
    assert hours(Job((source("a/x", everywhere), source("b/y", everywhere)), 150, 8)) == [pytest.approx(1, rel=0.03)]


def test_equal_batches_share_and_the_urgent_goes_first():
    routes = (source("a/x", A_MINUTE),)
    equal = hours(Job(routes, 900, 32), Job(routes, 900, 32))
    assert equal == [pytest.approx(1, rel=0.05)] * 2
    ranked = hours(Job(routes, 900, 32, Urgency.LOW), Job(routes, 900, 32, Urgency.URGENT))
    assert ranked == [pytest.approx(1, rel=0.05), pytest.approx(0.5, rel=0.05)]


def test_a_route_that_is_suspended_serves_when_it_is_back():
    assert hours(Job((source("a/x", opens_s=3 * HOUR_S),), 4, 8)) == [pytest.approx(3, rel=0.01)]


def test_without_a_route_it_never_gets_done():
    assert hours(Job((), 10, 8), Job((source(),), 10, 8))[0] is None


def test_a_measured_pace_counts_where_no_limit_holds_it_up():
    free, limited = Job((source(),), 600, 100), Job((source("a/x", A_MINUTE),), 600, 100)
    assert hours(paced(free, 1.0)) == [pytest.approx(600 / HOUR_S, rel=0.05)]
    assert paced(limited, 0.4) == limited
    assert paced(free, 1_000.0) == free
