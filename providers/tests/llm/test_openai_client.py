"""The openai adapter over real HTTP."""

import asyncio
import json
import socket
import time
import traceback
from typing import Any

import pytest

from providers.llm.errors import ErrorKind, LLMError
from providers.llm.types import CompletionRequest, Message, ModelFacts
from providers.sandbox.thread import RunningSandbox
from providers.tests.llm.adapters import KEY, KINDS, REQUEST, complete, endpoint, fault, using
from providers.tests.llm.raw_server import answering, chat, http
from providers.tests.llm.relays import proxy, tls_relay

LEAKS = {
    "OPENAI_API_KEY": "sk-leaked",
    "OPENAI_ADMIN_KEY": "sk-leaked-admin",
    "OPENAI_ORG_ID": "org-leaked",
    "OPENAI_PROJECT_ID": "proj-leaked",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/leaked",
    "OPENAI_WEBHOOK_SECRET": "whsec-leaked",
    "OPENAI_CUSTOM_HEADERS": "X-Leaked: leaked\nAuthorization: Bearer sk-leaked",
}
PROXY_VARIABLES = [
    name for base in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for name in (base, base.lower())
]


@pytest.fixture
def own_network(monkeypatch):
    for name in (*PROXY_VARIABLES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_an_answer_comes_with_its_text_usage_and_limits(sandbox: RunningSandbox):
    sandbox.state.set_limit(requests_per_minute=10)
    answer = complete(endpoint("openai", sandbox.url), "slow-50ms")
    assert '"case_citation"' in answer.text
    assert answer.usage.completion_tokens > 400
    assert answer.latency_s >= 0.05
    assert [(fact.unit, fact.limit, fact.remaining) for fact in answer.limits] == [("requests", 10, 9)]


@pytest.mark.parametrize(("behaviour", "kind"), KINDS.items())
def test_each_misbehaviour_becomes_its_kind(sandbox: RunningSandbox, behaviour, kind):
    timeout_s = 0.5 if kind is ErrorKind.TIMEOUT else 30.0
    found = fault(endpoint("openai", sandbox.url, timeout_s=timeout_s), behaviour)
    assert found.kind is kind
    assert found.detail
    assert KEY not in found.detail


def test_a_rate_limit_says_when_to_come_back(sandbox: RunningSandbox):
    found = fault(endpoint("openai", sandbox.url), "429-2s")
    assert (found.status, found.retry_after_s) == (429, 2)


def test_a_truncated_answer_says_so(sandbox: RunningSandbox):
    assert complete(endpoint("openai", sandbox.url), "truncated").truncated


def test_usage_is_estimated_where_the_vendor_sends_none(sandbox: RunningSandbox):
    answer = complete(endpoint("openai", sandbox.url), "no-usage")
    assert answer.usage.completion_tokens == -(-len(answer.text) // 4)


def test_a_failure_is_not_retried_by_the_sdk(sandbox: RunningSandbox):
    fault(endpoint("openai", sandbox.url), "500")
    assert len(sandbox.calls) == 1


def test_nothing_of_the_environment_reaches_another_vendor(sandbox: RunningSandbox, monkeypatch):
    for name, value in LEAKS.items():
        monkeypatch.setenv(name, value)
    complete(endpoint("openai", sandbox.url, headers=(("X-Own", "mine"),)))
    (call,) = sandbox.calls
    assert call.key == KEY
    assert call.headers["x-own"] == "mine"
    assert "leaked" not in str(call.headers).lower()
    assert not [name for name in call.headers if name.lower().startswith("openai")]


def test_a_server_without_keys_gets_none(sandbox: RunningSandbox, monkeypatch):
    for name, value in LEAKS.items():
        monkeypatch.setenv(name, value)
    complete(endpoint("openai", sandbox.url, api_key=""))
    assert "authorization" not in sandbox.calls[0].headers


def test_the_body_is_what_the_policy_says(sandbox: RunningSandbox):
    facts: dict[str, Any] = {"supports_json_schema": True, "max_tokens": 900, "extra_body": {"seed": 7}}
    complete(endpoint("openai", sandbox.url), **facts)
    body = sandbox.calls[0].body
    assert body["response_format"]["json_schema"]["strict"] is True
    assert (body["max_tokens"], body["seed"]) == (900, 7)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_a_key_that_cannot_be_sent_is_an_auth_fault(sandbox: RunningSandbox):
    for key in ("sk-caf\u00e9-0123456789", "sk-line\nX-Evil: 1"):
        found = fault(endpoint("openai", sandbox.url, api_key=key))
        assert found.kind is ErrorKind.AUTH
    assert sandbox.calls == []


def test_a_prompt_that_cannot_be_sent_is_a_bad_request(sandbox: RunningSandbox):
    broken = CompletionRequest((Message("user", "half a pair: \ud83d"),))
    with pytest.raises(LLMError) as caught:
        complete(endpoint("openai", sandbox.url), request=broken)
    assert caught.value.fault.kind is ErrorKind.BAD_REQUEST


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/v1", "http://no-such-host.invalid/v1"])
def test_nobody_there_is_a_connection_fault(url):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found = fault(endpoint("openai", url.format(port=free.getsockname()[1])))
    assert found.kind is ErrorKind.CONNECTION


def test_the_timeout_bounds_the_whole_call(sandbox: RunningSandbox):
    started = time.monotonic()
    assert fault(endpoint("openai", sandbox.url, timeout_s=0.3), "hang").kind is ErrorKind.TIMEOUT
    assert time.monotonic() - started < 20


def test_no_traceback_shows_the_key(sandbox: RunningSandbox):
    for behaviour in ("401", "reset", "html"):
        with pytest.raises(LLMError) as caught:
            complete(endpoint("openai", sandbox.url), behaviour)
        assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in repr(endpoint("openai", sandbox.url))


def test_models_are_listed_and_refusals_translated(sandbox: RunningSandbox):
    target = endpoint("openai", sandbox.url)
    assert "good" in using(target, lambda client: client.list_models())
    sandbox.state.set_behaviour("401", key=KEY)
    with pytest.raises(LLMError) as caught:
        using(target, lambda client: client.list_models())
    assert caught.value.fault.kind is ErrorKind.AUTH


def test_many_calls_share_one_client(sandbox: RunningSandbox):
    async def thirty(client):
        return await asyncio.gather(*(client.complete(ModelFacts("slow-1s"), REQUEST) for _ in range(30)))

    started = time.monotonic()
    assert len(using(endpoint("openai", sandbox.url, timeout_s=30), thirty)) == 30
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "HTTPS_PROXY"])
def test_a_broken_network_setting_is_a_connection_fault(own_network, variable):
    own_network.setenv(variable, "/no/such/file")
    assert fault(endpoint("openai", "https://127.0.0.1:9/v1")).kind is ErrorKind.CONNECTION


def test_an_address_that_is_none_is_a_connection_fault():
    assert fault(endpoint("openai", "http://[::1/v1")).kind is ErrorKind.CONNECTION


@pytest.mark.parametrize("adapter", ["openai", "mistral"])
def test_a_custom_ca_is_honoured(sandbox: RunningSandbox, own_network, tmp_path, adapter):
    with tls_relay(tmp_path, sandbox.port) as (port, ca):
        target = endpoint(adapter, f"https://127.0.0.1:{port}/v1")
        assert fault(target).kind is ErrorKind.CONNECTION
        own_network.setenv("SSL_CERT_FILE", str(ca))
        assert complete(target).text


@pytest.mark.parametrize("adapter", ["openai", "mistral"])
def test_a_proxy_is_used_and_exceptions_from_it(sandbox: RunningSandbox, own_network, tmp_path, adapter):
    with tls_relay(tmp_path, sandbox.port) as (port, ca), proxy() as (proxy_port, asked):
        own_network.setenv("SSL_CERT_FILE", str(ca))
        own_network.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy_port}")
        target = endpoint(adapter, f"https://127.0.0.1:{port}/v1")
        assert complete(target).text
        assert asked == [f"127.0.0.1:{port}"]
        own_network.setenv("NO_PROXY", "127.0.0.1")
        assert complete(target).text
        assert len(asked) == 1


@pytest.mark.parametrize("adapter", ["openai", "mistral"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_login_is_named_without_one(own_network, adapter, scheme):
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with answering(refusal) as (url, _):
        address = url.removeprefix("http://").removesuffix("/v1")
        own_network.setenv(f"{scheme}_proxy", f"http://someone:hidden@{address}")
        found = fault(endpoint(adapter, f"{scheme}://vendor.invalid/v1", timeout_s=30))
    assert found.kind is ErrorKind.CONNECTION
    assert f"The proxy {address} wants a login" in found.detail
    assert "hidden" not in found.detail


def test_a_proxy_that_is_not_there_is_named(own_network):
    own_network.setenv("https_proxy", "http://127.0.0.1:9")
    assert "The proxy 127.0.0.1:9 cannot be reached" in fault(endpoint("openai", "https://vendor.invalid/v1")).detail


@pytest.mark.parametrize("adapter", ["openai", "mistral"])
def test_what_was_generated_in_a_refusal_is_the_answer(adapter):
    body = {"error": {"message": "Failed.", "code": "json_validate_failed", "failed_generation": '{"question": "Q"}'}}
    with answering(http(body, 400)) as (url, _):
        assert complete(endpoint(adapter, url, timeout_s=30)).text == '{"question": "Q"}'


@pytest.mark.parametrize("adapter", ["openai", "mistral"])
def test_the_name_of_the_model_and_the_ids_of_a_list_hold_no_key(adapter):
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    with answering(http(json.dumps(chat(model="KEY")).replace("KEY", escaped))) as (url, _):
        assert complete(endpoint(adapter, url, timeout_s=30)).model == "***"
    with answering(http('{"data": [{"id": "a-KEY"}]}'.replace("KEY", escaped))) as (url, _):
        assert using(endpoint(adapter, url, timeout_s=30), lambda client: client.list_models()) == ("a-***",)
