"""How many tokens a call will probably use, learned from calls that have come back."""

from collections import deque
from collections.abc import Iterable

from providers.llm.types import CompletionRequest, Usage

CHARS_PER_TOKEN = 4
EXPECTED_ANSWER_TOKENS = 1200
"""Before anything is known of a route."""
REMEMBERED = 64
QUANTILE = 0.95
"""High enough that calls in flight together rarely use more than was reserved, low enough to starve no small limit."""
NEWS_WEIGHT = 0.2


def typical(tokens: int) -> Usage:
    """Of a call of which only the sum is known."""
    answer = min(tokens, EXPECTED_ANSWER_TOKENS)
    return Usage(tokens - answer, answer)


class Estimates:
    """What answers took, per route and label (for samples: their type), newest first to forget last."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], deque[int]] = {}
        self._tokens_per_char: dict[str, float] = {}

    def seed(self, answers: Iterable[tuple[str, str, int]]) -> None:
        """Past answers (route key, label, tokens), oldest first."""
        for route_key, label, tokens in answers:
            self._remember(route_key, label, tokens)

    def learn(self, route_key: str, label: str, request: CompletionRequest, usage: Usage) -> None:
        self._remember(route_key, label, usage.completion_tokens)
        chars = characters(request)
        if usage.prompt_tokens and chars:
            known = self._tokens_per_char.get(route_key, usage.prompt_tokens / chars)
            self._tokens_per_char[route_key] = known + NEWS_WEIGHT * (usage.prompt_tokens / chars - known)

    def usage(self, route_key: str, label: str, request: CompletionRequest) -> Usage:
        """Tokens of the prompt, and a high quantile of the answers; for a label not seen yet, of all the route's."""
        answer = self.answer_tokens(route_key, label)
        if request.max_tokens is not None:
            answer = min(answer, request.max_tokens)
        return Usage(self.prompt_tokens(route_key, request), answer)

    def prompt_tokens(self, route_key: str, request: CompletionRequest) -> int:
        return round(characters(request) * self._tokens_per_char.get(route_key, 1 / CHARS_PER_TOKEN))

    def answer_tokens(self, route_key: str, label: str) -> int:
        answers = self._answers.get((route_key, label)) or self._answers.get((route_key, ""))
        if not answers:
            return EXPECTED_ANSWER_TOKENS
        ranked = sorted(answers)
        return ranked[min(int(QUANTILE * len(ranked)), len(ranked) - 1)]

    def _remember(self, route_key: str, label: str, tokens: int) -> None:
        for name in {label, ""}:
            self._answers.setdefault((route_key, name), deque(maxlen=REMEMBERED)).append(tokens)


def characters(request: CompletionRequest) -> int:
    return sum(len(message.content) for message in request.messages)
