"""From a refusal to its kind: codes before words, and a status alone where nothing else is said."""

import json

import pytest

from providers.llm.errors import ErrorKind
from providers.llm.faults import fault_in_answer, fault_of
from providers.llm.types import LimitFact
from providers.tests.llm.refusal_bodies import google, openai

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


def test_a_refusal_carries_its_facts():
    fault = fault_of(429, {"retry-after": "3", "x-ratelimit-remaining-requests": "0"}, "", now=0.0)
    assert (fault.status, fault.retry_after_s) == (429, 3)
    assert fault.limits == (LimitFact("requests", remaining=0),)


def test_google_and_used_up_limits_say_how_long_to_wait():
    assert fault_of(429, {}, json.dumps(GOOGLE_LIMIT), now=0.0).retry_after_s == 33
    spent = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "7.66s"}
    assert fault_of(429, spent, "", now=0.0).retry_after_s == 7.66


def test_a_page_is_named_not_shown():
    assert fault_of(502, {}, "<html>secret page</html>", now=0.0).detail == "The server answered with an HTML page."


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
