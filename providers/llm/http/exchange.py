"""The one way out to vendors, and the one way back: an answer that was read, or an LLMError, within the time limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import httpx2

from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.faults import fault_in_answer, fault_of
from providers.llm.headers import limit_facts
from providers.llm.http.network import fault_of_exception, proxy_fault
from providers.llm.http.payload import generated_in_refusal, parsed, unlisted
from providers.llm.http.transport import Transport
from providers.llm.scrubbing import scrub, without_secrets
from providers.llm.types import Endpoint, Reply

T = TypeVar("T")


def open_http(endpoint: Endpoint) -> httpx2.AsyncClient:
    """A client for one endpoint. Redirects are not followed: one could carry the headers and the prompt elsewhere."""
    return httpx2.AsyncClient(
        transport=Transport(endpoint),
        headers={"Accept-Encoding": "gzip, deflate"},  # what the transport can undo
        timeout=None,
        follow_redirects=False,
        trust_env=False,
    )


async def exchange(endpoint: Endpoint, call: Callable[[], Awaitable[httpx2.Response]], read: Callable[[Reply], T]) -> T:
    """What ``read`` makes of the answer to ``call``; LLMError for whatever else comes of it, within the time limit.

    The foreign exceptions are not chained: their requests hold the key, and some of their messages echo it.
    """
    if not endpoint.api_key.isascii() or not endpoint.api_key.isprintable():
        raise LLMError(Fault(ErrorKind.AUTH, detail="The key holds characters that no key has. Enter it anew."))
    started = time.monotonic()
    response = None
    try:
        async with asyncio.timeout(endpoint.timeout_s):
            response = await call()
        return read(_reply(response, time.monotonic() - started, endpoint))
    except LLMError as error:
        raise LLMError(_without_secrets(error.fault, endpoint)) from None
    except Exception as error:  # noqa: BLE001 - whatever an answer makes a library or its reader raise is its route's
        raise LLMError(fault_of_exception(error, endpoint, is_answered=response is not None)) from None


def own_headers(endpoint: Endpoint) -> Mapping[str, str]:
    """What a call carries besides the key and the body."""
    return {"User-Agent": "legalds", **dict(endpoint.headers)}


def _without_secrets(fault: Fault, endpoint: Endpoint) -> Fault:
    parameter = without_secrets(fault.parameter, endpoint.secrets)
    return replace(fault, detail=scrub(fault.detail, endpoint.secrets), parameter=parameter)


def _reply(response: httpx2.Response, latency_s: float, endpoint: Endpoint) -> Reply:
    """LLMError where that is a refusal, or nothing that a vendor's API would say."""
    now, payload = time.time(), unlisted(parsed(response.text))
    if (salvaged := generated_in_refusal(payload)) is not None:
        payload = salvaged
    elif not response.is_success:
        raise LLMError(_refusal(response, now, endpoint))
    elif fault := _refusal_in_answer(payload, response, now, endpoint):
        raise LLMError(fault)
    return Reply(payload, latency_s, limit_facts(response.headers, now, endpoint.host))


def _refusal_in_answer(payload: Any, response: httpx2.Response, now: float, endpoint: Endpoint) -> Fault | None:
    try:
        return fault_in_answer(payload, response.headers, now=now, secrets=endpoint.secrets, host=endpoint.host)
    except RecursionError:
        return Fault(ErrorKind.SERVER, response.status_code, detail="The answer is nested too deeply to be read.")


def _refusal(response: httpx2.Response, now: float, endpoint: Endpoint) -> Fault:
    status, headers = response.status_code, response.headers
    if status == httpx2.codes.PROXY_AUTHENTICATION_REQUIRED:
        return proxy_fault(endpoint, status)
    try:
        return fault_of(status, headers, response.text, now=now, secrets=endpoint.secrets, host=endpoint.host)
    except RecursionError:  # nested without end: the status tells enough
        return fault_of(status, headers, "", now=now, secrets=endpoint.secrets, host=endpoint.host)
