"""Answers as vendors spell them: all of these are answers, and the others say why they are none."""

import json
from typing import Any

import pytest

from providers.llm.answers.reading import MOST_CHARS, completion, content_text, model_ids
from providers.llm.answers.usage import usage
from providers.llm.errors import ErrorKind, LLMError
from providers.llm.http.payload import generated_in_refusal, parsed, unlisted
from providers.llm.types import Completion, CompletionRequest, Message, Usage

REQUEST = CompletionRequest((Message("user", "12345678"),))
SAMPLE = '{"question": "Q", "answer": "A"}'
SPENT = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
NOTHING = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def read(payload) -> Completion:
    return completion(payload, REQUEST, 0.1, ())


def fault(payload):
    with pytest.raises(LLMError) as caught:
        read(payload)
    return caught.value.fault


def answer(message, finish_reason="stop", usage=SPENT, **choice):
    return {"choices": [{"message": message, "finish_reason": finish_reason, **choice}], "usage": usage}


def call(arguments):
    return {"id": "1", "type": "function", "function": {"name": "sample", "arguments": arguments}}


# --- where the answer stands ---------------------------------------------------
@pytest.mark.parametrize(
    "message",
    [
        {"content": SAMPLE, "reasoning_content": '{"question": "draft"}'},
        {"content": None, "reasoning_content": SAMPLE},  # vllm-project/vllm#16182
        {"content": "", "reasoning": f"Let me think. {SAMPLE}"},
        {"content": "\n", "tool_calls": [call(SAMPLE)]},
        {"content": None, "tool_calls": [call(json.loads(SAMPLE))]},
        {"content": None, "function_call": {"name": "sample", "arguments": SAMPLE}},
        {"content": json.loads(SAMPLE)},
        {"content": None, "parsed": json.loads(SAMPLE)},
        {"content": [json.loads(SAMPLE)]},
        {"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": SAMPLE}]},
        {"content": [{"type": "output_text", "text": SAMPLE}]},
        {"content": [{"type": "text", "text": {"value": SAMPLE, "annotations": []}}]},
        {"content": [SAMPLE[:9], SAMPLE[9:]]},
        {"content": {"type": "text", "text": SAMPLE}},
    ],
)
def test_the_answer_is_found_where_it_stands(message):
    assert SAMPLE in read(answer(message)).text


@pytest.mark.parametrize(
    "choice", [{"text": SAMPLE}, {"delta": {"content": SAMPLE}}, {"message": None, "text": SAMPLE}]
)
def test_a_choice_of_another_face_is_read(choice):
    assert read({"choices": [choice]}).text == SAMPLE


def test_thoughts_of_a_model_that_was_cut_off_hold_a_draft_at_most():
    cut = read(answer({"content": "", "reasoning_content": SAMPLE}, "length"))
    assert (cut.text, cut.truncated) == ("", True)


def test_thoughts_without_an_object_are_no_answer():
    assert fault(answer({"content": None, "reasoning": "Let me think."})).kind is ErrorKind.BAD_OUTPUT


def test_the_model_that_answered_is_kept():
    assert read({**answer({"content": SAMPLE}), "model": "big-model-2026"}).model == "big-model-2026"
    assert read({**answer({"content": SAMPLE}), "model": {"id": 3}}).model == ""


def test_no_character_that_a_database_refuses_is_kept():
    payload = {**answer({"content": 'a\0\ud800{"b": 1}'}, "st\0p"), "model": "m\ud800"}
    kept = read(payload)
    assert (kept.text, kept.finish_reason, kept.model) == ('a{"b": 1}', "stp", "m")


# --- how it ended ----------------------------------------------------------------
@pytest.mark.parametrize(
    "reason",
    [
        *("length", "max_tokens", "MAX_TOKENS", "model_length", "max_output_tokens", "incomplete", "maxTokens"),
        *("FinishReason.MAX_TOKENS", "max-completion-tokens", "token_limit", "context_window_exceeded", "truncated"),
    ],
)
def test_truncation_is_known_in_all_its_spellings(reason):
    assert read(answer({"content": SAMPLE[:20]}, reason)).truncated


@pytest.mark.parametrize(
    "reason", ["stop", "STOP", "eos", "end_turn", "tool_calls", "stop_sequence", "completed", None, 3]
)
def test_a_good_end_is_one(reason):
    assert not read(answer({"content": SAMPLE}, reason)).truncated


@pytest.mark.parametrize(
    "payload",
    [
        *(
            answer({"content": SAMPLE[:20]}, reason)
            for reason in (
                *("content_filter", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "blocklist", "refusal", "SPII"),
                *("content-filtered", "guardrail_intervened", "sensitive", "FINISH_REASON_SAFETY", "moderation"),
            )
        ),
        answer({"content": None, "refusal": "I cannot help with that."}),
        answer({"content": [{"type": "refusal", "refusal": "I cannot help with that."}]}),
        answer({"content": None}, "content_filter", NOTHING),
    ],
)
def test_what_is_withheld_moves_on_and_is_not_asked_again_as_malformed(payload):
    found = fault(payload)
    assert found.kind is ErrorKind.CONTENT_REFUSED
    assert found.usage


def test_a_refusal_that_was_paid_for_says_so_in_the_models_words():
    found = fault(answer({"content": "", "refusal": "No."}))
    assert found.usage == Usage(5, 7)
    assert "No." in found.detail


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"choices": []},
        {"choices": None},
        {"choices": "none"},
        answer({"content": None}, "stop", NOTHING),  # BerriAI/litellm#38199
        answer({"content": ""}, "stop", None),
        answer({"content": ""}, "error", {"total_tokens": 0}, error={"code": 502}),  # maximhq/bifrost#5425
        answer({"content": SAMPLE[:20]}, "insufficient_system_resource"),  # genkit-ai/genkit#6259
        answer({"content": SAMPLE[:20]}, "network_error"),
        answer({"content": "x" * (MOST_CHARS + 1)}),
    ],
)
def test_an_answer_without_choices_or_without_tokens_is_an_outage_of_the_route(payload):
    assert fault(payload).kind is ErrorKind.SERVER


def test_a_whole_answer_is_kept_even_if_its_vendor_had_an_error_after_it():
    assert read(answer({"content": SAMPLE}, "error")).text == SAMPLE


# --- what it cost ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reported", "counted"),
    [
        ({"prompt_tokens": 500.0, "completion_tokens": "200", "total_tokens": None}, Usage(500, 200)),
        ({"prompt_tokens": "500", "completion_tokens": " 2e2 "}, Usage(500, 200)),
        ({"input_tokens": 500, "output_tokens": 200}, Usage(500, 200)),
        ({"prompt_tokens": 500, "total_tokens": "700"}, Usage(500, 200)),
        ({"prompt_tokens": float("nan"), "completion_tokens": float("inf")}, Usage(2, 3)),
        ({"prompt_tokens": True, "completion_tokens": -1}, Usage(2, 3)),
        ({"prompt_tokens": "1" * 5000, "completion_tokens": [3]}, Usage(2, 3)),
        ([500, 200], Usage(2, 3)),
    ],
)
def test_a_count_may_come_as_a_float_or_as_text(reported, counted):
    assert usage(reported, REQUEST, "123456789") == counted


@pytest.mark.parametrize("place", [{"x_groq": {"usage": SPENT}}, {"usage": None, "x_groq": {"usage": SPENT}}])
def test_usage_is_found_beside_its_place(place):
    assert read({"choices": [{"text": SAMPLE}], **place}).usage == Usage(5, 7)
    assert read({"choices": [{"text": SAMPLE, "usage": SPENT}]}).usage == Usage(5, 7)


# --- lists of models ------------------------------------------------------------------
@pytest.mark.parametrize(
    "payload",
    [
        {"data": [{"id": "a"}, {"id": "b"}]},
        [{"id": "a"}, {"id": "b"}],  # Together; odysseus-dev/odysseus#2202
        ["a", "b"],
        {"data": ["a", "b"]},
        {"models": [{"name": "a"}, {"model": "b", "name": "B, by its maker"}]},
        {"models": ["a", "b"]},
        {"data": None, "models": [{"id": "a"}, {"id": "b"}, {"id": ""}, {"object": "model"}, None, 4.5]},
        {"models": {"data": 1}, "data": [{"id": "a", "name": "A"}, {"id": "b"}]},
    ],
)
def test_models_are_listed_in_any_of_its_shapes(payload):
    assert model_ids(unlisted(payload)) == ("a", "b")


def test_an_error_in_a_list_is_no_list():
    assert unlisted([{"error": {"code": 429}}]) == [{"error": {"code": 429}}]


# --- streams that nobody asked for -------------------------------------------------------
def events(*chunks, end="data: [DONE]\n\n"):
    return "".join(f": ping\n\nevent: chunk\ndata: {json.dumps(chunk)}\n\n" for chunk in chunks) + end


def delta(**fields):
    return {"model": "m", "choices": [{"index": 0, "delta": fields, "finish_reason": None}]}


LAST = {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}], "usage": SPENT}


@pytest.mark.parametrize("end", ["data: [DONE]\n\n", ""])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_stream_is_put_together(end, newline):  # BYK/loreai#605
    text = events(delta(role="assistant"), delta(content=SAMPLE[:9]), delta(content=SAMPLE[9:]), LAST, end=end)
    whole = read(parsed(text.replace("\n", newline)))
    assert (whole.text, whole.finish_reason, whole.usage, whole.model) == (SAMPLE, "length", Usage(5, 7), "m")


def test_a_line_separator_within_a_text_is_no_end_of_a_line():
    text = 'data: {"choices": [{"delta": {"content": "a\u2028b"}, "finish_reason": "stop"}]}\n\n'
    assert read(parsed(text)).text == "a\u2028b"


def test_arguments_and_thoughts_come_in_pieces_too():
    pieces = [{"index": 0, "function": {"arguments": part}} for part in (SAMPLE[:9], SAMPLE[9:])]
    done = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    assert read(parsed(events(*(delta(tool_calls=[piece]) for piece in pieces), done))).text == SAMPLE
    assert read(parsed(events(delta(reasoning=SAMPLE[:9]), delta(reasoning=SAMPLE[9:]), done))).text == SAMPLE


@pytest.mark.parametrize("end", ["", 'data: {"choices": [{"del'])
def test_half_a_stream_is_an_error(end):
    assert "error" in parsed(events(delta(content=SAMPLE), end=end))


def test_an_error_within_a_stream_is_the_answer():
    assert parsed(events(delta(content="{"), {"error": {"code": 429}})) == {"error": {"code": 429}}


@pytest.mark.parametrize("text", ["", "<html>", "data", "data: x", "{", "event: ping\n\n", "null", "[" * 10_000])
def test_what_is_neither_json_nor_a_stream_is_nothing(text):
    assert parsed(text) is None


# --- an answer in a refusal -----------------------------------------------------------
def test_what_was_generated_is_taken_from_a_refusal():  # langchain-ai/langchain#31459
    error = {"message": "Failed to validate JSON.", "code": "json_validate_failed"}
    for body in (
        {"error": {**error, "failed_generation": f"Sure:\n{SAMPLE}"}},
        [{"error": error, "failed_generation": SAMPLE}],
    ):
        salvaged = generated_in_refusal(body)
        assert salvaged
        kept = read(salvaged)
        assert SAMPLE in kept.text
        assert kept.finish_reason == "json_validate_failed"
        assert kept.usage == Usage(2, -(-len(kept.text) // 4))


@pytest.mark.parametrize("text", ["", "no object", '{"question": "half', "[1]", None, 3])
def test_what_is_no_object_is_not_taken(text):
    assert generated_in_refusal({"error": {"code": "json_validate_failed", "failed_generation": text}}) is None


def test_content_of_no_known_shape_is_no_text():
    unknown: list[Any] = [None, 3, True, [], [[]], [{"type": "image"}]]
    assert [content_text(content) for content in unknown] == [""] * 6
