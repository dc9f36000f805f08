"""What is kept on a sample of what rules and score say of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from samples.quality.draft import Draft
from samples.quality.findings import Finding
from samples.quality.scoring import score
from samples.taxonomy.requirements import Requirements

KEPT_MAX = 20


def judged(draft: Draft, requirements: Requirements | None, findings: Sequence[Finding]) -> dict[str, Any]:
    """By the names of the sample's fields; None for findings where there is none."""
    told = score(draft, requirements, findings)
    kept = [{**asdict(finding), "severity": finding.severity.value} for finding in _first_of_each(findings)]
    return {"score": told.value, "score_parts": dict(told.parts), "findings": kept or None}


def _first_of_each(findings: Sequence[Finding]) -> Iterator[Finding]:
    """KEPT_MAX of each rule: a text can hold thousands of what one rule finds."""
    kept: Counter[str] = Counter()
    for finding in findings:
        kept[finding.rule] += 1
        if kept[finding.rule] <= KEPT_MAX:
            yield finding
