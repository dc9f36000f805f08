"""How many of many drafts repeat one before them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from samples.quality.draft import Draft
from samples.quality.duplicates.clash import may_be_alike
from samples.quality.duplicates.fingerprint import fingerprint, similarity


def clash_share(drafts: Sequence[Draft], threshold: float = 0.8) -> float:
    """The share of the drafts that would be taken for duplicates of one before them."""
    hashes: set[UUID] = set()
    by_key: defaultdict[int, list[int]] = defaultdict(list)
    clashes, fingerprints = 0, [fingerprint(draft) for draft in drafts]
    for number, draft in enumerate(drafts):
        own = fingerprints[number]
        before = {place for key in own.keys for place in by_key[key]}
        alike = [place for place in before if may_be_alike(own, fingerprints[place].signature, threshold)]
        if own.text_hash in hashes or any(similarity(draft, drafts[place]) >= threshold for place in alike):
            clashes += 1
        else:
            hashes.add(own.text_hash)
            for key in own.keys:
                by_key[key].append(number)
    return clashes / len(drafts)


def candidate_share(drafts: Sequence[Draft]) -> float:
    """The share of pairs that share a key, so that a lookup has to compare them: of texts in the world well under
    0.001. What is over 0.01 makes lookups slower than they are with real answers."""
    by_key: defaultdict[int, set[int]] = defaultdict(set)
    pairs = 0
    for number, draft in enumerate(drafts):
        keys = fingerprint(draft).keys
        pairs += len({place for key in keys for place in by_key[key]})
        for key in keys:
            by_key[key].add(number)
    return pairs / (len(drafts) * (len(drafts) - 1) / 2)
