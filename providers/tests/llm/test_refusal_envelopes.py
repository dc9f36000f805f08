"""A refusal is found in any envelope, under any status, and an answer is none, however it is spelt."""

import json
from random import Random
from typing import Any

import pytest

from providers.llm.errors import ErrorKind
from providers.llm.faults import fault_in_answer, fault_of


@pytest.mark.parametrize(
    "body", [None, [], 3, "text", {"error": None}, {"error": 5}, {"error": {"details": "x", "code": 3}}]
)
def test_a_body_of_any_shape_is_survived(body):
    assert fault_of(400, {}, json.dumps(body), now=0.0).kind is ErrorKind.BAD_REQUEST


def test_an_error_under_status_200_is_no_answer():
    assert fault_in_answer({"choices": [{}]}, {}, now=0.0) is None
    limited = fault_in_answer({"error": {"code": 429, "message": "Too fast"}}, {}, now=0.0)
    assert limited
    assert limited.kind is ErrorKind.RATE_LIMITED
    for payload in ({"error": "overloaded"}, None, ["x"]):
        fault = fault_in_answer(payload, {}, now=0.0)
        assert fault
        assert fault.kind is ErrorKind.SERVER


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "429", "message": "x"}},
        {"error": {"code": 429, "message": "x"}},
        {"error": {"code": "rate_limit_exceeded", "message": "x"}},
        {"error": {"code": "RateLimitExceeded", "message": "x"}},
        {"error": {"type": "rate-limit-error", "message": "x"}},
        {"error": {"status": "RESOURCE_EXHAUSTED"}},
        {"error": {"statusCode": 429}},
        {"error": "rate_limit_exceeded"},
        {"error": "Rate limit exceeded"},
        {"error": {"message": {"code": 429}}},
        {"errors": [{"message": "other"}, {"code": "rate_limit_exceeded"}]},
        {"detail": {"error": {"code": 429, "message": "x"}}},
        {"code": "Throttling.RateQuota", "message": "x", "request_id": "0"},
        {"__type": "com.amazon.coral.service#ThrottlingException", "message": "x"},
        {"object": "error", "message": "Rate limit exceeded", "type": "rate_limited"},
        {"status": "error", "message": "Too many requests"},
        {"success": False, "error": {"code": 429}},
        {"error": {"message": 'Upstream: {"error": {"code": 429, "message": "x"}}'}},
        {"error": {"code": 400, "message": "x", "metadata": {"raw": '{"error": {"type": "rate_limit_error"}}'}}},
        [{"note": "first"}, {"error": {"code": 429, "message": "x"}}],
        {"choices": [{"message": {"content": ""}, "finish_reason": "error", "error": {"code": 429}}]},
        {"choices": None, "base_resp": {"status_code": 1002, "status_msg": "x"}},
    ],
)
def test_a_limit_is_found_in_every_envelope(body):
    under_200 = fault_in_answer(body, {}, now=0.0)
    assert under_200
    assert (under_200.kind, under_200.status) == (ErrorKind.RATE_LIMITED, 200)
    assert fault_of(400, {}, json.dumps(body), now=0.0).kind is ErrorKind.RATE_LIMITED
    assert fault_of(429, {}, json.dumps(body), now=0.0).kind is ErrorKind.RATE_LIMITED


@pytest.mark.parametrize(
    "payload",
    [
        {"choices": [{"message": {"content": "An answer."}, "finish_reason": "stop"}]},
        {"choices": [{"message": {"content": "An answer."}}], "error": None},
        {"choices": [{"message": {"content": "An answer."}}], "error": {"message": "a warning"}},
        {"choices": [{"message": {"content": "An answer."}}], "base_resp": {"status_code": 0, "status_msg": "success"}},
        {"choices": [{"message": {"content": ""}, "finish_reason": "content_filter"}]},
        {"choices": [{"message": {"content": None, "tool_calls": [{"id": "x"}]}}], "detail": "x"},
        {"choices": [{"message": {"content": None, "reasoning_content": "{}"}}], "error": {"message": "a warning"}},
        {"object": "list", "data": [{"id": "m"}]},
        {"data": [], "message": "success", "code": 20000},
        {"models": [{"name": "m"}]},
        {},
    ],
)
def test_an_answer_is_no_refusal(payload):
    assert fault_in_answer(payload, {}, now=0.0) is None


@pytest.mark.parametrize(
    "content", ["[" * 5000, '{"error":' * 900 + "1" + "}" * 900, "{" * 5000, '{"a": 1' + "0" * 5000 + "}"]
)
def test_json_beyond_reason_is_read_as_the_text_that_it_is(content):
    assert fault_of(503, {}, content, now=0.0).kind is ErrorKind.SERVER
    assert fault_of(400, {}, content, now=0.0).detail


WORDS = (
    *("error", "errors", "message", "detail", "code", "type", "status", "metadata", "raw", "choices", "param", "loc"),
    *("base_resp", "status_code", "details", "retryDelay", "reset_at", "headers", "promptFeedback", "quotaId", "msg"),
    *(
        "429",
        "insufficient_quota",
        "try again in 5s",
        "resets at 99:99 UTC",
        "9" * 400,
        '{"error": {',
        "\ud800\0",
        "<html>",
    ),
)


def anything(random: Random, depth: int = 0) -> Any:
    """A random JSON value of the words that vendors use."""
    match random.randrange(9 if depth < 6 else 6):
        case 0:
            return random.choice([None, True, False, 0, -1, 429, 1e308, float("nan"), float("-inf"), 10**400])
        case 1 | 2 | 3:
            return random.choice(WORDS)
        case 4:
            return "".join(chr(random.randrange(0x2FFF)) for _ in range(random.randrange(60)))
        case 5:
            return random.choice(WORDS) * random.randrange(40)
        case 6:
            return [anything(random, depth + 1) for _ in range(random.randrange(4))]
        case _:
            return {random.choice(WORDS): anything(random, depth + 1) for _ in range(random.randrange(6))}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_a_server_says_is_read_without_an_error_of_ours(seed):
    random = Random(seed)
    for _ in range(50):
        body = anything(random)
        headers = {
            random.choice(("retry-after", "RateLimit", "x-ratelimit-reset", "cf-mitigated")): str(anything(random))
        }
        now = random.choice([0.0, 1.79e9])
        content = body if isinstance(body, str) else json.dumps(body)
        fault = fault_of(random.choice([200, 302, 400, 403, 404, 413, 422, 429, 500, 599]), headers, content, now=now)
        assert fault.detail is not None
        for found in (fault, fault_in_answer(body, headers, now=now)):
            assert found is None or found.retry_after_s is None or 0 <= found.retry_after_s <= 31 * 86400
