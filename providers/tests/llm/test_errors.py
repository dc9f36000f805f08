"""Errors and their facts, and how requests are phrased and answers read."""

import json
import traceback

import pytest

from providers.llm.answers.reading import completion, content_text
from providers.llm.answers.usage import usage
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.faults import fault_of
from providers.llm.phrase import request_body, response_format
from providers.llm.scrubbing import DETAIL_CHARS, scrub
from providers.llm.types import CompletionRequest, Endpoint, JSONSchema, Message, ModelFacts, Usage

KEY = "sk-planted-0123456789abcdef"
SCHEMA = JSONSchema("sample", {"type": "object"})


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


def test_secret_headers_are_secrets_like_the_key_and_others_are_not():
    headers = (("X-Title", "legalds"), ("X-Secret", "Bearer planted-value"))
    target = Endpoint("a", "openai", "http://a.example", KEY, headers, secret_values=("Bearer planted-value",))
    assert target.secrets == (KEY, "Bearer planted-value", "planted-value")
    assert "planted-value" not in repr(target)


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
        ({"choices": [{"message": None}]}, "empty"),
        ({"choices": [{"message": {"content": " "}, "finish_reason": "stop"}]}, "empty"),
    ],
)
def test_an_answer_without_text_is_bad_output_that_was_paid_for(payload, words):
    request = CompletionRequest((Message("user", "hi"),))
    with pytest.raises(LLMError) as caught:
        completion({**payload, "usage": {"prompt_tokens": 5, "completion_tokens": 7}}, request, 0.1, ())
    assert caught.value.fault.kind is ErrorKind.BAD_OUTPUT
    assert caught.value.fault.usage == Usage(5, 7)
    assert words in caught.value.fault.detail


def test_an_error_prints_its_facts_and_no_more():
    error = LLMError(fault_of(401, {}, json.dumps({"error": {"message": f"Wrong key {KEY}"}}), now=0.0, secrets=[KEY]))
    assert str(error) == "auth 401: Wrong key ***"
    assert KEY not in "".join(traceback.format_exception(error))


def test_an_answer_that_ran_out_of_tokens_before_its_first_word_is_cut_off_not_empty():
    payload = {"choices": [{"message": {"content": None}, "finish_reason": "length"}]}
    answer = completion(payload, CompletionRequest((Message("user", "hi"),)), 0.1, ())
    assert (answer.text, answer.truncated) == ("", True)


def test_a_fault_keeps_no_character_that_a_database_refuses():
    assert Fault(ErrorKind.SERVER, detail="half a pair \ud800 and a NUL \0.").detail == "half a pair  and a NUL ."
