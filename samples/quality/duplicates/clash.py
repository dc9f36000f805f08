"""That a draft repeats a sample, and how whoever wrote it is told."""

from dataclasses import dataclass

from samples.quality.duplicates.fingerprint import Fingerprint
from samples.quality.duplicates.signature import estimate
from samples.quality.findings import Finding, Severity

EXACT_RULE, NEAR_RULE = "duplicate", "near_duplicate"
QUOTED_CHARS = 160
ERROR = 0.12
"""How far an estimate may be off that is looked at more closely: it is so in 1 of 400 cases at most."""


@dataclass(frozen=True, slots=True)
class Clash:
    """With the sample of this key, None for one that is saved in the same group. ``similarity`` is from 0 to 1."""

    sample_id: int | None
    question: str
    is_exact: bool
    similarity: float = 1.0

    @property
    def finding(self) -> Finding:
        rule = EXACT_RULE if self.is_exact else NEAR_RULE
        return Finding(rule, Severity.REJECT, "question", self._message)

    @property
    def _message(self) -> str:
        which = f"sample {self.sample_id}" if self.sample_id else "another new sample"
        how = "the same as" if self.is_exact else f"{self.similarity:.0%} the same, names and numbers aside, as"
        begins = " ".join(self.question[:QUOTED_CHARS].split())
        return (
            f'question and answer are {how} {which}, whose question begins "{begins}": write about other facts and '
            "another issue, in other words"
        )


def may_be_alike(one: Fingerprint, other_signature: bytes, threshold: float) -> bool:
    """By their signatures; whoever finds them so compares their texts."""
    return bool(one.signature and other_signature) and estimate(one.signature, other_signature) >= threshold - ERROR
