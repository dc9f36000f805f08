"""Which of our buckets a vendor's word on what is left is held against."""

from collections.abc import Iterable, Sequence

from providers.llm.types import LimitFact
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import EVERYTHING, Bucket


def heeded(buckets: Sequence[Bucket], facts: Iterable[LimitFact]) -> dict[Bucket, LimitFact]:
    """For each bucket that the vendor speaks of, the word by which the least is left.

    A word counts for the bucket of its unit and window. Where it names no window, or there is no such bucket, it counts
    for the one of the shortest window: no more is left there. What the installation may do is no vendor's matter.
    """
    own = [bucket for bucket in buckets if bucket.key != EVERYTHING]
    words: dict[Bucket, LimitFact] = {}
    for fact in facts:
        bucket = None if fact.remaining is None else _held_against(own, fact)
        if bucket is not None:
            words[bucket] = min(words.get(bucket, fact), fact, key=_room)
    return words


def _held_against(buckets: Sequence[Bucket], fact: LimitFact) -> Bucket | None:
    """Without input or output no tokens can be had; how much is left of one says nothing of both."""
    fitting = [bucket for bucket in buckets if bucket.unit == fact.unit]
    if not fitting and fact.unit in ("input", "output") and fact.remaining == 0:
        fitting = [bucket for bucket in buckets if bucket.unit is Unit.TOKENS]
    return min(fitting, key=lambda bucket: (bucket.window_s != fact.window_s, bucket.window_s), default=None)


def _room(fact: LimitFact) -> tuple[int, float]:
    """What is left; of words that leave nothing, the one that stays so for the longest comes first."""
    remaining = fact.remaining or 0
    return remaining, 0.0 if remaining else -(fact.reset_s or 0.0)
