"""Reading an answer in OpenAI's words, as all our vendors send it, with the liberties that they take."""

from collections.abc import Mapping
from typing import Any

from providers.llm.errors import ErrorKind, Fault, LLMError
from providers.llm.types import Completion, CompletionRequest, RateLimitFacts, Usage

CHARS_PER_TOKEN = 4
MOST_TOKENS = 100_000_000  # a count beyond any model's reach is a vendor's mistake, and is estimated instead


def completion(
    payload: Mapping[str, Any], request: CompletionRequest, latency_s: float, limits: RateLimitFacts | None
) -> Completion:
    """The answer that ``payload`` holds; LLMError BAD_OUTPUT, with the usage that was paid for, where it holds none."""
    choice = _first_choice(payload)
    message = choice.get("message")
    message = message if isinstance(message, Mapping) else {}
    text = content_text(message.get("content"))
    spent = usage(payload.get("usage"), request, text)
    finish_reason = choice.get("finish_reason") or "stop"
    answer = Completion(text, spent, latency_s, str(finish_reason), limits)
    if not text.strip() and not answer.truncated:  # one that thought until its tokens ran out is asked again with room
        detail = _why_empty(choice, message, str(finish_reason))
        raise LLMError(Fault(ErrorKind.BAD_OUTPUT, status=200, limits=limits, detail=detail, usage=spent))
    return answer


def content_text(content: Any) -> str:
    """The text of a message. Mistral's thinking models send a list of chunks: those that think are left out."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    chunks = (chunk for chunk in content if isinstance(chunk, Mapping) and chunk.get("type", "text") == "text")
    return "".join(text for chunk in chunks if isinstance(text := chunk.get("text"), str))


def model_ids(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids in an answer of GET /models."""
    rows = payload.get("data")
    return (
        tuple(str(row["id"]) for row in rows if isinstance(row, Mapping) and "id" in row)
        if isinstance(rows, list)
        else ()
    )


def usage(reported: Any, request: CompletionRequest, text: str) -> Usage:
    """The tokens as the vendor counted them; estimated at four characters a token where it sent no count.

    Google leaves its thinking out of ``completion_tokens`` but not out of ``total_tokens``: the larger reading counts.
    """
    if not isinstance(reported, Mapping):
        reported = {}
    prompt, answer, total = (_count(reported.get(f"{name}_tokens")) for name in ("prompt", "completion", "total"))
    if prompt is None:
        prompt = estimate(sum(len(message.content) for message in request.messages))
    if answer is None and total is None:
        answer = estimate(len(text))
    return Usage(prompt, max(answer or 0, (total or 0) - prompt))


def estimate(characters: int) -> int:
    return -(-characters // CHARS_PER_TOKEN)


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS
    return value if is_count else None


def _first_choice(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = payload.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def _why_empty(choice: Mapping[str, Any], message: Mapping[str, Any], finish_reason: str) -> str:
    if not choice:
        return "The answer holds no choices."
    if isinstance(refusal := message.get("refusal"), str) and refusal:
        return f"The model refused: {refusal}"[:300]
    if finish_reason == "content_filter":
        return "The answer is empty: the vendor's content filter withheld it."
    return f"The answer is empty (finish_reason {finish_reason})."[:300]
