import pytest

from providers.llm.headers import exhausted_s, exhausted_window_s, limit_facts, retry_after_s
from providers.llm.types import LimitFact

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
    "x-ratelimit-limit-req-minute": "60",
    "x-ratelimit-remaining-req-minute": "59",
}
ANTHROPIC = {
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "49",
    "anthropic-ratelimit-requests-reset": "2026-09-21T14:13:21Z",
    "anthropic-ratelimit-input-tokens-limit": "30000",
    "anthropic-ratelimit-input-tokens-remaining": "0",
    "anthropic-ratelimit-input-tokens-reset": "2026-09-21T14:14:20Z",
}
TOGETHER = {"x-ratelimit-remaining": "59", "x-ratelimit-reset": "1", "x-tokenlimit-remaining": "179000"}
OPENROUTER = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1790000060000"}
BURSTS = {"RateLimit": '"burst";r=0;t=3', "RateLimit-Policy": '"burst";q=100;w=10, "day";q=9000;w=86400'}
WHOOP = {
    "X-RateLimit-Limit": "100, 100;window=60, 10000;window=86400",
    "X-RateLimit-Remaining": "98",
    "X-RateLimit-Reset": "3",
}
FACTS = {
    "openai": (OPENAI, {("requests", None, 14400, 14370, 179.56), ("tokens", None, None, 17997, 0.012)}),
    "cerebras": (
        CEREBRAS,
        {
            ("requests", 86400, 14400, 14399, 33011.38),
            ("requests", 60, None, 3, 11.38),
            ("tokens", 60, None, 59000, 11.38),
        },
    ),
    "mistral": (MISTRAL, {("tokens", None, 500000, 499000, 30), ("requests", 60, 60, 59, None)}),
    "openrouter": (OPENROUTER, {("requests", None, None, 0, 60)}),
    "anthropic": (ANTHROPIC, {("requests", 60, 50, 49, 1), ("input", 60, 30000, 0, 60)}),
    "together": (TOGETHER, {("requests", None, None, 59, 1), ("tokens", None, None, 179000, None)}),
    "ietf": ({"RateLimit": '"day";r=0;t=3600'}, {("requests", 86400, None, 0, 3600)}),
    "ietf with policies": (BURSTS, {("requests", 10, 100, 0, 3), ("requests", 86400, 9000, None, None)}),
    "older ietf": ({"RateLimit": "limit=100, remaining=50, reset=30"}, {("requests", None, 100, 50, 30)}),
    "older ietf with a policy": (
        {"RateLimit": "limit=100, remaining=50, reset=30", "RateLimit-Policy": "100;w=60"},
        {("requests", 60, 100, 50, 30)},
    ),
    "policies in the limit": (WHOOP, {("requests", 60, 100, 98, 3), ("requests", 86400, 10000, None, None)}),
    "policy of tokens": ({"RateLimit-Policy": '"t";q=8000;qu="tokens";w=60'}, {("tokens", 60, 8000, None, None)}),
    "three headers": ({"RateLimit-Remaining": "5", "RateLimit-Reset": "12"}, {("requests", None, None, 5, 12)}),
    "absurd": ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "1e308"}, {("requests", None, None, 5, None)}),
    "none": ({"content-type": "application/json", "x-ratelimit-remaining-tokens": "many"}, set()),
}


def told(headers, host=""):
    return {
        (fact.unit, fact.window_s, fact.limit, fact.remaining, fact.reset_s) for fact in limit_facts(headers, NOW, host)
    }


@pytest.mark.parametrize("name", FACTS)
def test_limits_are_read_in_every_vendors_spelling(name):
    headers, facts = FACTS[name]
    assert told(headers) == facts


def test_windows_that_the_names_leave_out_are_those_that_the_vendor_documents():
    assert told(OPENAI, "api.groq.com") == {
        ("requests", 86400, 14400, 14370, 179.56),
        ("tokens", 60, None, 17997, 0.012),
    }
    assert told(CEREBRAS, "api.groq.com") == told(CEREBRAS)


@pytest.mark.parametrize(
    "limit",
    ["0", "-5", "1e9", "nan", "unlimited", "999999999999", "9" * 30, "2"],
    ids=["none", "below", "float", "no number", "word", "endless", "long", "less than is left"],
)
def test_a_limit_that_is_none_is_kept_out(limit):
    headers = {"x-ratelimit-limit-requests-minute": limit, "x-ratelimit-remaining-requests-minute": "3"}
    assert told(headers) == {("requests", 60, None, 3, None)}


@pytest.mark.parametrize(
    "policy",
    [
        '"c";q=5;qu="concurrent-requests";w=60',
        '"x";q=5;w=0',
        '"x";q=5;w=99999999',
        '"x";q=0;w=60',
        '"x";q=5',
        "q=5;w=9",
    ],
)
def test_a_policy_of_something_else_is_kept_out(policy):
    assert told({"RateLimit-Policy": policy}) == set()


def test_a_limit_that_is_used_up_says_how_long_to_wait():
    both = (LimitFact("requests", remaining=0, reset_s=5.0), LimitFact("tokens", remaining=0, reset_s=9.0))
    assert exhausted_s(both) == 9.0
    assert exhausted_s((both[0], LimitFact("tokens", remaining=10, reset_s=9.0))) == 5.0
    assert exhausted_s((LimitFact("requests", remaining=3, reset_s=5.0),)) is None


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
        (BURSTS, 10),
        ({"x-ratelimit-remaining-requests": "0"}, None),
        ({}, None),
    ],
)
def test_headers_name_the_window_that_is_full(headers, window_s):
    assert exhausted_window_s(limit_facts(headers, NOW)) == window_s
