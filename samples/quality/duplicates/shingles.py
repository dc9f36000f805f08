"""What two texts are compared by: all runs of three words, with names and numbers masked."""

from collections.abc import Iterable, Sequence, Set

from samples.quality.duplicates.masking import masked

FEWEST = 24
"""With fewer different runs a draft is like many others by chance: only an exact copy of it is a duplicate."""


def shingles(fields: Iterable[Sequence[str]]) -> set[str]:
    """Of fields, each given by its words; no run goes over from one to the next."""
    found: set[str] = set()
    for words in fields:
        kept = masked(words)
        found.update(map(" ".join, zip(kept, kept[1:], kept[2:], strict=False)))
    return found


def jaccard(one: Set[str], other: Set[str]) -> float:
    """How much of what either has both have: 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
