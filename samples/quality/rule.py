"""A rule: its name, how bad it is to break it, and an example of each kind for people to read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from samples.quality.draft import Draft
from samples.quality.findings import Finding, Severity
from samples.taxonomy.requirements import Requirements

Broken = tuple[str, str]
"""The field that breaks a rule, and what is wrong with it: a clause without a full stop."""

EXAMPLE = Draft(
    question="Ann is a tenant in London. On 3 May 2024 her landlord changed the locks. Can she sue him?",
    answer=(
        "Ann can sue for damages. A landlord may not put a tenant out without a court's order, and hers had none "
        "(Protection from Eviction Act 1977, s 3)."
    ),
    case_citation="Protection from Eviction Act 1977, s 3; Housing Act 1988, ss 27 and 28",
    reasoning="Step 1: A landlord needs a court's order.\nStep 2: He had none, so section 27 gives her damages.",
)
"""A sample that keeps every rule that asks for nothing in particular."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``says`` is what the rule asks, in one sentence; ``good`` keeps it and ``bad`` breaks it, and no other rule.

    Both are texts of ``field``, in a sample whose other fields are EXAMPLE's and of which ``asked`` was asked for.
    ``find`` is given None for requirements where nobody knows what was asked for, as of an imported sample.
    """

    name: str
    severity: Severity
    says: str
    good: str
    bad: str
    find: Callable[[Draft, Requirements | None], Iterable[Broken]]
    field: str = "answer"
    asked: Requirements | None = None

    def findings(self, draft: Draft, requirements: Requirements | None) -> Iterable[Finding]:
        for field, message in self.find(draft, requirements):
            yield Finding(self.name, self.severity, field, message)

    def example(self, text: str) -> Draft:
        """``good`` or ``bad`` as a whole sample."""
        return replace(EXAMPLE, **{self.field: text})
