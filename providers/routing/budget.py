"""Budgets as values: which buckets cover a call, and what a reservation of them says."""

from dataclasses import dataclass
from enum import StrEnum

MINUTE_S = 60
DAY_S = 86_400


class Unit(StrEnum):
    REQUESTS = "requests"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Bucket:
    """At most ``limit`` units in any sliding window of ``window_s`` seconds. ``key`` names its owner: a provider or a route."""

    key: str
    unit: Unit
    window_s: int
    limit: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was taken from the buckets for one call, to be settled with the real usage or released."""

    id: str
    buckets: tuple[Bucket, ...]
    tokens: int
