"""Refusals as vendors send them, and what each of them means."""

import json
import traceback
from typing import Any

import pytest

from providers.llm.answer import completion, content_text, usage
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.faults import DETAIL_CHARS, fault_in_answer, fault_of, kind_of, masked, scrub
from providers.llm.phrase import request_body, response_format
from providers.llm.types import CompletionRequest, Endpoint, JSONSchema, Message, ModelFacts, Usage

KEY = "sk-planted-0123456789abcdef"
SCHEMA = JSONSchema("sample", {"type": "object"})


def openai(message: str, code: str | None = None, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def google(code: int, status: str, message: str, *details: dict[str, str]) -> list[dict[str, Any]]:
    return [{"error": {"code": code, "message": message, "status": status, "details": list(details)}}]


QUOTA = "You exceeded your current quota, please check your plan and billing details."
GROQ_LIMIT = (
    "Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_x` on tokens per minute (TPM): "
    "Limit 6000, Used 5800, Requested 900. Please try again in 7s. Upgrade your billing tier for more."
)
GROQ_TOO_LARGE = "Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 8000."
CEREBRAS_LENGTH = {
    "message": "Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192",
    "type": "invalid_request_error",
    "param": "messages",
    "code": "context_length_exceeded",
}
MISTRAL_LENGTH = {
    "object": "error",
    "message": "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
    "type": "invalid_request_prompt",
    "code": "3051",
}
MISTRAL_MODEL = {"object": "error", "message": "Invalid model: mistral-foo", "type": "invalid_model", "code": "1500"}
MISTRAL_LIMIT = {"object": "error", "message": "Rate limit exceeded", "type": "rate_limited", "code": "1300"}
MISTRAL_FIELDS = {"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "Field required"}]}
ANTHROPIC_CREDIT = {
    "type": "error",
    "error": {
        "type": "invalid_request_error",
        "message": "Your credit balance is too low to access the Anthropic API.",
    },
}
GOOGLE_KEY = google(
    400,
    "INVALID_ARGUMENT",
    "API key not valid. Please pass a valid API key.",
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
)
GOOGLE_LIMIT = google(
    429, "RESOURCE_EXHAUSTED", f"{QUOTA} Please retry in 33s.", {"@type": "RetryInfo", "retryDelay": "33s"}
)
GROQ_GONE = openai("The model `mixtral-8x7b-32768` has been decommissioned.", "model_decommissioned")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, openai("Incorrect API key provided", "invalid_api_key"), ErrorKind.AUTH),
        (401, {"detail": "Unauthorized"}, ErrorKind.AUTH),
        (401, {"message": "Wrong API Key", "code": "wrong_api_key"}, ErrorKind.AUTH),
        (400, GOOGLE_KEY, ErrorKind.AUTH),
        (400, google(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."), ErrorKind.AUTH),
        (402, {"message": "Payment required"}, ErrorKind.BILLING),
        (402, openai("Insufficient Balance"), ErrorKind.BILLING),
        (429, openai(QUOTA, "insufficient_quota", "insufficient_quota"), ErrorKind.BILLING),
        (400, openai("Billing hard limit has been reached", "billing_hard_limit_reached"), ErrorKind.BILLING),
        (403, openai("No credits", "insufficient_credits"), ErrorKind.BILLING),
        (400, ANTHROPIC_CREDIT, ErrorKind.BILLING),
        (403, google(403, "PERMISSION_DENIED", "Permission denied"), ErrorKind.FORBIDDEN),
        (403, "<html>Access denied: check billing</html>", ErrorKind.FORBIDDEN),
        (400, google(400, "FAILED_PRECONDITION", "User location is not supported."), ErrorKind.FORBIDDEN),
        (
            404,
            openai("The model `x` does not exist or you do not have access to it.", "model_not_found"),
            ErrorKind.NOT_FOUND,
        ),
        (404, openai('model "x" not found, try pulling it first', kind="api_error"), ErrorKind.NOT_FOUND),
        (404, "404 page not found", ErrorKind.NOT_FOUND),
        (400, GROQ_GONE, ErrorKind.NOT_FOUND),
        (400, MISTRAL_MODEL, ErrorKind.NOT_FOUND),
        (429, openai(GROQ_LIMIT, "rate_limit_exceeded", "tokens"), ErrorKind.RATE_LIMITED),
        (429, GOOGLE_LIMIT, ErrorKind.RATE_LIMITED),
        (429, MISTRAL_LIMIT, ErrorKind.RATE_LIMITED),
        (429, "model not found in billing context", ErrorKind.RATE_LIMITED),
        (498, openai("Flex tier capacity exceeded", "capacity_exceeded"), ErrorKind.RATE_LIMITED),
        (408, "", ErrorKind.TIMEOUT),
        (413, openai(GROQ_TOO_LARGE, "rate_limit_exceeded", "tokens"), ErrorKind.CONTEXT_LENGTH),
        (400, openai("Too long.", "context_length_exceeded"), ErrorKind.CONTEXT_LENGTH),
        (400, CEREBRAS_LENGTH, ErrorKind.CONTEXT_LENGTH),
        (400, MISTRAL_LENGTH, ErrorKind.CONTEXT_LENGTH),
        (
            400,
            google(400, "INVALID_ARGUMENT", "The input token count (2000) exceeds the maximum."),
            ErrorKind.CONTEXT_LENGTH,
        ),
        (
            400,
            openai("Failed to generate JSON. See 'failed_generation'.", "json_validate_failed"),
            ErrorKind.BAD_OUTPUT,
        ),
        (400, openai("'temperature' must be at most 2"), ErrorKind.BAD_REQUEST),
        (422, MISTRAL_FIELDS, ErrorKind.BAD_REQUEST),
        (418, "", ErrorKind.BAD_REQUEST),
        (500, openai("The server had an error", kind="server_error"), ErrorKind.SERVER),
        (503, google(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), ErrorKind.SERVER),
        (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, ErrorKind.SERVER),
        (502, "<html><h1>502 Bad Gateway</h1></html>", ErrorKind.SERVER),
        (307, "", ErrorKind.SERVER),
    ],
)
def test_a_recorded_refusal_becomes_its_kind(status, body, kind):
    content = body if isinstance(body, str) else json.dumps(body)
    assert fault_of(status, {}, content, now=0.0).kind is kind


@pytest.mark.parametrize(
    "body", [None, [], 3, "text", {"error": None}, {"error": 5}, {"error": {"details": "x", "code": 3}}]
)
def test_a_body_of_any_shape_is_survived(body):
    assert kind_of(400, body) is ErrorKind.BAD_REQUEST


def test_a_refusal_carries_its_facts():
    fault = fault_of(429, {"retry-after": "3", "x-ratelimit-remaining-requests": "0"}, "", now=0.0)
    assert (fault.status, fault.retry_after_s) == (429, 3)
    assert fault.limits
    assert fault.limits.remaining_requests == 0


def test_google_and_used_up_limits_say_how_long_to_wait():
    assert fault_of(429, {}, json.dumps(GOOGLE_LIMIT), now=0.0).retry_after_s == 33
    spent = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "7.66s"}
    assert fault_of(429, spent, "", now=0.0).retry_after_s == 7.66


def test_complaints_about_fields_do_not_repeat_the_request():
    complaint = {"loc": ["body", "messages", 0], "msg": "Field required", "input": "a long prompt"}
    assert fault_of(422, {}, json.dumps({"detail": [complaint]}), now=0.0).detail == "body.messages.0: Field required"


def test_a_page_is_named_not_shown():
    assert fault_of(502, {}, "<html>secret page</html>", now=0.0).detail == "The server answered with an HTML page."


@pytest.mark.parametrize(
    "echo",
    [
        f"Incorrect API key provided: {KEY}.",
        f"Key {KEY[:14]} is wrong",
        f"Key ...{KEY[-10:]} is wrong",
        "Incorrect API key provided: sk-pl***************cdef.",
        f"{'x' * 290} {KEY}",
    ],
)
def test_no_part_of_the_key_stays_in_the_detail(echo):
    detail = scrub(echo, [KEY])
    assert "***" in detail or len(detail) == DETAIL_CHARS
    assert not any(KEY[start : start + 8] in detail for start in range(len(KEY) - 7))
    assert "cdef" not in detail


@pytest.mark.parametrize("echo", [f"Bearer {KEY}", json.dumps(f'{KEY}/"')[1:-1], KEY * 2])
def test_an_answer_that_repeats_a_secret_is_read_without_it(echo):
    body = json.dumps({"content": "before %s after"}).replace("%s", echo).encode()
    read = json.loads(masked(body, [KEY, f'{KEY}/"']))["content"]
    assert KEY not in read
    assert "before" in read
    assert "after" in read


def test_secret_headers_are_secrets_like_the_key_and_others_are_not():
    headers = (("X-Title", "legalds"), ("X-Secret", "Bearer planted-value"))
    target = Endpoint("a", "openai", "http://a.example", KEY, headers, secret_values=("Bearer planted-value",))
    assert target.secrets == (KEY, "Bearer planted-value", "planted-value")
    assert "planted-value" not in repr(target)


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
    ("model", "kind"),
    [
        (ModelFacts("m", supports_json_schema=True), "json_schema"),
        (ModelFacts("m", supports_json_schema=True, is_thinking_model=True), "json_schema"),
        (ModelFacts("m"), "json_object"),
        (ModelFacts("m", is_thinking_model=True), None),
    ],
)
def test_structured_output_is_asked_for_as_the_model_can(model, kind):
    wanted = response_format(model, SCHEMA)
    assert (wanted["type"] if wanted else None) == kind
    assert response_format(model, None) is None


@pytest.mark.parametrize(("own", "asked", "sent"), [(100, 50, 50), (50, 100, 50), (None, 70, 70), (70, None, 70)])
def test_the_smaller_token_limit_goes_out(own, asked, sent):
    request = CompletionRequest((Message("user", "hi"),), max_tokens=asked)
    assert request_body(ModelFacts("m", max_tokens=own), request)["max_tokens"] == sent


def test_extra_body_adds_replaces_and_removes():
    extra = {"max_completion_tokens": 9, "max_tokens": None, "temperature": 1}
    request = CompletionRequest((Message("user", "hi"),), max_tokens=9, temperature=0.2)
    assert request_body(ModelFacts("m", extra_body=extra), request) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "max_completion_tokens": 9,
        "temperature": 1,
    }


def test_thinking_is_left_out_of_the_text():
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    assert content_text([thinking, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}, 3]) == "ab"
    assert content_text(None) == ""


@pytest.mark.parametrize(
    ("reported", "counted"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}, Usage(10, 20)),
        ({"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 95}, Usage(10, 85)),
        ({"prompt_tokens": 10, "completion_tokens": 20}, Usage(10, 20)),
        (None, Usage(2, 3)),
        ({"prompt_tokens": "many"}, Usage(2, 3)),
    ],
    ids=["plain", "google's thinking", "no total", "none", "nonsense"],
)
def test_usage_is_the_vendors_or_an_estimate(reported, counted):
    request = CompletionRequest((Message("user", "12345678"),))
    assert usage(reported, request, "123456789") == counted


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, "no choices"),
        ({"choices": []}, "no choices"),
        ({"choices": [{"message": {"content": " "}, "finish_reason": "content_filter"}]}, "filter"),
        ({"choices": [{"message": {"content": None, "refusal": "No."}}]}, "refused: No."),
        ({"choices": [{"message": None}]}, "empty"),
    ],
)
def test_an_answer_without_text_is_bad_output_that_was_paid_for(payload, words):
    request = CompletionRequest((Message("user", "hi"),))
    with pytest.raises(LLMError) as caught:
        completion({**payload, "usage": {"prompt_tokens": 5, "completion_tokens": 7}}, request, 0.1, None)
    assert caught.value.fault.kind is ErrorKind.BAD_OUTPUT
    assert caught.value.fault.usage == Usage(5, 7)
    assert words in caught.value.fault.detail


def test_an_error_prints_its_facts_and_no_more():
    error = LLMError(fault_of(401, {}, json.dumps(openai(f"Wrong key {KEY}")), now=0.0, secrets=[KEY]))
    assert str(error) == "auth 401: Wrong key ***"
    assert KEY not in "".join(traceback.format_exception(error))


def test_an_answer_that_ran_out_of_tokens_before_its_first_word_is_cut_off_not_empty():
    payload = {"choices": [{"message": {"content": None}, "finish_reason": "length"}]}
    answer = completion(payload, CompletionRequest((Message("user", "hi"),)), 0.1, None)
    assert (answer.text, answer.truncated) == ("", True)


def test_a_fault_keeps_no_character_that_a_database_refuses():
    assert Fault(ErrorKind.SERVER, detail="half a pair \ud800 and a NUL \0.").detail == "half a pair  and a NUL ."
