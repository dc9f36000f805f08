"""The tokens of a call, as the vendor counted them or as they must have been."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from providers.llm.types import CompletionRequest, Usage

CHARS_PER_TOKEN = 4
MOST_TOKENS = 100_000_000  # a count beyond any model's reach is a vendor's mistake, and is estimated instead
PROMPT = ("prompt_tokens", "input_tokens")
ANSWER = ("completion_tokens", "output_tokens")
TOTAL = ("total_tokens",)
# Mistral's, DeepSeek's and Anthropic's names stand beside those of Together and Moonshot; most vendors use the details.
CACHED = ("cached_tokens", "num_cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")
PROMPT_DETAILS = ("prompt_tokens_details", "prompt_token_details", "input_tokens_details")
# Anthropic counts these beside ``input_tokens``; gateways that call the prompt ``prompt_tokens`` have added them to it.
BESIDE_INPUT = ("cache_read_input_tokens", "cache_creation_input_tokens")
REASONING = ("reasoning_tokens",)
ANSWER_DETAILS = ("completion_tokens_details", "completion_token_details", "output_tokens_details")


def usage(reported: Any, request: CompletionRequest, text: str) -> Usage:
    """The tokens as the vendor counted them; estimated at four characters a token where it sent no count.

    Of contradicting readings the larger one counts. Google leaves its thinking out of ``completion_tokens`` but not out
    of ``total_tokens``, xAI too, beside ``reasoning_tokens``; and a part that is more than its whole stands beside it.
    """
    told = reported if isinstance(reported, Mapping) else {}
    prompt, answer, total = (_first(told, names) for names in (PROMPT, ANSWER, TOTAL))
    cached = _part(told, CACHED, PROMPT_DETAILS)
    reasoning = _part(told, REASONING, ANSWER_DETAILS)
    if prompt is None:
        prompt = max(cached, estimate(sum(len(message.content) for message in request.messages)))
    else:
        prompt = _with_part(prompt + _beside_input(told, prompt, answer, total), cached)
    if answer is None:
        answer = reasoning if total is not None else max(reasoning, estimate(len(text)))
    else:
        answer = _with_part(answer, reasoning)
    return Usage(prompt, max(answer, (total or 0) - prompt), cached, reasoning)


def is_spent(reported: Any) -> bool:
    """Whether the vendor says that any token was used."""
    return isinstance(reported, Mapping) and any(_first(reported, names) for names in (PROMPT, ANSWER, TOTAL))


def estimate(characters: int) -> int:
    return -(-characters // CHARS_PER_TOKEN)


def _with_part(whole: int, part: int) -> int:
    return whole if part <= whole else whole + part


def _beside_input(told: Mapping[str, Any], prompt: int, answer: int | None, total: int | None) -> int:
    """What Anthropic's names hold beside the prompt: all of it, unless the total has no room for it."""
    beside = sum(_count(told.get(name)) or 0 for name in BESIDE_INPUT)
    if total is not None:
        return beside if prompt + (answer or 0) + beside <= total else 0
    return beside if _count(told.get("prompt_tokens")) is None else 0


def _part(told: Mapping[str, Any], names: tuple[str, ...], details: tuple[str, ...]) -> int:
    """The largest count under any of the names, at the top or in the details; 0 where there is none."""
    holders = (told, *(told.get(detail) for detail in details))
    return max((count for holder in holders for count in _counts(holder, names)), default=0)


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    return next(_counts(told, names), None)


def _counts(holder: Any, names: tuple[str, ...]) -> Iterator[int]:
    if isinstance(holder, Mapping):
        yield from (count for name in names if (count := _count(holder.get(name))) is not None)


def _count(value: Any) -> int | None:
    """A count may come as 500, 500.0 or "500"."""
    if isinstance(value, str):
        try:
            value = float(value[:40])
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if 0 <= value <= MOST_TOKENS else None
