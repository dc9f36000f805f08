"""What will become of one limit, by tables."""

import pytest

from generation.engine.estimates.limits import limit_forecast
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.use import UNUSED, Leave, Use
from providers.routing.limits.window import DAY, Span, Window
from providers.routing.seconds import DAY_S, HOUR_S

SLIDING = Bucket("groq", Unit.REQUESTS, DAY, 1_000)
CALENDAR = Bucket("google", Unit.REQUESTS, Window(1, Span.DAY, "UTC"), 1_000)
NOON = 1_700_006_400 - 1_700_006_400 % DAY_S + 12 * HOUR_S
BURST = Use(900, (Leave(3_600, 4_500, 450), Leave(7_200, 8_100, 450)))
PERIOD = Use(900, (Leave(12 * HOUR_S, 12 * HOUR_S, 900),))


@pytest.mark.parametrize(
    ("bucket", "use", "per_s", "used_up_s"),
    [
        (SLIDING, UNUSED, 0.0, None),
        (SLIDING, BURST, 0.0, None),
        (SLIDING, BURST, 0.1, 1_000),
        (SLIDING, BURST, 0.025, 1_000 / 0.025),  # all that was there, and came back meanwhile
        (SLIDING, Use(1_000, (Leave(0, DAY_S, 1_000),)), 0.1, 0),
        (SLIDING, Use(500, (Leave(0, DAY_S, 500),)), 0.005, None),  # it comes back as fast as it is used
        (SLIDING, UNUSED, 990 / DAY_S, None),
        (SLIDING, UNUSED, 1.0, 1_000),
        (CALENDAR, PERIOD, 0.1, 1_000),
        (CALENDAR, PERIOD, 100 / (13 * HOUR_S), None),  # the period ends before
        (CALENDAR, UNUSED, 1_000 / (13 * HOUR_S), None),
    ],
)
def test_it_is_used_up_where_the_pace_exceeds_what_comes_back(bucket, use, per_s, used_up_s):
    told = limit_forecast(bucket, use, per_s, NOON)
    assert told.used_up_s == (None if used_up_s is None else pytest.approx(used_up_s, rel=0.01))


def test_what_comes_back_is_told_from_a_tenth_on_and_then_all():
    told = limit_forecast(SLIDING, Use(905, (Leave(60, 61, 5), *BURST.leaves)), 0.0, NOON)
    assert (told.left, told.back, told.back_s, told.whole_s) == (95, 455, 4_500, 8_100)
    calendar = limit_forecast(CALENDAR, PERIOD, 0.0, NOON)
    assert (calendar.back, calendar.back_s, calendar.whole_s) == (900, 12 * HOUR_S, 12 * HOUR_S)


def test_of_what_is_not_used_nothing_comes_back():
    told = limit_forecast(SLIDING, UNUSED, 0.0, NOON)
    assert (told.left, told.back_s, told.whole_s) == (1_000, None, None)
