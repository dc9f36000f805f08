"""How many samples there are, and of what kind. Counted on indexes alone: the texts beside them are large."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncHour

from samples import vocabulary
from samples.held import FIELDS
from samples.models import Sample
from samples.taxonomy.words import names_in

HOURS = 24


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of sample: ``value`` as the filters of lists take it."""

    value: str
    name: str
    made: int
    today: int


@dataclass(frozen=True, slots=True)
class Tally:
    """``kinds`` holds, by field, the shares of what was made, the largest first."""

    made: int
    today: int
    kinds: Mapping[str, tuple[Share, ...]]


def tally(midnight: datetime) -> Tally:
    """Five queries."""
    first_today = Sample.objects.filter(created_at__gte=midnight).order_by("created_at").values_list("pk", flat=True)
    is_new = Q(pk__gte=first_today.first() or 2**62)  # by the key, which every index on a kind holds
    names = names_in(vocabulary.everything())
    kinds = {field: _shares(field, names[field], is_new) for field in FIELDS}
    every = kinds["difficulty"]
    return Tally(sum(share.made for share in every), sum(share.today for share in every), kinds)


def _shares(field: str, names: Mapping[str, str], is_new: Q) -> tuple[Share, ...]:
    rows = Sample.objects.order_by().values_list(field).annotate(Count("pk"), today=Count("pk", filter=is_new))
    shares = [Share(value, names.get(value, value), made, today) for value, made, today in rows]
    return tuple(sorted(shares, key=lambda share: (-share.made, share.name)))


def made_per_hour(now: datetime) -> list[tuple[datetime, int]]:
    """The last hours, the current one included, those without a sample too. One query."""
    current = now.replace(minute=0, second=0, microsecond=0)
    hours = [current - timedelta(hours=ago) for ago in reversed(range(HOURS))]
    fresh: Any = Sample.objects.filter(created_at__gte=hours[0]).order_by()
    made = dict(fresh.annotate(hour=TruncHour("created_at")).values_list("hour").annotate(Count("pk")))
    return [(hour, made.get(hour, 0)) for hour in hours]
