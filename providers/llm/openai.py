"""The adapter for vendors that speak OpenAI's protocol: Groq, Cerebras, Google AI Studio, Ollama and many more."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import openai

from providers.llm.answers.reading import completion, model_ids
from providers.llm.http.exchange import exchange, open_http, own_headers
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
            timeout=None,  # exchange() bounds the call, the transport the connecting
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
        body = {"stream": False, **request_body(model, request)}
        call = self._answered(lambda: self._sdk.post("/chat/completions", body=body, **self._how))
        return await exchange(
            self._endpoint,
            call,
            lambda reply: completion(reply.payload, request, reply.latency_s, reply.limits, self._endpoint.secrets),
        )

    async def list_models(self) -> tuple[str, ...]:
        call = self._answered(lambda: self._sdk.get("/models", **self._how))
        return await exchange(self._endpoint, call, lambda reply: model_ids(reply.payload, self._endpoint.secrets))

    async def aclose(self) -> None:
        await self._sdk.close()

    def _answered(self, call: Callable[[], Awaitable[httpx2.Response]]) -> Callable[[], Awaitable[httpx2.Response]]:
        """The call that brings whatever the vendor answered, refusals too."""

        async def answered() -> httpx2.Response:
            try:
                return await call()
            except openai.APIStatusError as error:
                return error.response

        return answered
