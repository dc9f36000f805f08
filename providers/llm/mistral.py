"""The adapter for Mistral AI, on its own SDK."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
from mistralai.client import Mistral
from mistralai.client.chat import Chat
from pydantic import ValidationError

from providers.llm.answers.reading import completion, model_ids
from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.http.exchange import exchange, open_http, own_headers
from providers.llm.phrase import request_body
from providers.llm.types import Completion, CompletionRequest, Endpoint, ModelFacts

FIELDS = frozenset(inspect.signature(Chat.complete_async).parameters) - {"self", "retries", "server_url", "timeout_ms"}


class _Answered(Exception):  # noqa: N818 - no error: it carries the answer out of the SDK
    """The SDK's models leave out the headers and whatever they do not know, and break on some of it."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__()
        self.response = response


class _Silent:
    """Stands in for the logger that MISTRAL_DEBUG would turn on: it writes headers and prompts."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        return None


class MistralClient:
    """A Client on the official SDK. ``base_url`` may end in /v1 or not: the SDK adds it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._http = open_http(endpoint)
        self._http.event_hooks = {"request": [_prepare], "response": [_take_out]}
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
        body = _sdk_words(request_body(model, request))
        call = self._answered(self._sdk.chat.complete_async, **body)
        return await exchange(
            self._endpoint,
            call,
            lambda reply: completion(reply.payload, request, reply.latency_s, reply.limits, self._endpoint.secrets),
        )

    async def list_models(self) -> tuple[str, ...]:
        return await exchange(
            self._endpoint,
            self._answered(self._sdk.models.list_async),
            lambda reply: model_ids(reply.payload, self._endpoint.secrets),
        )

    async def aclose(self) -> None:
        blocking = self._sdk.sdk_configuration.client  # the SDK opens one, used or not
        if blocking is not None:
            blocking.close()
        await self._http.aclose()

    def _answered(
        self, method: Callable[..., Awaitable[Any]], **fields: Any
    ) -> Callable[[], Awaitable[httpx2.Response]]:
        """The call that brings whatever the vendor answered."""

        async def answered() -> httpx2.Response:
            try:
                await method(http_headers=own_headers(self._endpoint), **fields)
            except _Answered as answered:
                return answered.response
            except ValidationError as error:
                raise LLMError(Fault(ErrorKind.BAD_REQUEST, detail=_refused_fields(error))) from None
            raise LLMError(Fault(ErrorKind.CONNECTION, detail="No response received."))

        return answered


def _refused_fields(error: ValidationError) -> str:
    """The fields that the SDK would not send, without their values: those may be prompts."""
    fields = sorted({str(entry["loc"][0]) for entry in error.errors(include_input=False) if entry["loc"]})
    return f"The Mistral SDK refuses the value of {', '.join(fields) or 'a field'}: see the model's extra_body."[:300]


def _sdk_words(body: dict[str, Any]) -> dict[str, Any]:
    """The body as the SDK's arguments. It knows its fields and can send no others."""
    if unknown := sorted(set(body) - FIELDS):
        detail = f"The Mistral adapter cannot send {', '.join(unknown)}: take it out of the model's extra_body."
        raise LLMError(Fault(ErrorKind.BAD_REQUEST, detail=detail[:300], parameter=unknown[0]))
    return body


async def _prepare(request: httpx2.Request) -> None:
    """An empty key is not shown."""
    if request.headers.get("authorization", "").strip() == "Bearer":
        del request.headers["authorization"]


async def _take_out(response: httpx2.Response) -> None:
    raise _Answered(response)
