"""A rule: its name, how bad it is to break it, and an example of each kind for people to read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from samples.quality.draft import Draft
from samples.quality.findings import Finding, Severity
from samples.taxonomy.requirements import Requirements

Broken = tuple[str, str]
"""The field that breaks a rule, and what is wrong with it: a clause without a full stop."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``says`` is what the rule asks, in one sentence; ``good`` keeps it and ``bad`` breaks it: texts of one field.

    ``find`` is given None for requirements where nobody knows what was asked for, as of an imported sample.
    """

    name: str
    severity: Severity
    says: str
    good: str
    bad: str
    find: Callable[[Draft, Requirements | None], Iterable[Broken]]

    def findings(self, draft: Draft, requirements: Requirements | None) -> Iterable[Finding]:
        for field, message in self.find(draft, requirements):
            yield Finding(self.name, self.severity, field, message)
