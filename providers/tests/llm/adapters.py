"""What the tests of both adapters share."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from providers.llm.clients import open_client
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Client, Completion, CompletionRequest, Endpoint, JSONSchema, Message, ModelFacts

T = TypeVar("T")
KEY = "sk-planted-0123456789abcdef"
REQUEST = CompletionRequest(
    (Message("system", "Answer in JSON."), Message("user", "A case of a ferry.")),
    schema=JSONSchema("sample", {"type": "object"}),
    max_tokens=4000,
)

# How each behaviour of the sandbox that fails a call fails it, whatever the adapter.
KINDS = {
    "401": ErrorKind.AUTH,
    "402": ErrorKind.BILLING,
    "billing-400": ErrorKind.BILLING,
    "quota-429": ErrorKind.BILLING,
    "403": ErrorKind.FORBIDDEN,
    "404": ErrorKind.NOT_FOUND,
    "no-such-model": ErrorKind.NOT_FOUND,
    "429-2s": ErrorKind.RATE_LIMITED,
    "hang": ErrorKind.TIMEOUT,
    "slow-30s": ErrorKind.TIMEOUT,
    "reset": ErrorKind.CONNECTION,
    "500": ErrorKind.SERVER,
    "503": ErrorKind.SERVER,
    "html": ErrorKind.SERVER,
    "bad-request": ErrorKind.BAD_REQUEST,
    "context-length": ErrorKind.CONTEXT_LENGTH,
    "413": ErrorKind.CONTEXT_LENGTH,
    "405": ErrorKind.NOT_FOUND,
    "426": ErrorKind.SERVER,
    "content-refused": ErrorKind.CONTENT_REFUSED,
    "empty": ErrorKind.BAD_OUTPUT,
    "json-failed": ErrorKind.BAD_OUTPUT,
}


def endpoint(adapter: str, url: str, **facts: Any) -> Endpoint:
    return Endpoint("vendor", adapter, url, facts.pop("api_key", KEY), **{"timeout_s": 5.0, **facts})


def using(target: Endpoint, work: Callable[[Client], Awaitable[T]]) -> T:
    """What ``work`` does with an open client, in a loop of its own; the client is closed after it."""

    async def run() -> T:
        client = open_client(target)
        try:
            return await work(client)
        finally:
            await client.aclose()

    return asyncio.run(run())


def complete(target: Endpoint, model: str = "good", request: CompletionRequest = REQUEST, **facts: Any) -> Completion:
    return using(target, lambda client: client.complete(ModelFacts(model, **facts), request))


def fault(target: Endpoint, model: str = "good", **facts: Any) -> Fault:
    """How a call fails that is expected to."""
    try:
        complete(target, model, **facts)
    except LLMError as error:
        return error.fault
    raise AssertionError(f"{model} should have failed")
