"""From an item's spec to the request that a model is sent, and to the second request where its answer was wrong."""

from collections.abc import Sequence
from dataclasses import replace

from generation.engine.answers.keys import KEYS
from generation.engine.answers.thinking import without_thinking
from generation.engine.planning.facets import Angle, Case, facets_of
from generation.engine.planning.plan import ItemSpec
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
    user_prompt = _user_prompt(spec, known, instruction.strip(), texts)
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
    """What is alike for a whole batch stands first, then what its type has, then what is the item's alone."""
    law, topic = known.jurisdiction(spec.jurisdiction), known.topic(spec.topic)
    return texts.filled(
        "sample",
        **_asked_for(spec, known, texts),
        as_at=texts.phrase("as_at", "given", date=f"{spec.as_at.day} {spec.as_at:%B %Y}") if spec.as_at else "",
        instruction=texts.phrase("instruction", "given", instruction=instruction) if instruction else "",
        jurisdiction=law.name,
        legal_system=law.legal_system,
        courts=law.courts,
        terms=texts.phrase("terms", "given", terms=law.terms) if law.terms else "",
        citation_habit=law.citations,
        practice_area=spec.practice_area or spec.topic,
        topic=topic.name_in(spec.jurisdiction) if topic else spec.topic,
        facets=_facets(spec, known, texts),
        number=spec.number if not spec.draw else f"{spec.number}-{spec.draw}",
        seed=spec.seed,
    )


def _asked_for(spec: ItemSpec, known: Taxonomy, texts: PromptTexts) -> dict[str, str]:
    """What the rules check: the type's and the difficulty's part, and how authorities are cited."""
    kind, level = known.sample_type(spec.sample_type), known.difficulty(spec.difficulty)
    asked = requirements(
        known, jurisdiction=spec.jurisdiction, sample_type=spec.sample_type, difficulty=spec.difficulty
    )
    return {
        "type_name": kind.name,
        "type_focus": kind.focus,
        "guidance": kind.guidance,
        "structure": _structure(asked, texts),
        "reasoning": _reasoning(asked, texts),
        "length": _between("length", asked.words, texts),
        "citations": _between("citations", asked.citations, texts),
        "difficulty": level.id,
        "complexity": level.complexity,
        "citation_style": asked.citation_style,
        "citation_examples": " and ".join(f'"{example}"' for example in asked.citation_examples),
        "language": _language(asked.language, texts),
    }


def _facets(spec: ItemSpec, known: Taxonomy, texts: PromptTexts) -> str:
    facets = facets_of(spec, known)
    first, second = facets.names
    lines = [texts.phrase("facets", "point", point=facets.point)] if facets.point else []
    match facets.about:
        case Case(parties=parties, stage=stage, perspective=perspective):
            pattern = texts.phrase("scenario", spec.scenario)
            lines.append(
                texts.phrase("facets", "case", scenario=pattern, stage=stage, parties=parties, perspective=perspective)
            )
        case Angle(angle=angle, reader=reader):
            lines.append(texts.phrase("facets", "angle", angle=angle, reader=reader))
    lines.append(texts.phrase("facets", "manner", manner=facets.manner))
    lines.append(texts.phrase("facets", "names", first=first, second=second, town=facets.town))
    return "\n".join(lines)


def _language(tag: str, texts: PromptTexts) -> str:
    return texts.phrase("language", tag if texts.has_phrase("language", tag) else "other", tag=tag)


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
