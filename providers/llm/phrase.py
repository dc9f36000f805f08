"""Phrasing a request for a model: which fields go out, and how structured output is asked for."""

from collections.abc import Mapping
from typing import Any

from providers.llm.adaptation import adapted
from providers.llm.types import CompletionRequest, JSONSchema, ModelFacts


def response_format(model: ModelFacts, schema: JSONSchema | None) -> dict[str, Any] | None:
    """How to ask ``model`` for JSON; None leaves it to the words of the prompt.

    Thinking models get no JSON mode: it forbids the very tags that they think in, and several vendors refuse the pair.
    """
    if schema is None:
        return None
    if model.supports_json_schema:
        wanted = {"name": schema.name, "schema": schema.schema, "strict": True}
        return {"type": "json_schema", "json_schema": wanted}
    return None if model.is_thinking_model else {"type": "json_object"}


def max_tokens(model: ModelFacts, request: CompletionRequest) -> int | None:
    """The smaller of what the model allows and what the request wants."""
    return min((limit for limit in (model.max_tokens, request.max_tokens) if limit is not None), default=None)


def request_body(model: ModelFacts, request: CompletionRequest) -> dict[str, Any]:
    """The body in OpenAI's words, as the model takes it. Its ``extra_body`` wins; a null in it removes the field."""
    body: dict[str, Any] = {
        "model": model.model_id,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "max_tokens": max_tokens(model, request),
        "temperature": request.temperature,
        "response_format": response_format(model, request.schema),
    }
    merged: Mapping[str, Any] = {**adapted(body, model), **model.extra_body}
    return {name: value for name, value in merged.items() if value is not None}
