"""How long a vendor asks to wait, and which window of its limit is full, wherever it says so."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from providers.llm.errors import ErrorKind
from providers.llm.faults import fault_of
from providers.llm.refusals.durations import duration_s, wait_s
from providers.llm.refusals.waits import google_reset_s, wait_in_words

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT


def limited(body, headers=None, status=429):
    return fault_of(status, headers or {}, json.dumps(body), now=NOW)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2m59.56s", 179.56),
        ("12ms", 0.012),
        ("1h0m2s", 3602),
        ("1d", 86400),
        ("33s", 33),
        ("7.66", 7.66),
        (" 3 ", 3),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("inf", None),
        ("nan", None),
        ("1 hour 3 minutes", 3780),
        ("2 hours, 5 mins and 10 secs", 7510),
        ("579 ms", 0.579),
        ("1d2h", 93600),
        ("3 months", None),
        ("9" * 5000, None),
    ],
)
def test_durations_are_read_in_every_spelling(text, seconds):
    assert duration_s(text) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (5, 5),
        (0.5, 0.5),
        ("33s", 33),
        (NOW + 20, 20),
        ((NOW + 20) * 1000, 20),
        ("2026-09-21T14:13:50Z", 30),
        ("2026-09-21T16:13:50+02:00", 30),
        ("2026-09-21 14:13:50", 30),
        ("2026-09-21T14:13:50.123456789Z", pytest.approx(30.123456)),
        ("2026-09-21 14:13:50 UTC", 30),
        (True, None),
        (None, None),
        (-1, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        (1e308, None),
        (31 * 86400 + 1, None),
        (NOW - 1, None),
        ("0001-01-01T00:00:00Z", None),
        ({}, None),
    ],
)
def test_a_wait_is_read_from_any_value_and_nothing_absurd(value, seconds):
    assert wait_s(value, NOW) == seconds


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please try again in 7m12.5s. Visit us.", 432.5),
        ("Please try again in 20s.", 20),
        ("Please try again in 579ms.", 0.579),
        ("Please retry after 27 seconds.", 27),
        ("Please retry in 45.578569677s.", 45.578569677),
        ("try again in 2 hours", 7200),
        ("Try again in 1 hour 3 minutes.", 3780),
        ("Please wait 12345 seconds before retrying.", 12345),
        ("Please wait at least 30 seconds", 30),
        ("Try again in an hour.", 3600),
        ("please try again in a minute", 60),
        ("Your quota will reset after 17h23m12s.", 62592),
        ("Limit resets at: 2026-09-21 14:14:20 UTC", 60),
        ("Your limit will reset at 2026-09-21T14:14:20Z", 60),
        ("Try again at 14:30 UTC.", 1000),
        ("Resets at 2:30 PM (UTC)", 1000),
        ("try again at 14:00 UTC", 85600),
        ("(reset after 27s)", 27),
        ("Please try again later.", None),
        ("try again in 5 models", None),
        ("Try again in 40 days.", None),
        ("try again at 25:70 UTC", None),
        ("retry in -5s", None),
        ("wait " * 3000, None),
    ],
)
def test_waits_are_read_from_words(words, seconds):
    assert wait_in_words(words, NOW) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"retry_after": 7}, 7),
        ({"retryAfter": "7"}, 7),
        ({"retry_after_ms": 2500}, 2.5),
        ({"retryAfterMs": "2500"}, 2.5),
        ({"retry_after_seconds": 9}, 9),
        ({"retry_after_minutes": 2}, 120),
        ({"reset": NOW + 30}, 30),
        ({"reset_at": "2026-09-21T14:13:50Z"}, 30),
        ({"resetAt": (NOW + 30) * 1000}, 30),
        ({"resets_at": NOW + 30, "resets_in_seconds": 30}, 30),
        ({"details": [{"retryDelay": "33s"}]}, 33),
        ({"details": [{"retryDelay": {"seconds": "33"}}]}, 33),
        ({"details": [{"metadata": {"quotaResetDelay": "34m", "quotaResetTimeStamp": "2026-09-21T14:47:20Z"}}]}, 2040),
        ({"metadata": {"headers": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1790000060000"}}}, 60),
        ({"metadata": {"headers": {"Retry-After": "4"}}}, 4),
        ({"retry_after": True}, None),
        ({"retry_after": -3}, None),
        ({"retry_after": 1e308}, None),
        ({"retry_after": None}, None),
        ({"retries": 3, "presets": 5}, None),
        ({"input": {"retry_after": 7}}, None),
    ],
)
def test_waits_are_read_from_fields_of_the_body(fields, seconds):
    assert limited({"error": {"message": "Slow down.", **fields}}).retry_after_s == seconds


def test_a_503_is_waited_for_as_it_says():
    assert limited({"error": "Model x is currently loading", "estimated_time": 20.0}, status=503).retry_after_s == 20
    assert limited({"error": "busy"}, {"Retry-After": "9"}, status=503).retry_after_s == 9


def test_of_headers_and_fields_the_longer_wait_counts_and_words_come_last():
    body = {"error": {"message": "Please try again in 3s.", "retry_after": 60}}
    assert limited(body, {"retry-after": "5"}).retry_after_s == 60
    assert limited({"error": {"message": "Please try again in 3s."}}, {"retry-after": "5"}).retry_after_s == 5
    assert limited({"error": {"message": "Please try again in 3s."}}, {"retry-after": "1e308"}).retry_after_s == 3


@pytest.mark.parametrize(
    ("here", "hours"),
    [
        ("2026-07-01 17:00", 7),
        ("2026-01-10 23:59", 1 / 60),
        ("2026-03-08 00:00", 23),  # the clocks go forward
        ("2026-11-01 00:00", 25),  # and back
    ],
)
def test_a_day_of_googles_ends_at_midnight_in_california(here, hours):
    now = datetime.fromisoformat(here).replace(tzinfo=ZoneInfo("America/Los_Angeles")).timestamp()
    assert google_reset_s(now) == pytest.approx(hours * 3600)


@pytest.mark.parametrize(
    ("error", "window_s"),
    [
        ({"message": "on tokens per minute (TPM): Limit 6000"}, 60),
        ({"message": "on requests per day (RPD): Limit 1000"}, 86400),
        ({"message": "Daily limit reached"}, 86400),
        ({"message": "30 requests/minute exceeded. The free tier has 1000 requests/day."}, 60),
        ({"message": "You have reached your weekly usage limit"}, 604800),
        ({"message": "limited to 1000 API calls / month"}, 2678400),
        ({"message": "Rate limit of 50 per 86400s exceeded for UserByModelByDay."}, 86400),
        ({"message": "Usage limit reached for 5 hour."}, 18000),
        ({"message": "Too many. Please try again in 2 hours."}, None),
        ({"message": "See https://example.com/day for details."}, None),
        ({"code": "requests_per_day_exceeded", "message": "Limit 30 per minute is fine"}, 86400),
        ({"code": "1304", "message": "Too many calls"}, 86400),
        ({"details": [{"violations": [{"quotaMetric": "x/requests_per_minute"}]}], "message": "daily"}, 60),
        ({"message": "Slow down."}, None),
    ],
)
def test_the_window_that_is_full_is_told_where_the_vendor_names_it(error, window_s):
    fault = limited({"error": error})
    assert (fault.kind, fault.limit_window_s) == (ErrorKind.RATE_LIMITED, window_s)


def test_a_window_is_told_of_limits_alone():
    assert limited({"error": {"message": "Down for daily maintenance"}}, status=503).limit_window_s is None
