"""What is asked of the model of time, and what it answers: values."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.routing.limits.amounts import Amounts, Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.urgency import Urgency

LEAST = 1e-6
UNUSABLE = 0.5
"""While calls of several units wait for room, so much of one lies idle on average."""


@dataclass(frozen=True, slots=True)
class Source:
    """One route, as far as time is concerned; numbers are means, ``amounts`` those of a call. ``provider_calls`` is its
    provider's ceiling; before ``opens_s`` it is suspended or held."""

    key: str
    provider_id: str
    buckets: tuple[Bucket, ...]
    latency_s: float
    amounts: Amounts
    calls_per_sample: float
    provider_calls: int | None = None
    opens_s: float = 0.0

    @property
    def sample_s(self) -> float:
        """How long one call at a time takes for a sample."""
        return self.calls_per_sample * self.latency_s

    def takes(self, bucket: Bucket) -> float:
        """Units of the bucket for one sample, with what lies idle meanwhile."""
        cost = max(bucket.cost(self.amounts), LEAST)
        if bucket.unit is not Unit.REQUESTS:
            cost = bucket.limit / max(1.0, bucket.limit / cost - UNUSABLE)
        return self.calls_per_sample * cost


@dataclass(frozen=True, slots=True)
class Job:
    """A batch or an order: so many samples, from the sources in this order: later ones where earlier ones are full."""

    sources: tuple[Source, ...]
    samples: float
    calls_at_once: float
    urgency: int = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class Bound:
    """What keeps a route from being faster: a bucket, or else how many calls there are at once."""

    key: str
    bucket: Bucket | None = None
    calls_at_once: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """``made`` counts the samples by route. ``bound`` is what limited it for longest. ``waits_for`` is the limit for
    which everything waits at times; None where something always goes."""

    seconds: float
    made: Mapping[str, float]
    bound: Bound | None
    waits_for: Bucket | None = None
