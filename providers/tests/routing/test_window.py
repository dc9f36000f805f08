"""Windows of limits: what slides, and where periods of the calendar begin, on nights of changed clocks too."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from providers.routing.limits.window import DAY, MINUTE, Span, Window

CLOCKS_CHANGE = [
    ("America/Los_Angeles", "2026-03-08", 23),
    ("America/Los_Angeles", "2026-11-01", 25),
    ("America/Havana", "2026-03-08", 23),  # midnight is skipped
    ("America/Havana", "2026-11-01", 25),  # midnight comes twice
    ("Africa/Cairo", "2026-04-24", 23),  # midnight is skipped
    ("Asia/Kolkata", "2026-03-08", 24),
    ("UTC", "2026-11-01", 24),
]
HOURS = [("Asia/Kolkata", 1800), ("Asia/Kathmandu", 900), ("UTC", 0)]


def first_moment(zone: str, date: str) -> int:
    """Found minute by minute: when a clock there first shows the day."""
    day = datetime.fromisoformat(date).date()
    at = int(datetime.fromisoformat(f"{date}T00:00+00:00").timestamp()) - 86_400
    while datetime.fromtimestamp(at, ZoneInfo(zone)).date() < day:
        at += 60
    return at


@pytest.mark.parametrize(("zone", "date", "hours"), CLOCKS_CHANGE)
def test_a_day_of_the_calendar_is_as_long_as_it_is_there(zone, date, hours):
    window = Window(1, Span.DAY, zone)
    start = first_moment(zone, date)
    following = (datetime.fromisoformat(date) + timedelta(days=1)).date().isoformat()
    end = first_moment(zone, following)
    assert end - start == hours * 3600
    for at in (start, start + 0.5, start + 3 * 3600, end - 0.001):
        assert window.ends(at)[:2] == (start, end)
    assert window.ends(start - 0.001)[1] == start
    assert window.ends(end)[0] == end
    assert window.ends(start)[2] > end


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/Havana", "Africa/Cairo", "Asia/Kolkata"])
@pytest.mark.parametrize("span", [Span.DAY, Span.WEEK, Span.MONTH])
def test_periods_follow_each_other_without_a_gap_over_two_years(zone, span):
    window, at = Window(1, span, zone), datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).timestamp()
    for _ in range(24 if span is Span.MONTH else 104 if span is Span.WEEK else 730):
        start, end, following = window.ends(at)
        assert start <= at < end < following
        local = datetime.fromtimestamp(end, ZoneInfo(zone))
        assert (local.hour, local.minute) in ((0, 0), (1, 0))  # 1 where midnight is skipped
        assert span is not Span.WEEK or local.weekday() == 0
        assert span is not Span.MONTH or local.day == 1
        at = end


@pytest.mark.parametrize(("zone", "minute_s"), HOURS)
def test_an_hour_begins_where_it_does_there(zone, minute_s):
    start, end, _ = Window(1, Span.HOUR, zone).ends(1_800_000_000)
    assert (start % 3600, end - start) == (minute_s, 3600)


@pytest.mark.parametrize(
    ("window", "name", "words", "length_s"),
    [
        (MINUTE, "60", "minute", 60),
        (Window(60), "60", "60 seconds", 60),
        (DAY, "86400", "day", 86_400),
        (Window(5, Span.HOUR), "18000", "5 hours", 18_000),
        (Window(1, Span.MONTH), "2678400", "month", 31 * 86_400),
        (Window(1, Span.DAY, "America/Los_Angeles"), "day@America/Los_Angeles", "day in America/Los_Angeles", 86_400),
    ],
)
def test_windows_are_named_by_what_they_count_and_told_as_they_are_set(window, name, words, length_s):
    assert (window.name, window.words, window.length_s) == (name, words, length_s)
    assert Window.read(window.text, window.time_zone) == window


@pytest.mark.parametrize(
    "text", ["", "day", "1.5 days", "-1 day", "1 fortnight", "²  days", "1 day ago", "9" * 30 + " days"]
)
def test_what_is_no_window_is_refused(text):
    with pytest.raises(ValueError, match="such as 5 hours"):
        Window.read(text)
