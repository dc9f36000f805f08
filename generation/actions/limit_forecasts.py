"""What is left of each limit, when it is used up at the present pace, and when it comes back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from generation.engine.estimates.limits import LimitForecast, limit_forecast
from generation.selectors.recent_calls import Taken, taken_lately
from generation.selectors.shared_numbers import remembered
from providers.calling import shared_store
from providers.configuration import snapshot
from providers.routing.admission import StoreUnavailable
from providers.routing.config import ProviderEntry
from providers.routing.limits.amounts import Unit, amount_words, number_words
from providers.routing.limits.budget import EVERYTHING, Bucket, roomy
from providers.routing.route import Route, provider_exclusion, shared_buckets

FRESH_S = 4.0  # a little less than a page waits before it asks again


@dataclass(frozen=True, slots=True)
class ForetoldLimit:
    """One limit that covers calls to a provider. Money is in millionths.

    ``used_up_at``: not in the future where nothing is left; None where the present pace does not use it up before more
    comes back. At ``back_at``, ``back`` units have come back; by ``whole_at`` all have, where no more is used.
    """

    provider: str
    scope: str
    unit: Unit
    window: str
    is_short: bool
    limit: int
    left: int
    per_minute: float
    used_up_at: datetime | None
    back: int
    back_at: datetime | None
    whole_at: datetime | None

    @property
    def name(self) -> str:
        """``1,000 requests per day``."""
        return f"{amount_words(self.unit, self.limit)} per {self.window}"

    @property
    def owner(self) -> str:
        """Whose limit it is, where that is not the provider's own."""
        if self.scope == EVERYTHING:
            return "all providers together"
        return "" if self.scope == self.provider else self.scope.removeprefix(f"{self.provider}/")

    @property
    def left_words(self) -> str:
        """``61 requests``."""
        return amount_words(self.unit, self.left)

    @property
    def back_words(self) -> str:
        return number_words(self.unit, self.back)

    @property
    def used(self) -> int:
        return self.limit - self.left

    @property
    def is_used_up(self) -> bool:
        return self.left <= 0

    @property
    def is_nearly_full(self) -> bool:
        return self.used > roomy(self.limit)

    @property
    def ends_soonest(self) -> tuple[bool, float]:
        """For sorting: what is used up soonest comes first, then what has least left."""
        soon = self.used_up_at.timestamp() if self.used_up_at else 0.0
        return (self.used_up_at is None, soon or self.left / self.limit)


def forecast_limits() -> list[ForetoldLimit]:
    """Of the providers that are on, in their order; nothing while Redis is away. Six queries and a round trip, shared
    by all viewers for some seconds."""
    return remembered("limit-forecasts", FRESH_S, _forecast_limits)


def limits_by_provider() -> dict[str, list[ForetoldLimit]]:
    """Those that a person can read of before they are over, the one that is used up soonest first."""
    found: defaultdict[str, list[ForetoldLimit]] = defaultdict(list)
    for limit in sorted(forecast_limits(), key=lambda limit: limit.ends_soonest):
        if not limit.is_short:
            found[limit.provider].append(limit)
    return found


def _forecast_limits() -> list[ForetoldLimit]:
    usable = [provider for provider in snapshot.load().providers if provider_exclusion(provider) is None]
    covering = [(provider, bucket) for provider in usable for bucket in _buckets_of(provider)]
    buckets = dict.fromkeys(bucket for _, bucket in covering)
    if not buckets:
        return []
    try:
        uses = shared_store.uses(buckets)
    except StoreUnavailable:
        return []
    now, taken = timezone.now(), taken_lately()
    told = {bucket: limit_forecast(bucket, use, _pace(bucket, taken), now.timestamp()) for bucket, use in uses.items()}
    return [_shown(provider, told[bucket], now) for provider, bucket in covering]


def _buckets_of(provider: ProviderEntry) -> Iterator[Bucket]:
    """Those that its models share, then each model's own."""
    routes = [Route(provider, model) for model in provider.models if model.enabled]
    own = (bucket for route in routes for bucket in route.buckets)
    yield from dict.fromkeys([*shared_buckets(provider), *own])


def _pace(bucket: Bucket, taken: Sequence[Taken]) -> float:
    return sum(each.per_s(bucket.unit) for each in _of(bucket.key, taken))


def _of(key: str, taken: Iterable[Taken]) -> Iterator[Taken]:
    for each in taken:
        if key in (EVERYTHING, each.provider, f"{each.provider}/{each.model}"):
            yield each


def _shown(provider: ProviderEntry, told: LimitForecast, now: datetime) -> ForetoldLimit:
    def moment(seconds: float | None) -> datetime | None:
        return None if seconds is None else now + timedelta(seconds=seconds)

    bucket = told.bucket
    return ForetoldLimit(
        provider=provider.id,
        scope=bucket.key,
        unit=bucket.unit,
        window=bucket.window.words,
        is_short=bucket.is_short,
        limit=bucket.limit,
        left=told.left,
        per_minute=round(60 * told.per_s, 3),
        used_up_at=moment(told.used_up_s),
        back=told.back,
        back_at=moment(told.back_s),
        whole_at=moment(told.whole_s),
    )
