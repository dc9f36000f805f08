"""What a sample usually takes of a model of which nothing is known yet: from its prompt, and from what is asked for."""

from dataclasses import dataclass

from generation.engine.planning.plan import ItemSpec
from generation.engine.prompts import build_request
from providers.routing.estimates import CHARS_PER_TOKEN, characters
from samples.taxonomy import Taxonomy
from samples.taxonomy.requirements import requirements

TOKENS_PER_WORD = 1.4
FRAME_WORDS = 120
"""The question, the citation and the JSON around them."""
STEP_WORDS = 25
BRIEF_WORDS = 40
LONGER = 1.2
"""Answers exceed the least that is asked for by about so much, where no most is."""
TOKENS_PER_S = 80
FIRST_TOKEN_S = 0.5
THINKING = 2.0
"""A thinking model's answer takes this many times the tokens."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Means over some samples: tokens of a prompt and of an answer."""

    prompt_tokens: float
    completion_tokens: float

    @property
    def latency_s(self) -> float:
        return FIRST_TOKEN_S + self.completion_tokens / TOKENS_PER_S

    @property
    def thought_through(self) -> "Usual":
        return Usual(self.prompt_tokens, self.completion_tokens * THINKING)


def usual(spec: ItemSpec, known: Taxonomy, instruction: str = "") -> Usual:
    """What one call for this item takes."""
    asked = requirements(
        known, jurisdiction=spec.jurisdiction, sample_type=spec.sample_type, difficulty=spec.difficulty
    )
    least, most = asked.words
    answer = (least + most) / 2 if most else least * LONGER
    steps = sum(asked.reasoning_steps) / 2 * STEP_WORDS if asked.reasoning_steps else BRIEF_WORDS
    prompt = characters(build_request(spec, known, instruction)) / CHARS_PER_TOKEN
    return Usual(prompt, (answer + FRAME_WORDS + steps) * TOKENS_PER_WORD)


def mean(values: list[Usual]) -> Usual:
    return Usual(
        sum(value.prompt_tokens for value in values) / len(values),
        sum(value.completion_tokens for value in values) / len(values),
    )
