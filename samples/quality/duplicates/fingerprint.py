"""All that is kept of a sample to find its duplicates by."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from samples.quality.draft import Draft
from samples.quality.duplicates.normalising import text_hash, words
from samples.quality.duplicates.shingles import FEWEST, jaccard, shingles
from samples.quality.duplicates.signature import keys, signature

REMEMBERED = 512
"""A draft is looked at when it is read and again when it is saved, a second later."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``signature`` is empty, and there are no ``keys``, where the text is too short to be compared."""

    text_hash: UUID
    signature: bytes
    keys: tuple[int, ...]


@lru_cache(maxsize=REMEMBERED)
def fingerprint(draft: Draft) -> Fingerprint:
    question, answer, reasoning = _words(draft)
    compared = shingles((question, answer, reasoning))
    signed = signature(compared) if len(compared) >= FEWEST else b""
    return Fingerprint(text_hash(question, answer), signed, keys(signed) if signed else ())


def similarity(one: Draft, other: Draft) -> float:
    """The Jaccard similarity of what the two are compared by: 0 to 1."""
    return jaccard(shingles(_words(one)), shingles(_words(other)))


def _words(draft: Draft) -> tuple[list[str], list[str], list[str]]:
    return words(draft.question), words(draft.answer), words(draft.reasoning)
