import pytest

from providers.llm.headers import exhausted_s, exhausted_window_s, limit_facts, retry_after_s
from providers.llm.types import RateLimitFacts

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "2"}, 2),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Mon, 21 Sep 2026 14:13:50 GMT"}, 30),
        ({"retry-after": "Mon, 21 Sep 2026 14:13:50 -0000"}, 30),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after-ms": "nan", "retry-after": "1"}, 1),
        ({"retry-after": "27s"}, 27),
        ({"retry-after": "2m30s"}, 150),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1790000020"}, 20),
        ({"retry-after": "1790000020000"}, 20),
        ({"retry-after": "2026-09-21T14:13:50Z"}, 30),
        ({"retry-after": "2678400"}, 31 * 86400),
        ({"retry-after": "later"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_every_form(headers, seconds):
    assert retry_after_s(headers, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "1e308",
        "nan",
        "-5",
        "inf",
        "2678401",
        "99999999999999999999",
        "Mon, 21 Sep 2026 14:00:00 GMT",
        "1789999999",
        "9" * 600,
    ],
)
def test_an_absurd_or_past_wait_counts_as_none_said(text):
    assert retry_after_s({"retry-after": text}, NOW) is None


OPENAI = {
    "x-ratelimit-limit-requests": "14400",
    "x-ratelimit-remaining-requests": "14370",
    "x-ratelimit-remaining-tokens": "17997",
    "x-ratelimit-reset-requests": "2m59.56s",
    "x-ratelimit-reset-tokens": "12ms",
}
CEREBRAS = {
    "x-ratelimit-limit-requests-day": "14400",
    "x-ratelimit-remaining-requests-day": "14399",
    "x-ratelimit-remaining-requests-minute": "3",
    "x-ratelimit-remaining-tokens-minute": "59000",
    "x-ratelimit-reset-requests-day": "33011.38",
    "x-ratelimit-reset-requests-minute": "11.38",
    "x-ratelimit-reset-tokens-minute": "11.38",
}
MISTRAL = {
    "ratelimitbysize-limit": "500000",
    "ratelimitbysize-remaining": "499000",
    "ratelimitbysize-reset": "30",
    "x-ratelimit-remaining-req-minute": "59",
}
ANTHROPIC = {
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-09-21T14:13:21Z",
    "anthropic-ratelimit-input-tokens-remaining": "0",
    "anthropic-ratelimit-input-tokens-reset": "2026-09-21T14:14:20Z",
}
TOGETHER = {"x-ratelimit-remaining": "59", "x-ratelimit-reset": "1", "x-tokenlimit-remaining": "179000"}
OPENROUTER = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1790000060000"}


@pytest.mark.parametrize(
    ("headers", "facts"),
    [
        (OPENAI, RateLimitFacts(14370, 17997, 179.56, 0.012)),
        (CEREBRAS, RateLimitFacts(3, 59000, 11.38, 11.38)),
        (MISTRAL, RateLimitFacts(59, 499000, None, 30)),
        (OPENROUTER, RateLimitFacts(0, None, 60, None)),
        (ANTHROPIC, RateLimitFacts(49, 0, 1, 60)),
        (TOGETHER, RateLimitFacts(59, 179000, 1, None)),
        ({"RateLimit": '"day";r=0;t=3600'}, RateLimitFacts(0, None, 3600, None)),
        ({"RateLimit": "limit=100, remaining=50, reset=30"}, RateLimitFacts(50, None, 30, None)),
        ({"RateLimit-Remaining": "5", "RateLimit-Reset": "12"}, RateLimitFacts(5, None, 12, None)),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "1e308"}, RateLimitFacts(5, None, None, None)),
        ({"content-type": "application/json", "x-ratelimit-remaining-tokens": "many"}, None),
    ],
    ids=[
        "openai",
        "cerebras",
        "mistral",
        "openrouter",
        "anthropic",
        "together",
        "ietf",
        "older ietf",
        "three headers",
        "absurd",
        "none",
    ],
)
def test_limits_are_read_in_every_vendors_spelling(headers, facts):
    assert limit_facts(headers, NOW) == facts


def test_a_limit_that_is_used_up_says_how_long_to_wait():
    assert exhausted_s(RateLimitFacts(0, 0, 5.0, 9.0)) == 9.0
    assert exhausted_s(RateLimitFacts(0, 10, 5.0, 9.0)) == 5.0
    assert exhausted_s(RateLimitFacts(3, 10, 5.0, 9.0)) is None


def test_of_two_limits_that_are_used_up_the_longer_one_counts():
    headers = {
        "x-ratelimit-remaining-requests-minute": "0",
        "x-ratelimit-reset-requests-minute": "11",
        "x-ratelimit-remaining-requests-day": "0",
        "x-ratelimit-reset-requests-day": "33011",
    }
    assert exhausted_s(limit_facts(headers, NOW)) == 33011


@pytest.mark.parametrize(
    ("headers", "window_s"),
    [
        ({"x-ratelimit-remaining-requests-day": "0", "x-ratelimit-remaining-tokens-minute": "0"}, 86400),
        ({"x-ratelimit-remaining-requests-day": "9", "x-ratelimit-remaining-tokens-minute": "0"}, 60),
        ({"RateLimit": '"burst";r=0;t=3', "RateLimit-Policy": '"burst";q=100;w=10, "day";q=9;w=86400'}, 10),
        ({"x-ratelimit-remaining-requests": "0"}, None),
        ({}, None),
    ],
)
def test_headers_name_the_window_that_is_full(headers, window_s):
    assert exhausted_window_s(headers, NOW) == window_s
