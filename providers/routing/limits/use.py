"""What counts in a bucket now, and when it will have left: a profile of its window by slices."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.routing.limits.budget import Bucket

SLICES = 96
"""Of a window, for the profile: a quarter of an hour of a day."""


@dataclass(frozen=True, slots=True)
class Leave:
    """So many units leave the window, evenly from then to then."""

    from_s: float
    to_s: float
    amount: float


@dataclass(frozen=True, slots=True)
class Use:
    """``leaves``, soonest first, are all that is used."""

    used: int
    leaves: tuple[Leave, ...] = ()


UNUSED = Use(0)


def use_of(bucket: Bucket, own: int, slices: Mapping[int, int], surplus: tuple[int, int]) -> Use:
    """Our own units with their weights: calls, or amounts, by the slice in which they leave; a calendar's by the
    milliseconds until they do. Then what the vendor counts beyond them, and for how many milliseconds."""
    width_s = 0.0 if bucket.window.time_zone else bucket.span_ms / SLICES / 1000
    unit_s = width_s or 0.001
    whole = sum(slices.values())
    leaves = [
        Leave(number * unit_s - width_s, number * unit_s, own * weight / whole)
        for number, weight in slices.items()
        if own and weight
    ]
    if surplus[0]:
        leaves.append(Leave(surplus[1] / 1000, surplus[1] / 1000, surplus[0]))
    return Use(own + surplus[0], tuple(sorted(leaves, key=lambda leave: leave.to_s)))
