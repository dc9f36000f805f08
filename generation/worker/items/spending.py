"""What one more item of a batch will probably spend, for its caps."""

from collections.abc import Sequence

from generation.engine.caps import Spend, expected_spend
from generation.models import Batch
from providers.llm.types import Usage
from providers.routing.estimates import CHARS_PER_TOKEN, Estimates
from providers.routing.route import Route

PROMPT_TOKENS = 1_000
"""The longest prompt without the batch's own instruction, rounded up."""


def per_item(batch: Batch, routes: Sequence[Route], estimates: Estimates) -> Spend:
    """One call with the longest answers of late, at the dearest route. Nothing where the batch has no cap."""
    if not batch.has_cap:
        return Spend()
    prompt = PROMPT_TOKENS + len(batch.instruction) // CHARS_PER_TOKEN
    answer = max((estimates.answer_tokens(route.key, "") for route in routes), default=0)
    return expected_spend(Usage(prompt, answer), routes)
