"""All rules over one draft."""

from samples.quality.draft import Draft
from samples.quality.findings import Finding
from samples.quality.rule import Rule
from samples.quality.rules.shape import (
    blanks,
    chatter,
    disclaimers,
    echoes,
    endings,
    form,
    language,
    refusals,
    repetition,
    size,
)
from samples.taxonomy.requirements import Requirements

RULES: tuple[Rule, ...] = (
    *form.RULES,
    *blanks.RULES,
    *refusals.RULES,
    *disclaimers.RULES,
    *chatter.RULES,
    *echoes.RULES,
    *endings.RULES,
    *repetition.RULES,
    *language.RULES,
    *size.RULES,
)
"""Every rule, in the order in which people read of them. Names are unique."""


def check(draft: Draft, requirements: Requirements | None = None) -> tuple[Finding, ...]:
    """What the rules hold against the draft; without ``requirements`` only what holds for every sample."""
    return tuple(finding for rule in RULES for finding in rule.findings(draft, requirements))
