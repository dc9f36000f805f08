"""The adapter for Mistral AI, on its own SDK."""

import inspect
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import httpx2
from mistralai.client import Mistral
from mistralai.client.chat import Chat
from mistralai.client.errors import MistralError, NoResponseError
from pydantic import ValidationError

from providers.llm.answer import completion, model_ids
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.headers import limit_facts
from providers.llm.http import CONNECT_S, open_http, own_headers, payload_of, translated
from providers.llm.phrase import request_body
from providers.llm.types import Completion, CompletionRequest, Endpoint, ModelFacts

FIELDS = frozenset(inspect.signature(Chat.complete_async).parameters) - {"self", "retries", "server_url", "timeout_ms"}

# The SDK's models leave out the headers and whatever they do not know, so each call reads its own response itself.
_response: ContextVar[httpx2.Response | None] = ContextVar("mistral_response", default=None)


class _Silent:
    """Stands in for the logger that MISTRAL_DEBUG would turn on: it writes headers and prompts."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        return None


class MistralClient:
    """A Client on the official SDK. ``base_url`` may end in /v1 or not: the SDK adds it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._http = open_http(endpoint)
        self._http.event_hooks = {"request": [_prepare], "response": [_keep_response]}
        self._sdk = Mistral(
            api_key=endpoint.api_key,
            server_url=endpoint.base_url.rstrip("/").removesuffix("/v1"),
            async_client=self._http,
            retry_config=None,
            timeout_ms=max(1, round(endpoint.timeout_s * 1000)),
            debug_logger=_Silent(),
        )
        # Else MISTRAL_SDK_TELEMETRY could send prompts to a third place.
        setattr(self._sdk.sdk_configuration, "telemetry", False)  # noqa: B010 - the SDK reads it but does not declare it

    async def complete(self, model: ModelFacts, request: CompletionRequest) -> Completion:
        started = time.monotonic()
        body = _sdk_words(request_body(model, request))
        response = await self._call(self._sdk.chat.complete_async, **body)
        payload = payload_of(response, self._endpoint)
        limits = limit_facts(response.headers, time.time())
        return completion(payload, request, time.monotonic() - started, limits)

    async def list_models(self) -> tuple[str, ...]:
        return model_ids(payload_of(await self._call(self._sdk.models.list_async), self._endpoint))

    async def aclose(self) -> None:
        blocking = self._sdk.sdk_configuration.client  # the SDK opens one, used or not
        if blocking is not None:
            blocking.close()
        await self._http.aclose()

    async def _call(self, method: Callable[..., Awaitable[Any]], **fields: Any) -> httpx2.Response:
        """Whatever the vendor answered, read to its end, whether or not the SDK likes its shape."""
        async with translated(self._endpoint, NoResponseError):
            _response.set(None)
            try:
                await method(http_headers=own_headers(self._endpoint), **fields)
            except MistralError as error:
                return error.raw_response
            except ValidationError as error:
                raise LLMError(Fault(ErrorKind.BAD_REQUEST, detail=_refused_fields(error))) from None
            response = _response.get()
        if response is None:
            raise LLMError(Fault(ErrorKind.CONNECTION, detail="No response received."))
        return response


def _refused_fields(error: ValidationError) -> str:
    """The fields that the SDK would not send, without their values: those may be prompts."""
    fields = sorted({str(entry["loc"][0]) for entry in error.errors(include_input=False) if entry["loc"]})
    return f"The Mistral SDK refuses the value of {', '.join(fields) or 'a field'}: see the model's extra_body."[:300]


def _sdk_words(body: dict[str, Any]) -> dict[str, Any]:
    """The body as the SDK's arguments. It knows its fields and can send no others."""
    if unknown := sorted(set(body) - FIELDS):
        detail = f"The Mistral adapter cannot send {', '.join(unknown)}: take it out of the model's extra_body."
        raise LLMError(Fault(ErrorKind.BAD_REQUEST, detail=detail[:300]))
    return body


async def _prepare(request: httpx2.Request) -> None:
    """Connecting gets its own, shorter timeout, which the SDK does not know; an empty key is not shown."""
    limits = request.extensions.get("timeout", {})
    request.extensions["timeout"] = {**limits, "connect": min(CONNECT_S, limits.get("connect") or CONNECT_S)}
    if request.headers.get("authorization", "").strip() == "Bearer":
        del request.headers["authorization"]


async def _keep_response(response: httpx2.Response) -> None:
    _response.set(response)
