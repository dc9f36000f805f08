"""What was asked of a sample that is there already, or of an item, as far as that is known by now."""

from typing import Protocol

from samples.taxonomy.requirements import Requirements, requirements
from samples.taxonomy.values import Taxonomy


class Kind(Protocol):
    """A sample, an item or its spec."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def sample_type(self) -> str: ...
    @property
    def difficulty(self) -> str: ...


def asked_of(kind: Kind, known: Taxonomy) -> Requirements | None:
    """None where its type, its difficulty or its jurisdiction is not known any more."""
    try:
        return requirements(
            known, jurisdiction=kind.jurisdiction, sample_type=kind.sample_type, difficulty=kind.difficulty
        )
    except StopIteration:
        return None
