"""What was asked of a sample that is there already, or of an item, as far as that is known by now."""

from functools import lru_cache
from typing import Protocol

from samples.taxonomy import taxonomy
from samples.taxonomy.requirements import Requirements, requirements


class Kind(Protocol):
    """A sample, an item or its spec."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def sample_type(self) -> str: ...
    @property
    def difficulty(self) -> str: ...


def asked_of(kind: Kind) -> Requirements | None:
    """None where its type, its difficulty or its jurisdiction is not in the taxonomy any more."""
    return _asked(kind.jurisdiction, kind.sample_type, kind.difficulty)


@lru_cache(maxsize=1_000)
def _asked(jurisdiction: str, sample_type: str, difficulty: str) -> Requirements | None:
    try:
        return requirements(taxonomy(), jurisdiction=jurisdiction, sample_type=sample_type, difficulty=difficulty)
    except StopIteration:
        return None
