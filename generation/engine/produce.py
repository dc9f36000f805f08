"""One sample: ask, read, and ask again while the answer is wrong. Knows nothing of providers or budgets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from generation.engine.parsing import Problems, parse_answer
from generation.engine.prompts import reask
from providers.llm.types import CompletionRequest
from providers.routing.outcomes import Answer, Unanswered
from samples.quality.draft import Draft
from samples.quality.findings import Finding

LookUp = Callable[[Draft], Awaitable[tuple[Finding, ...]]]
"""What is found against a draft by looking at what else there is, which takes a while."""


async def found_nothing(draft: Draft) -> tuple[Finding, ...]:
    """Where nobody looks."""
    return ()


class Asker(Protocol):
    """One item's way to its models: it decides whom to ask, and when the item's budget is spent."""

    async def complete(self, request: CompletionRequest) -> Answer | Unanswered: ...

    def reject(self, answer: Answer, problems: tuple[str, ...]) -> bool:
        """The answer was wrong. True where the same route is asked again next; ``complete`` ends what must end."""
        ...


@dataclass(frozen=True, slots=True)
class Produced:
    """A draft, and the answer that it came from."""

    draft: Draft
    answer: Answer


async def produce(
    request: CompletionRequest, asker: Asker, *, look_up: LookUp = found_nothing
) -> Produced | Unanswered:
    """Ask until an answer is good or none comes. The same model is told what was wrong; another starts afresh."""
    next_request = request
    while True:
        outcome = await asker.complete(next_request)
        if not isinstance(outcome, Answer):
            return outcome
        completion = outcome.completion
        reading = parse_answer(completion.text, truncated=completion.truncated)
        if isinstance(reading, Draft):
            problems = [finding.message for finding in await look_up(reading) if finding.is_rejecting]
            if not problems:
                return Produced(reading, outcome)
            reading = Problems(tuple(problems))
        asks_same_route = asker.reject(outcome, reading.sentences)
        next_request = (
            reask(request, completion.text, reading.sentences, cut_off=reading.cut_off) if asks_same_route else request
        )
