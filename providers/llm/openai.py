"""The adapter for vendors that speak OpenAI's protocol: Groq, Cerebras, Google AI Studio, Ollama and many more."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import openai

from providers.llm.answer import completion, model_ids
from providers.llm.headers import limit_facts
from providers.llm.http import open_http, own_headers, payload_of, timeout, translated
from providers.llm.phrase import request_body
from providers.llm.types import Completion, CompletionRequest, Endpoint, ModelFacts


class _SDK(openai.AsyncOpenAI):
    """The SDK without its environment: the OPENAI_* variables are for OpenAI, and we may be calling another vendor."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._own_headers = dict(own_headers(endpoint))
        super().__init__(
            api_key=endpoint.api_key,
            admin_api_key="",
            organization="",
            project="",
            webhook_secret="",
            base_url=endpoint.base_url,
            timeout=timeout(endpoint),
            max_retries=0,
            http_client=open_http(endpoint),
            _enforce_credentials=False,
        )

    @property
    def default_headers(self) -> dict[str, str | openai.Omit]:
        """Ours alone, without organization, project, platform details or OPENAI_CUSTOM_HEADERS."""
        return {"Accept": "application/json", "Content-Type": "application/json", **self._own_headers}


class OpenAIClient:
    """A Client on the official SDK. Bodies go out as they are: the SDK's walk over them costs more than the rest."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._sdk = _SDK(endpoint)
        # The raw response; and a server without keys is not shown an empty one.
        headers = {} if endpoint.api_key else {"Authorization": openai.Omit()}
        self._how: dict[str, Any] = {"cast_to": httpx2.Response, "options": {"headers": headers}}

    async def complete(self, model: ModelFacts, request: CompletionRequest) -> Completion:
        started = time.monotonic()
        body = request_body(model, request)
        response = await self._call(lambda: self._sdk.post("/chat/completions", body=body, **self._how))
        payload = payload_of(response, self._endpoint)
        limits = limit_facts(response.headers, time.time())
        return completion(payload, request, time.monotonic() - started, limits)

    async def list_models(self) -> tuple[str, ...]:
        response = await self._call(lambda: self._sdk.get("/models", **self._how))
        return model_ids(payload_of(response, self._endpoint))

    async def aclose(self) -> None:
        await self._sdk.close()

    async def _call(self, call: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
        """Whatever the vendor answered, read to its end."""
        async with translated(self._endpoint, openai.OpenAIError):
            try:
                return await call()
            except openai.APIStatusError as error:
                return error.response
