"""From a refusal to its kind: codes before words, under any status, in any envelope."""

import json
from random import Random
from typing import Any

import pytest

from providers.llm.errors import ErrorKind
from providers.llm.faults import fault_in_answer, fault_of


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
        (403, "<html>Access denied: check billing</html>", ErrorKind.SERVER),
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
        (400, openai("The model 'x' is not supported."), ErrorKind.NOT_FOUND),
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
    assert fault_of(400, {}, json.dumps(body), now=0.0).kind is ErrorKind.BAD_REQUEST


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
    ("status", "kind"),
    [
        (405, ErrorKind.NOT_FOUND),
        (407, ErrorKind.BAD_REQUEST),
        (421, ErrorKind.SERVER),
        (424, ErrorKind.SERVER),
        (426, ErrorKind.SERVER),
        (431, ErrorKind.BAD_REQUEST),
        (451, ErrorKind.CONTENT_REFUSED),
        (499, ErrorKind.SERVER),
        (522, ErrorKind.SERVER),
        (529, ErrorKind.SERVER),
        (302, ErrorKind.SERVER),
    ],
)
def test_a_status_alone_decides_where_nothing_else_is_said(status, kind):
    assert fault_of(status, {}, "", now=0.0).kind is kind


def test_a_region_that_the_law_shuts_out_is_no_content():
    body = openai("Country, region, or territory not supported", "unsupported_country_region_territory")
    assert fault_of(451, {}, json.dumps(body), now=0.0).kind is ErrorKind.FORBIDDEN


PAGE = "<!DOCTYPE html><html><body>%s</body></html>"


@pytest.mark.parametrize("status", [200, 401, 403, 429, 503])
def test_a_challenge_page_is_an_outage_under_any_status(status):
    page = PAGE % "Just a moment..."
    fault = fault_in_answer(page, {}, now=0.0) if status == 200 else fault_of(status, {}, page, now=0.0)
    assert fault
    assert (fault.kind, fault.status) == (ErrorKind.SERVER, status)
    assert "challenge page" in fault.detail


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ErrorKind.SERVER),
        (401, ErrorKind.AUTH),
        (403, ErrorKind.SERVER),
        (404, ErrorKind.NOT_FOUND),
        (429, ErrorKind.RATE_LIMITED),
        (502, ErrorKind.SERVER),
    ],
)
def test_a_page_speaks_for_the_vendor_only_under_a_clear_status(status, kind):
    assert fault_of(status, {}, PAGE % "insufficient balance, invalid API key", now=0.0).kind is kind


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


LEGAL = (
    "The debtor has insufficient funds. Billing disputes, unpaid invoices and an overdue payment: the account has been "
    "suspended, the credit limit exceeded, the API key invalid, the model does not exist, payment required."
)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": f"Could not read '{LEGAL}'", "type": "invalid_request_error"}},
        {"error": {"message": f'Invalid JSON in "{LEGAL}"'}},
        {"error": {"message": "Bad request", "input": LEGAL}},
        {"error": {"message": "Bad request", "failed_generation": LEGAL, "prompt": LEGAL}},
        {"error": {"message": f"1 validation error: Input should be text input_value={LEGAL}"}},
        {"detail": [{"loc": ["body", "messages", 0], "msg": "Field required", "input": LEGAL}]},
        {"detail": [{"loc": ["body"], "msg": "JSON decode error", "ctx": {"error": LEGAL}, "input": {"error": LEGAL}}]},
        {"error": {"message": "The request was malformed. " * 30 + LEGAL}},
    ],
)
def test_what_a_refusal_repeats_of_the_request_decides_nothing(body):
    assert fault_of(400, {}, json.dumps(body), now=0.0).kind is ErrorKind.BAD_REQUEST


def test_words_never_outweigh_a_code():
    body = openai("Insufficient balance: your API key is invalid, please enable billing", "context_length_exceeded")
    assert fault_of(400, {}, json.dumps(body), now=0.0).kind is ErrorKind.CONTEXT_LENGTH


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Provider returned error", "code": 401, "metadata": {"provider_name": "Z.AI", "raw": "no"}},
        {"message": "Provider returned error", "code": 402},
        {"message": "litellm.AuthenticationError: OpenAIException - Incorrect API key. Received Model Group=gpt"},
        {"message": 'Error from provider: {"error": {"code": "insufficient_quota", "message": "x"}}'},
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403])
def test_the_account_of_a_server_behind_the_vendor_is_not_ours(status, error):
    assert fault_of(status, {}, json.dumps({"error": error}), now=0.0).kind is ErrorKind.SERVER


@pytest.mark.parametrize(
    ("error", "parameter"),
    [
        ({"message": "no", "param": "seed", "code": "unsupported_parameter"}, "seed"),
        ({"message": "no", "param": "response_format.json_schema.strict"}, "response_format.json_schema.strict"),
        ({"message": "Unrecognized request argument supplied: top_k"}, "top_k"),
        ({"message": "Unknown parameter: 'reasoning_effort'."}, "reasoning_effort"),
        ({"message": "Unsupported value: 'temperature' does not support 0.2 with this model."}, "temperature"),
        ({"message": "`max_tokens` is not supported with this model"}, "max_tokens"),
        ({"message": "Model x does not support parameter reasoningEffort."}, "reasoning_effort"),
        ({"message": "JSON mode is not supported for this model."}, "response_format"),
        ({"message": "This model does not support structured outputs"}, "response_format"),
        ({"message": "Additional properties are not allowed ('top_k' was unexpected)"}, "top_k"),
        ({"message": "'messages' must contain the word 'json'", "param": "messages"}, ""),
        ({"message": "model 'x' does not support chat"}, ""),
        ({"message": "Bad request", "param": "None"}, ""),
        ({"message": "Bad request", "param": ["seed"]}, ""),
        ({"message": "Bad request"}, ""),
    ],
)
def test_the_field_that_a_model_does_not_take_is_named(error, parameter):
    fault = fault_of(400, {}, json.dumps({"error": error}), now=0.0)
    assert (fault.kind, fault.parameter) == (ErrorKind.BAD_REQUEST, parameter)


def test_a_parameter_is_named_of_bad_requests_alone():
    body = openai("Too long.", "context_length_exceeded")
    body["error"]["param"] = "max_tokens"
    assert not fault_of(400, {}, json.dumps(body), now=0.0).parameter


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
