"""From an item's spec to the request that a model is sent, and to the second request where its answer was wrong."""

from collections.abc import Sequence
from dataclasses import replace

from generation.engine.answers.keys import KEYS
from generation.engine.answers.thinking import without_thinking
from generation.engine.planning import ItemSpec
from generation.engine.wording.texts import PromptTexts, built_in
from providers.llm.text import storable
from providers.llm.types import CompletionRequest, JSONSchema, Message
from samples.taxonomy import Taxonomy
from samples.taxonomy.requirements import Requirements, requirements
from samples.taxonomy.values import Range

# The longest example takes some 1,800 tokens; the rest is room to think in. More would not fit vendors that count
# max_tokens against a minute's allowance of 5,500 before they answer.
MAX_TOKENS = 4096
ROOMY_MAX_TOKENS = 8192
TEMPERATURE = 0.8
QUOTED_CHARS = 2_000
QUOTABLE_CHARS = 100_000

SCHEMA = JSONSchema(
    name="legal_sample",
    schema={
        "type": "object",
        "properties": {key: {"type": "string"} for key in KEYS},
        "required": list(KEYS),
        "additionalProperties": False,
    },
)


def build_request(
    spec: ItemSpec, known: Taxonomy, instruction: str = "", *, texts: PromptTexts | None = None
) -> CompletionRequest:
    """What to ask a model for this item. ``instruction`` is the batch's own, added to the prompt as it stands.

    ``texts`` is the wording, else the built-in one. Raises UnknownNameError for a $name in it that is not known.
    """
    texts = texts or built_in()
    user_prompt = _user_prompt(spec, known, instruction, texts)
    return CompletionRequest(
        messages=(Message("system", texts.filled("system")), Message("user", user_prompt)),
        schema=SCHEMA,
        max_tokens=MAX_TOKENS,
        temperature=TEMPERATURE,
    )


def reask(
    request: CompletionRequest,
    answer_text: str,
    problems: Sequence[str],
    *,
    cut_off: bool = False,
    texts: PromptTexts | None = None,
) -> CompletionRequest:
    """The same request to the same model, with its answer and what is wrong with it; ``cut_off`` gives more room."""
    texts = texts or built_in()
    complaint = texts.filled(
        "reask",
        problems="\n".join(f"- {problem}." for problem in problems),
        remedy=texts.phrase("remedy", "cut_off" if cut_off else "any"),
    )
    return replace(
        request,
        messages=(*request.messages, Message("assistant", _quoted(answer_text)), Message("user", complaint)),
        max_tokens=ROOMY_MAX_TOKENS if cut_off else request.max_tokens,
    )


def _user_prompt(spec: ItemSpec, known: Taxonomy, instruction: str, texts: PromptTexts) -> str:
    law, kind, level = (
        known.jurisdiction(spec.jurisdiction),
        known.sample_type(spec.sample_type),
        known.difficulty(spec.difficulty),
    )
    asked = requirements(
        known, jurisdiction=spec.jurisdiction, sample_type=spec.sample_type, difficulty=spec.difficulty
    )
    return texts.filled(
        "sample",
        jurisdiction=law.name,
        legal_system=law.legal_system,
        citation_habit=law.citations,
        practice_area=spec.practice_area or spec.topic,
        topic=spec.topic,
        difficulty=level.id,
        complexity=level.complexity,
        type_name=kind.name,
        type_focus=kind.focus,
        scenario=texts.phrase("scenario", spec.scenario),
        number=spec.number,
        structure=_structure(asked, texts),
        length=_between("length", asked.words, texts),
        citations=_between("citations", asked.citations, texts),
        reasoning=_reasoning(asked, texts),
        instruction=texts.phrase("instruction", "given", instruction=instruction.strip())
        if instruction.strip()
        else "",
    )


def _structure(asked: Requirements, texts: PromptTexts) -> str:
    if asked.sections:
        return texts.phrase("structure", "sections", sections=", ".join(asked.sections))
    return texts.phrase("structure", "prose")


def _between(group: str, bounds: Range, texts: PromptTexts) -> str:
    low, high = bounds
    return (
        texts.phrase(group, "at_least", low=low) if high is None else texts.phrase(group, "between", low=low, high=high)
    )


def _reasoning(asked: Requirements, texts: PromptTexts) -> str:
    if asked.reasoning_steps is None:
        return texts.phrase("reasoning", "brief")
    low, high = asked.reasoning_steps
    return texts.phrase("reasoning", "steps", low=low, high=high)


def _quoted(answer_text: str) -> str:
    """The answer as the model is reminded of it: without its thinking, and its middle left out where it is long."""
    text = storable(without_thinking(answer_text[:QUOTABLE_CHARS]))
    if len(text) > QUOTED_CHARS:
        text = f"{text[: QUOTED_CHARS // 2]}\n[...]\n{text[-QUOTED_CHARS // 2 :]}"
    return text or "(no answer)"
