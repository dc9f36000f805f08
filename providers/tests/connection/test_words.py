"""What came of a test, in words: a row for every kind of fault, and what to do about each."""

import pytest

from providers.connection import words
from providers.connection.words import ADVICE, LACKS, LISTING, Lack
from providers.llm.errors import ErrorKind, Fault
from providers.llm.faults import fault_of
from providers.routing.admission import Obstacle, Refused
from providers.routing.config import ProviderEntry
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import MINUTE

SAID = {
    ErrorKind.AUTH: ("The key was refused (401): wrong key", "enter it again"),
    ErrorKind.BILLING: ("The account has no credit left (401): wrong key", "Add credit"),
    ErrorKind.FORBIDDEN: ("The account may not do this (401): wrong key", "unlocked"),
    ErrorKind.NOT_FOUND: ("It knows no model 'llama' (401): wrong key", "Fetch models lists what it offers"),
    ErrorKind.RATE_LIMITED: ("Full: the vendor lets no more through now (401): wrong key", "Key and address work"),
    ErrorKind.TIMEOUT: ("wrong key", "test again in a minute"),
    ErrorKind.CONNECTION: ("wrong key", "Check the base URL"),
    ErrorKind.SERVER: ("The vendor's server failed (401): wrong key", "status page"),
    ErrorKind.BAD_REQUEST: ("It refused the request (401): wrong key", "adapter"),
    ErrorKind.CONTEXT_LENGTH: ("Even a short prompt is too long for it (401): wrong key", "chat model"),
    ErrorKind.CONTENT_REFUSED: ("Its content filter refused a harmless prompt (401): wrong key", "safety settings"),
    ErrorKind.BAD_OUTPUT: ("It answered, but with nothing that can be used (401): wrong key", "chat model"),
}


def test_every_kind_of_fault_has_its_words():
    assert set(ADVICE) == set(LISTING) == set(SAID) == set(ErrorKind)
    assert set(LACKS) == set(Lack)


@pytest.mark.parametrize("kind", ErrorKind)
def test_a_fault_is_told_with_its_remedy(kind):
    outcome = words.failed(Fault(kind, 401, detail="wrong key"), "llama")
    assert outcome.words == SAID[kind][0]
    assert SAID[kind][1] in outcome.remedy
    assert (outcome.works, outcome.kind, outcome.model_id) == (False, kind, "llama")


@pytest.mark.parametrize("kind", ErrorKind)
def test_a_fault_without_facts_is_still_a_sentence(kind):
    told = words.failed(Fault(kind), "llama").words
    assert "{" not in told
    assert "None" not in told


def test_a_list_that_is_not_found_is_no_missing_model():
    assert "no list of models" in words.failed(Fault(ErrorKind.NOT_FOUND, 404)).words


@pytest.mark.parametrize(
    ("status", "content", "told", "remedy"),
    [
        (404, '{"error": {"message": "The model `x` does not exist"}}', "It knows no model 'llama'", "Fetch models"),
        (405, '{"detail": "Method Not Allowed"}', "Nothing answers chats at this address (405)", "/chat/completions"),
        (404, "404 page not found", "Nothing answers chats at this address (404)", "documentation"),
        (429, '{"error": {"message": "Quota exceeded, limit: 0"}}', "'llama' is not for this account (429)", "a plan"),
    ],
)
def test_why_a_model_is_not_found_is_told_apart(status, content, told, remedy):
    outcome = words.failed(fault_of(status, {}, content, now=0.0), "llama")
    assert outcome.kind == ErrorKind.NOT_FOUND
    assert outcome.words.startswith(told)
    assert remedy in outcome.remedy


def test_a_vendor_that_names_a_time_is_quoted():
    outcome = words.failed(Fault(ErrorKind.RATE_LIMITED, 429, retry_after_s=11.2), "llama")
    assert "Try again in 12 s." in outcome.remedy
    assert outcome.retry_after_s == 11.2


@pytest.mark.parametrize(
    ("refused", "told", "why"),
    [
        (
            Refused(11.1, Obstacle.OVER_BUDGET, "groq", bucket=Bucket("groq", Unit.REQUESTS, MINUTE, 3)),
            "Try again in 12 s",
            "its limit of 3 requests per minute is reached",
        ),
        (Refused(0.05, Obstacle.BUSY, "groq", allowed=4), "Try again in a moment", "has all 4 calls in flight"),
        (Refused(40, Obstacle.RESTING, "groq"), "Try again in 40 s", "Redis had lost its data"),
    ],
)
def test_a_call_that_was_not_let_out_says_when_it_would_be(refused, told, why):
    outcome = words.not_let_out(refused, "llama")
    assert told in outcome.words
    assert why in outcome.remedy
    assert outcome.kind == refused.obstacle.code


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        ({"api_key": "k"}, None),
        ({"requires_key": False}, None),
        ({}, Lack.NO_KEY),
        ({"key_is_unreadable": True}, Lack.UNREADABLE_KEY),
    ],
)
def test_what_is_lacking_is_known_before_any_call(facts, lack):
    assert words.lack_of(ProviderEntry("a", "A", "openai", "http://h", **facts)) == lack
