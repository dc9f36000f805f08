"""What the words of a refusal decide, and what they name; what it repeats of the request decides nothing."""

import json

import pytest

from providers.llm.errors import ErrorKind
from providers.llm.faults import fault_of
from providers.tests.llm.refusal_bodies import openai


def test_complaints_about_fields_do_not_repeat_the_request():
    complaint = {"loc": ["body", "messages", 0], "msg": "Field required", "input": "a long prompt"}
    assert fault_of(422, {}, json.dumps({"detail": [complaint]}), now=0.0).detail == "body.messages.0: Field required"


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
