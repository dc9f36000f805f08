"""The tokens of a call, as the vendor counted them or as they must have been."""

import math
from collections.abc import Mapping
from typing import Any

from providers.llm.types import CompletionRequest, Usage

CHARS_PER_TOKEN = 4
MOST_TOKENS = 100_000_000  # a count beyond any model's reach is a vendor's mistake, and is estimated instead
NAMES = (
    ("prompt_tokens", "input_tokens"),
    ("completion_tokens", "output_tokens"),
    ("total_tokens",),
)


def usage(reported: Any, request: CompletionRequest, text: str) -> Usage:
    """The tokens as the vendor counted them; estimated at four characters a token where it sent no count.

    Google leaves its thinking out of ``completion_tokens`` but not out of ``total_tokens``: the larger reading counts.
    """
    prompt, answer, total = _counts(reported)
    if prompt is None:
        prompt = estimate(sum(len(message.content) for message in request.messages))
    if answer is None and total is None:
        answer = estimate(len(text))
    return Usage(prompt, max(answer or 0, (total or 0) - prompt))


def is_spent(reported: Any) -> bool:
    """Whether the vendor says that any token was used."""
    return any(_counts(reported))


def estimate(characters: int) -> int:
    return -(-characters // CHARS_PER_TOKEN)


def _counts(reported: Any) -> tuple[int | None, ...]:
    """Of prompt, completion and both together, where they were told."""
    if not isinstance(reported, Mapping):
        return None, None, None
    return tuple(
        next((count for name in names if (count := _count(reported.get(name))) is not None), None) for names in NAMES
    )


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
