"""Whether one answer is taken: read into a draft, and checked by the rules for its item."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from generation.engine.parsing import Problems, parse_answer
from samples.quality.draft import Draft
from samples.quality.findings import Finding

Check = Callable[[Draft], Sequence[Finding]]
"""The rules over a draft, with what is asked of its item."""

TOLD_MAX = 10


@dataclass(frozen=True, slots=True)
class Accepted:
    """A draft that breaks no rule that rejects; ``flags`` are the findings that are shown with it."""

    draft: Draft
    flags: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why the answer is not taken, in clauses without a full stop. ``cut_off``: more room may help.

    ``rules``: the broken ones by name, each with the first thing that it found; empty where the answer was unreadable.
    """

    sentences: tuple[str, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    cut_off: bool = False


def unchecked(draft: Draft) -> tuple[Finding, ...]:
    """Where nothing is held against a draft that can be read."""
    return ()


def judge(text: str, *, truncated: bool, check: Check) -> Accepted | Rejected:
    """Read the answer and check what is in it."""
    reading = parse_answer(text, truncated=truncated)
    if isinstance(reading, Problems):
        return Rejected(reading.sentences, cut_off=reading.cut_off)
    findings = tuple(check(reading))
    rejecting = [finding for finding in findings if finding.is_rejecting]
    return rejected(rejecting) if rejecting else Accepted(reading, findings)


def rejected(findings: Sequence[Finding]) -> Rejected:
    """By findings that reject."""
    messages = list(dict.fromkeys(finding.message for finding in findings))
    untold = len(messages) - TOLD_MAX
    more = [f"and {untold} more of these"] if untold > 0 else []
    rules: dict[str, str] = {}
    for finding in findings:
        rules.setdefault(finding.rule, finding.message)
    return Rejected((*messages[:TOLD_MAX], *more), rules)
