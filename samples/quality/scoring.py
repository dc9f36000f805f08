"""How far a sample is what was asked for: a number from 0 to 1, with the parts that it is made of. Pure.

Each part is from 0 to 1. The score is their mean by ``WEIGHTS``, over those parts alone that can be told: of a sample
of which nobody knows what was asked, neither structure nor length.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samples.quality.draft import Draft
from samples.quality.findings import Finding
from samples.reading import authorities, sections, steps
from samples.taxonomy.requirements import Requirements

WEIGHTS: Mapping[str, float] = {
    "structure": 0.20,  # sections asked for that the answer has as headings
    "reasoning": 0.10,  # numbered steps, as many as were asked for
    "length": 0.15,  # words of the answer, within its range
    "citations": 0.15,  # authorities, as many as were asked for
    "grounding": 0.15,  # authorities that answer or reasoning name, of those listed
    "language": 0.10,  # runs of four words that the answer does not say twice
    "flags": 0.15,  # each rule that flags takes away FLAG_COSTS of what is left
}
FLAG_COSTS = 0.3
RUN_WORDS = 4
AUTHORITIES_MAX = 50
DIGITS = 4

_NUMBERS = re.compile(r"[\[(](?=\d)|,?\s\d")
_VERSUS = re.compile(r"\s+v\.?s?\.?\s+")


@dataclass(frozen=True, slots=True)
class Score:
    value: float
    parts: Mapping[str, float]


def score(draft: Draft, requirements: Requirements | None, flags: Sequence[Finding]) -> Score:
    """``flags``: what the rules found; ``requirements``: what the sample was to be, None where nobody knows."""
    listed = authorities(draft.case_citation)
    parts = {
        "grounding": _grounding(listed, f"{draft.answer}\n{draft.reasoning}".lower()),
        "language": _language(draft.answer),
        "flags": (1 - FLAG_COSTS) ** len({finding.rule for finding in flags}),
    }
    if requirements:
        parts |= _as_asked(draft, requirements, len(listed))
    whole = sum(WEIGHTS[name] for name in parts)
    value = sum(WEIGHTS[name] * part for name, part in parts.items()) / whole
    return Score(round(value, DIGITS), {name: round(parts[name], DIGITS) for name in WEIGHTS if name in parts})


def within(amount: int, low: int, high: int | None) -> float:
    """1 within the range; below and above it the less, the further away."""
    if amount < low:
        return amount / low
    return high / amount if high is not None and amount > high else 1.0


def _as_asked(draft: Draft, requirements: Requirements, listed: int) -> dict[str, float]:
    parts = {
        "length": within(len(draft.answer.split()), *requirements.words),
        "citations": within(listed, *requirements.citations),
    }
    if requirements.sections:
        found = {section.heading for section in sections(draft.answer, requirements.sections)}
        parts["structure"] = len(found & set(requirements.sections)) / len(requirements.sections)
    if requirements.reasoning_steps:
        parts["reasoning"] = within(len(steps(draft.reasoning)), *requirements.reasoning_steps)
    return parts


def _grounding(listed: Sequence[str], text: str) -> float:
    first = listed[:AUTHORITIES_MAX]
    return sum(_is_named(authority.lower(), text) for authority in first) / len(first) if first else 0.0


def _is_named(authority: str, text: str) -> bool:
    """Whether the text names the authority, or a party of its case."""
    name = _NUMBERS.split(authority, maxsplit=1)[0].strip(" ,.")
    return any(part in text for part in (authority, *_VERSUS.split(name)) if len(part) > 2)


def _language(answer: str) -> float:
    words = answer.lower().split()
    runs = list(zip(*(words[start:] for start in range(RUN_WORDS)), strict=False))
    return len(set(runs)) / len(runs) if runs else 1.0
