"""The mistral adapter over real HTTP."""

import traceback
from typing import Any

import pytest

from providers.llm.errors import ErrorKind, LLMError
from providers.sandbox.thread import RunningSandbox
from providers.tests.llm.adapters import KEY, KINDS, complete, endpoint, fault, using

LEAKS = {
    "MISTRAL_API_KEY": "leaked-key",
    "MISTRAL_DEBUG": "1",
    "MISTRAL_SDK_TELEMETRY": "dedicated",
    "MISTRAL_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/leaked",
}


@pytest.mark.parametrize("with_path", [True, False])
def test_an_answer_comes_with_its_text_usage_and_limits(sandbox: RunningSandbox, with_path):
    sandbox.state.set_limit(tokens_per_minute=50_000)
    answer = complete(endpoint("mistral", sandbox.url if with_path else sandbox.root))
    assert '"case_citation"' in answer.text
    assert answer.usage.completion_tokens > 400
    assert [(fact.unit, fact.limit) for fact in answer.limits] == [("tokens", 50_000)]


@pytest.mark.parametrize(("behaviour", "kind"), KINDS.items())
def test_each_misbehaviour_becomes_its_kind(sandbox: RunningSandbox, behaviour, kind):
    timeout_s = 0.5 if kind is ErrorKind.TIMEOUT else 30.0
    found = fault(endpoint("mistral", sandbox.url, timeout_s=timeout_s), behaviour)
    assert found.kind is kind
    assert found.detail
    assert KEY not in found.detail


def test_a_rate_limit_says_when_to_come_back_and_is_not_retried(sandbox: RunningSandbox):
    found = fault(endpoint("mistral", sandbox.url), "429-2s")
    assert (found.status, found.retry_after_s) == (429, 2)
    assert len(sandbox.calls) == 1


def test_thinking_chunks_are_left_out(sandbox: RunningSandbox):
    text = complete(endpoint("mistral", sandbox.url), "chunks", is_thinking_model=True).text
    assert text.startswith("{")
    assert "synthetic thinking" not in text


@pytest.mark.parametrize("key", [KEY, ""])
def test_nothing_of_the_environment_leaks(sandbox: RunningSandbox, monkeypatch, tmp_path, capfd, key):
    token = tmp_path / "token"
    token.write_text("leaked-token")
    for name, value in {**LEAKS, "MISTRAL_SA_TOKEN_PATH": str(token)}.items():
        monkeypatch.setenv(name, value)
    complete(endpoint("mistral", sandbox.url, api_key=key, headers=(("X-Own", "mine"),)))
    (call,) = sandbox.calls
    assert call.headers.get("authorization") == (f"Bearer {key}" if key else None)
    assert call.headers["x-own"] == "mine"
    assert "leaked" not in str(call.headers)
    assert capfd.readouterr().err == ""


def test_the_body_is_what_the_policy_says(sandbox: RunningSandbox):
    facts: dict[str, Any] = {"supports_json_schema": True, "max_tokens": 900, "extra_body": {"random_seed": 7}}
    complete(endpoint("mistral", sandbox.url), **facts)
    body = sandbox.calls[0].body
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert (body["max_tokens"], body["random_seed"]) == (900, 7)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


@pytest.mark.parametrize("extra", [{"no_such_field": 1}, {"temperature": "hot"}])
def test_what_the_sdk_cannot_send_is_a_bad_request_that_names_the_field(sandbox: RunningSandbox, extra):
    found = fault(endpoint("mistral", sandbox.url), extra_body=extra)
    assert found.kind is ErrorKind.BAD_REQUEST
    assert next(iter(extra)) in found.detail
    assert sandbox.calls == []


def test_no_traceback_shows_the_key(sandbox: RunningSandbox):
    for behaviour in ("401", "reset", "html"):
        with pytest.raises(LLMError) as caught:
            complete(endpoint("mistral", sandbox.url), behaviour)
        assert KEY not in "".join(traceback.format_exception(caught.value))


def test_models_are_listed(sandbox: RunningSandbox):
    assert "good" in using(endpoint("mistral", sandbox.url), lambda client: client.list_models())
