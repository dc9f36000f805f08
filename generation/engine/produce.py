"""One sample: ask, judge, and ask again while the answer is wrong. Knows nothing of providers or budgets."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from generation.engine.judging import Accepted, Check, judge, rejected, unchecked
from generation.engine.prompts import reask
from generation.engine.wording.texts import PromptTexts
from providers.llm.types import CompletionRequest
from providers.routing.outcomes import Answer, Unanswered
from samples.quality.draft import Draft
from samples.quality.findings import Finding

LookUp = Callable[[Draft], Awaitable[tuple[Finding, ...]]]
"""What rejects a draft by what else there is; to look takes a while."""


async def found_nothing(draft: Draft) -> tuple[Finding, ...]:
    """Where nobody looks."""
    return ()


class Asker(Protocol):
    """One item's way to its models: it decides whom to ask, and when the item's budget is spent."""

    async def complete(self, request: CompletionRequest) -> Answer | Unanswered: ...

    def reject(self, answer: Answer, problems: tuple[str, ...], rules: Mapping[str, str]) -> bool:
        """The answer was wrong. True where the same route is asked again next; ``complete`` ends what must end."""
        ...


@dataclass(frozen=True, slots=True)
class Produced:
    """A draft, the answer that it came from, and what the rules found that does not reject it."""

    draft: Draft
    answer: Answer
    flags: tuple[Finding, ...] = ()


async def produce(
    request: CompletionRequest,
    asker: Asker,
    check: Check = unchecked,
    look_up: LookUp = found_nothing,
    *,
    texts: PromptTexts | None = None,
) -> Produced | Unanswered:
    """Ask until an answer is good or none comes. The same model is told what was wrong, in the wording of ``texts``;
    another starts afresh.

    An answer is good where it can be read and neither ``check`` nor ``look_up`` finds anything that rejects it; what
    is only flagged costs no further call.
    """
    next_request = request
    while True:
        outcome = await asker.complete(next_request)
        if not isinstance(outcome, Answer):
            return outcome
        completion = outcome.completion
        judged = judge(completion.text, truncated=completion.truncated, check=check)
        if isinstance(judged, Accepted):
            clashes = await look_up(judged.draft)
            if not clashes:
                return Produced(judged.draft, outcome, judged.flags)
            judged = rejected(clashes)
        asks_same_route = asker.reject(outcome, judged.sentences, judged.rules)
        next_request = (
            reask(request, completion.text, judged.sentences, cut_off=judged.cut_off, texts=texts)
            if asks_same_route
            else request
        )
