"""The one way out to vendors: connections, their limits, and what their failures mean. Both SDKs stand on httpx2."""

import asyncio
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx2
import openai

from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.faults import fault_in_answer, fault_of, masked, scrub
from providers.llm.types import Endpoint

CONNECT_S = 10.0
LIMITS = httpx2.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=15.0)
# ValueError is what the libraries say of an address or a header that cannot be sent. The SDKs' own trees come on top.
FOREIGN = (httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError, OSError, ValueError)


def open_http(endpoint: Endpoint) -> httpx2.AsyncClient:
    """A connection pool for one endpoint, on aiohttp for speed.

    HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR are honoured. Redirects are not followed: one could carry the
    headers and the prompt to another host.
    """
    return openai.DefaultAioHttpClient(timeout=timeout(endpoint), limits=LIMITS, follow_redirects=False)


def timeout(endpoint: Endpoint) -> httpx2.Timeout:
    return httpx2.Timeout(endpoint.timeout_s, connect=min(CONNECT_S, endpoint.timeout_s))


@asynccontextmanager
async def translated(endpoint: Endpoint, *also: type[Exception]) -> AsyncIterator[None]:
    """Bounds a call by the endpoint's timeout and turns every failure to be answered at all into an LLMError.

    The foreign exceptions are not chained: their requests hold the key, and some of their messages echo it.
    """
    if not endpoint.api_key.isascii() or not endpoint.api_key.isprintable():
        raise LLMError(Fault(ErrorKind.AUTH, detail="The key holds characters that no key has. Enter it anew."))
    foreign: tuple[type[Exception], ...] = (*FOREIGN, *also)
    try:
        async with asyncio.timeout(endpoint.timeout_s):
            yield
    except foreign as error:
        raise LLMError(network_fault(error, endpoint)) from None


def network_fault(error: Exception, endpoint: Endpoint) -> Fault:
    """Why there was no answer at all, by the innermost cause: the transport calls some broken connections a timeout."""
    root = _root(error)
    if isinstance(root, TimeoutError | httpx2.TimeoutException):
        connecting = isinstance(root, aiohttp.ConnectionTimeoutError | httpx2.ConnectTimeout)
        seconds = min(CONNECT_S, endpoint.timeout_s) if connecting else endpoint.timeout_s
        waited = "connection" if connecting else "answer"
        return Fault(ErrorKind.TIMEOUT, detail=f"No {waited} within {seconds:g} s.")
    if isinstance(root, UnicodeEncodeError):
        return Fault(ErrorKind.BAD_REQUEST, detail="The request holds characters that cannot be sent.")
    return Fault(ErrorKind.CONNECTION, detail=scrub(_words(root, endpoint), endpoint.secrets))


def _words(error: Exception, endpoint: Endpoint) -> str:
    """What the commonest failures mean for somebody who has just typed the address; the others in their own words."""
    where = endpoint.base_url.partition("://")[2].partition("/")[0]
    match error:
        case socket.gaierror():
            return f"Host not found: {where}."
        case ConnectionRefusedError():
            return f"Nothing listens at {where}."
        case ssl.SSLCertVerificationError():
            return f"The certificate of {where} is not trusted: {error.verify_message}."
        case ssl.SSLError():
            return f"{where} does not speak TLS, as https:// wants it: {error}"
    return str(error) or type(error).__name__


def _root(error: Exception) -> Exception:
    """The innermost cause, but for the cancellation by which asyncio.timeout brings its own TimeoutError about."""
    while isinstance(error.__cause__, Exception):
        error = error.__cause__
    return error


def own_headers(endpoint: Endpoint) -> Mapping[str, str]:
    """What a call carries besides the key and the body."""
    return {"User-Agent": "legalds", **dict(endpoint.headers)}


def payload_of(response: httpx2.Response, endpoint: Endpoint) -> dict[str, Any]:
    """What a vendor answered; LLMError where that is a refusal, or nothing that a vendor's API would say."""
    now, secrets = time.time(), endpoint.secrets
    if not response.is_success:
        raise LLMError(fault_of(response.status_code, response.headers, response.text, now=now, secrets=secrets))
    try:
        payload = json.loads(masked(response.content, secrets))
    except ValueError:
        payload = None
    fault = fault_in_answer(payload, response.headers, now=now, secrets=secrets)
    if fault is not None:
        raise LLMError(fault)
    return dict(payload)
