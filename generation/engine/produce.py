"""One sample: ask, judge, and ask again while the answer is wrong. Knows nothing of providers or budgets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from generation.engine.judging import Accepted, Check, judge, unchecked
from generation.engine.prompts import reask
from generation.engine.wording.texts import PromptTexts
from providers.llm.types import CompletionRequest
from providers.routing.outcomes import Answer, Unanswered
from samples.quality.draft import Draft
from samples.quality.findings import Finding


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
    request: CompletionRequest, asker: Asker, check: Check = unchecked, *, texts: PromptTexts | None = None
) -> Produced | Unanswered:
    """Ask until an answer is good or none comes. The same model is told what was wrong, in the wording of ``texts``;
    another starts afresh.

    An answer is good where it can be read and ``check`` finds nothing that rejects it; what is only flagged costs no
    further call.
    """
    next_request = request
    while True:
        outcome = await asker.complete(next_request)
        if not isinstance(outcome, Answer):
            return outcome
        completion = outcome.completion
        judged = judge(completion.text, truncated=completion.truncated, check=check)
        if isinstance(judged, Accepted):
            return Produced(judged.draft, outcome, judged.flags)
        asks_same_route = asker.reject(outcome, judged.sentences, judged.rules)
        next_request = (
            reask(request, completion.text, judged.sentences, cut_off=judged.cut_off, texts=texts)
            if asks_same_route
            else request
        )
