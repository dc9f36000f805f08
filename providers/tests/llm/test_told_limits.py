"""The limits that refusals name, in the words and fields of their vendors."""

import json

import pytest

from providers.llm.faults import fault_of
from providers.tests.llm.test_recorded_refusals import NOW, RECORDED, read

GROQ_DAY = (
    "Rate limit reached for model `llama-3.3-70b-versatile` in organization `org_x` service tier `on_demand` on tokens "
    "per day (TPD): Limit 200000, Used 199900, Requested 1500. Please try again in 10m2s. Need more tokens?"
)
WORDS = {
    GROQ_DAY: [("tokens", 86400, 200000)],
    "Rate limit reached for gpt-4o in organization org-x on requests per min (RPM): Limit 3, Used 3, Requested 1. "
    "Please try again in 20s.": [("requests", 60, 3)],
    "Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 30601. The "
    "input or output tokens must be reduced in order to run successfully.": [("tokens", 60, 30000)],
    "Rate limit reached for model `m` in organization `o` on output tokens per minute (OTPM): Limit 8000, Used 7900, "
    "Requested 500.": [("output", 60, 8000)],
    "Rate limit reached for model `llama3-70b-8192` in organization `org_x` on : Limit 500000, Used 500370.": [],
    "This request would exceed the rate limit for your organization (0) of 30,000 input tokens per minute. For "
    "details, refer to: https://docs.claude.com/en/api/rate-limits.": [("input", 60, 30000)],
    "You are using a Trial key, which is limited to 40 API calls / minute. You can continue to use the Trial key for "
    "free or upgrade to a Production key with higher rate limits.": [("requests", 60, 40)],
    "You are using a Trial key, which is limited to 1000 API calls / month.": [("requests", 2678400, 1000)],
    "trial token rate limit exceeded, limit is 100000 tokens per minute": [("tokens", 60, 100000)],
    "Your account x / proj-x request reached project TPM rate limit, current: 1410, limit: 100, see "
    "https://platform.moonshot.cn/docs/pricing/limits": [("tokens", 60, 100)],
    "Your account reached max request. request reached max RPM: 3, please try again after 1 seconds": [
        ("requests", 60, 3)
    ],
    "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day": [],
    "you have reached your weekly usage limit, upgrade for higher limits": [],
    "Rate limit exceeded for 'The rate limit is 5 requests per minute, says the contract'": [],
    "Limit reached: limit is 0 requests per minute": [],
    "Limit reached: limit is 99999999999 requests per minute": [],
    "Service tier capacity exceeded for this model.": [],
}


def told(fault):
    return [(fact.unit, fact.window_s, fact.limit) for fact in fault.limits if fact.told_by == "body"]


@pytest.mark.parametrize("words", WORDS)
def test_limits_are_read_from_words(words):
    body = json.dumps({"error": {"message": words, "type": "rate_limit", "code": "rate_limit_exceeded"}})
    assert told(fault_of(429, {}, body, now=NOW)) == WORDS[words]


def quota(quota_id, value, metric="generate_content_free_tier_requests"):
    return {"quotaMetric": f"generativelanguage.googleapis.com/{metric}", "quotaId": quota_id, "quotaValue": value}


def google(*violations):
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": list(violations)},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "26s"},
    ]
    return {"error": {"code": 429, "message": "You exceeded", "status": "RESOURCE_EXHAUSTED", "details": details}}


@pytest.mark.parametrize(
    ("violation", "limits"),
    [
        (quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250"), [("requests", 86400, 250)]),
        (quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "10"), [("requests", 60, 10)]),
        (
            quota(
                "GenerateContentInputTokensPerModelPerMinute-FreeTier",
                "250000",
                "generate_content_free_tier_input_token_count",
            ),
            [("input", 60, 250000)],
        ),
        (quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "0"), []),
        (quota("SomethingElsePerProject", "10"), []),
        (quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "many"), []),
    ],
    ids=["day", "minute", "input tokens", "no quota", "no window", "no number"],
)
def test_googles_quotas_are_limits(violation, limits):
    assert told(fault_of(429, {}, json.dumps([google(violation)]), now=NOW)) == limits


def test_all_of_googles_quotas_are_told_and_inside_a_text_too():
    body = google(
        quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250"),
        quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "10"),
    )
    both = [("requests", 86400, 250), ("requests", 60, 10)]
    assert told(fault_of(429, {}, json.dumps(body), now=NOW)) == both
    relayed = {"error": {"message": json.dumps(body), "code": 429, "status": "Too Many Requests"}}
    assert told(fault_of(429, {}, json.dumps(relayed), now=NOW)) == both


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("OpenRouter free models per day", [("requests", 86400, 50)]),
        ("Anthropic per minute", [("input", 60, 30000)]),
    ],
)
def test_recorded_refusals_tell_their_limits(name, limits):
    entry = next(entry for entry in RECORDED if entry["name"] == name)
    assert told(read(entry)) == limits


def test_what_is_no_refusal_for_a_limit_tells_none():
    assert (
        told(fault_of(400, {}, json.dumps({"error": {"message": GROQ_DAY, "code": "content_filter"}}), now=NOW)) == []
    )
