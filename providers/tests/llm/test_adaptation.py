"""What a request becomes where a model refuses a part of it: by table, without a vendor."""

import json

import pytest

from providers.llm.adaptation import OMITTED, in_words, merged, next_adaptation, readable
from providers.llm.errors import ErrorKind, LLMError
from providers.llm.faults import fault_of
from providers.llm.mistral import _sdk_words
from providers.llm.phrase import request_body
from providers.llm.types import CompletionRequest, JSONSchema, Message, ModelFacts

SCHEMA = JSONSchema("answer", {"type": "object", "properties": {}, "additionalProperties": False})
REQUEST = CompletionRequest((Message("user", "hi"),), SCHEMA, max_tokens=4096, temperature=0.8)
BOTH = {"max_tokens": "max_completion_tokens", "response_format": "json_object"}


def facts(**values):
    return ModelFacts("m", **{"supports_json_schema": True, **values})


def body(**values):
    return request_body(facts(**values), REQUEST)


def step(parameter, **values):
    return next_adaptation(facts(**values), body(**values), parameter)


@pytest.mark.parametrize(
    ("parameter", "learnt"),
    [
        ("max_tokens", {"max_tokens": "max_completion_tokens"}),
        ("maxOutputTokens", {"max_tokens": "max_completion_tokens"}),
        ("temperature", {"temperature": OMITTED}),
        ("body.temperature", {"temperature": OMITTED}),
        ("response_format", {"response_format": "json_object"}),
        ("response_format.type", {"response_format": "json_object"}),
        ("body.response_format.json_schema", {"response_format": "json_object"}),
        ("response_format.json_schema.schema.properties.question", {"response_format": "json_object"}),
        ("json_schema", {"response_format": "json_object"}),
        ("generation_config.response_schema", {"response_format": "json_object"}),
        ("response_format.json_schema.strict", {"strict": OMITTED}),
        ("strict", {"strict": OMITTED}),
        ("response_format.json_schema.schema.additionalProperties", {"additionalProperties": OMITTED}),
        ("generation_config.response_schema.additional_properties", {"additionalProperties": OMITTED}),
        ("messages", {}),
        ("messages[0].content", {}),
        ("model", {}),
        ("quota", {}),
        ("top_p", {}),
        ("", {}),
        ("...", {}),
    ],
)
def test_the_part_that_the_vendor_names_takes_its_next_form(parameter, learnt):
    assert step(parameter) == learnt


@pytest.mark.parametrize(
    ("adaptations", "parameter", "learnt"),
    [
        ({"max_tokens": "max_completion_tokens"}, "max_completion_tokens", {"max_tokens": OMITTED}),
        ({"max_tokens": "max_completion_tokens"}, "max_tokens", {"max_tokens": OMITTED}),
        ({"max_tokens": OMITTED}, "max_tokens", {}),
        ({"temperature": OMITTED}, "temperature", {}),
        ({"response_format": "json_object"}, "response_format", {"response_format": OMITTED}),
        ({"response_format": "json_object"}, "strict", {}),
        ({"response_format": OMITTED}, "response_format", {}),
        ({"strict": OMITTED}, "response_format.json_schema.strict", {"response_format": "json_object"}),
    ],
)
def test_refused_again_it_goes_on_until_nothing_is_left(adaptations, parameter, learnt):
    assert step(parameter, adaptations=adaptations) == learnt


def test_a_thinking_model_gets_no_json_mode_in_place_of_a_schema():
    assert step("response_format", is_thinking_model=True) == {"response_format": OMITTED}


@pytest.mark.parametrize("parameter", [*body(), "strict", "additionalProperties", "max_completion_tokens", "nonsense"])
def test_adapting_always_comes_to_an_end(parameter):
    known: dict[str, str] = {}
    steps = 0
    while learnt := step(parameter, adaptations=known):
        before = body(adaptations=known)
        known = merged(known, learnt)
        steps += 1
        assert body(adaptations=known) != before
    assert steps <= 4


def test_the_request_goes_out_as_the_model_takes_it():
    sent = body(adaptations={**BOTH, "temperature": OMITTED})
    assert sent == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "max_completion_tokens": 4096,
        "response_format": {"type": "json_object"},
    }


def test_parts_of_the_schema_are_left_out_alone():
    wanted = body(adaptations={"strict": OMITTED, "additionalProperties": OMITTED})["response_format"]["json_schema"]
    assert wanted == {"name": "answer", "schema": {"type": "object", "properties": {}}}
    assert SCHEMA.schema["additionalProperties"] is False


def test_json_mode_was_learnt_of_a_schema_and_changes_nothing_where_none_is_asked_for():
    without = CompletionRequest((Message("user", "hi"),))
    assert "response_format" not in request_body(facts(adaptations=BOTH), without)
    thinking = ModelFacts("m", is_thinking_model=True, adaptations=BOTH)
    assert "response_format" not in request_body(thinking, REQUEST)


# --- a person's extra_body ----------------------------------------------------
@pytest.mark.parametrize(
    ("extra", "parameter"),
    [
        ({"temperature": 1}, "temperature"),
        ({"reasoning_effort": "high"}, "reasoning_effort"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"response_format": {"type": "json_schema", "json_schema": {"strict": True}}}, "strict"),
        ({"max_tokens": None, "max_completion_tokens": 9}, "max_completion_tokens"),
    ],
)
def test_what_a_person_has_set_is_never_adapted(extra, parameter):
    assert step(parameter, extra_body=extra) == {}


def test_what_a_person_has_set_wins_over_what_was_learnt():
    learnt = {**BOTH, "temperature": OMITTED}
    sent = body(adaptations=learnt, extra_body={"temperature": 1, "max_tokens": 7, "response_format": None})
    assert (sent["temperature"], sent["max_tokens"]) == (1, 7)
    assert not {"max_completion_tokens", "response_format"} & set(sent)


# --- what is kept ---------------------------------------------------------------
def test_what_two_workers_learnt_is_merged_in_any_order():
    further = {"max_tokens": OMITTED, "temperature": OMITTED}
    assert merged(BOTH, further) == merged(further, BOTH) == {**BOTH, **further}
    assert merged(BOTH, BOTH) == BOTH


@pytest.mark.parametrize("stored", [None, [], "x", {"max_tokens": 3}, {"temperature": "colder"}, {"model": {}}])
def test_what_makes_no_sense_in_the_database_is_passed_over(stored):
    assert readable(stored) == {}


def test_it_is_told_in_words():
    assert list(in_words({**BOTH, "temperature": OMITTED})) == [
        "max_completion_tokens is sent in place of max_tokens",
        "JSON mode is asked for in place of a JSON schema",
        "temperature is not sent",
    ]


# --- the boundary ---------------------------------------------------------------
RECORDED = {
    "message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
    "instead.",
    "type": "invalid_request_error",
    "param": "max_tokens",
    "code": "unsupported_parameter",
}


@pytest.mark.parametrize(
    ("status", "error", "parameter"),
    [
        (400, RECORDED, "max_tokens"),
        (400, {**RECORDED, "param": None}, "max_tokens"),
        (400, {**RECORDED, "param": ["max_tokens"]}, "max_tokens"),
        (402, {**RECORDED, "param": "quota"}, ""),
        (429, {**RECORDED, "param": "queue"}, ""),
    ],
)
def test_the_refused_parameter_is_a_fact_of_a_bad_request(status, error, parameter):
    assert fault_of(status, {}, json.dumps({"error": error}), now=0.0).parameter == parameter


def test_what_mistrals_sdk_cannot_send_is_named_so_that_it_is_left_out():
    with pytest.raises(LLMError) as caught:
        _sdk_words(body(adaptations={"max_tokens": "max_completion_tokens"}))
    fault = caught.value.fault
    assert fault.kind is ErrorKind.BAD_REQUEST
    assert step(fault.parameter, adaptations={"max_tokens": "max_completion_tokens"}) == {"max_tokens": OMITTED}
