import pytest

from providers.llm.headers import duration_s, exhausted_s, limit_facts, retry_after_s, retry_delay_s
from providers.llm.types import RateLimitFacts

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT


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
    ],
)
def test_durations_are_read_in_every_spelling(text, seconds):
    assert duration_s(text) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "2"}, 2),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Mon, 21 Sep 2026 14:13:50 GMT"}, 30),
        ({"retry-after": "Mon, 21 Sep 2026 14:13:50 -0000"}, 30),
        ({"retry-after": "Mon, 21 Sep 2026 14:00:00 GMT"}, 0),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "later"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(headers, seconds):
    assert retry_after_s(headers, NOW) == seconds


def test_google_says_the_delay_in_the_body():
    details = [{"@type": "type.googleapis.com/google.rpc.Help"}, {"retryDelay": "33s"}]
    assert retry_delay_s([{"error": {"code": 429, "details": details}}]) == 33
    assert retry_delay_s({"error": {"message": "retryDelay"}}) is None


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
OPENROUTER = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1790000060000"}


@pytest.mark.parametrize(
    ("headers", "facts"),
    [
        (OPENAI, RateLimitFacts(14370, 17997, 179.56, 0.012)),
        (CEREBRAS, RateLimitFacts(3, 59000, 11.38, 11.38)),
        (MISTRAL, RateLimitFacts(59, 499000, None, 30)),
        (OPENROUTER, RateLimitFacts(0, None, 60, None)),
        ({"content-type": "application/json", "x-ratelimit-remaining-tokens": "many"}, None),
    ],
    ids=["openai", "cerebras", "mistral", "openrouter", "none"],
)
def test_limits_are_read_in_every_vendors_spelling(headers, facts):
    assert limit_facts(headers, NOW) == facts


def test_a_limit_that_is_used_up_says_how_long_to_wait():
    assert exhausted_s(RateLimitFacts(0, 0, 5.0, 9.0)) == 9.0
    assert exhausted_s(RateLimitFacts(0, 10, 5.0, 9.0)) == 5.0
    assert exhausted_s(RateLimitFacts(3, 10, 5.0, 9.0)) is None
