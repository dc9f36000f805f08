"""What is kept on a sample of what rules and score say of it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from samples.quality.draft import Draft
from samples.quality.findings import Finding
from samples.quality.scoring import score
from samples.taxonomy.requirements import Requirements


def judged(draft: Draft, requirements: Requirements | None, findings: Sequence[Finding]) -> dict[str, Any]:
    """By the names of the sample's fields; None for findings where there is none."""
    told = score(draft, requirements, findings)
    kept = [{**asdict(finding), "severity": finding.severity.value} for finding in findings]
    return {"score": told.value, "score_parts": dict(told.parts), "findings": kept or None}
