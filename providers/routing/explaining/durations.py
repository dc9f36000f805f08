"""Durations in words: the one place that writes them. Pure."""

import math
from dataclasses import dataclass

from providers.routing.seconds import DAY_S, HOUR_S, MINUTE_S


@dataclass(frozen=True, slots=True)
class TimeUnit:
    seconds: int
    name: str

    def told(self, number: float) -> str:
        shown = f"{number:,.1f}".removesuffix(".0")
        return f"{shown} {self.name}{'s' if self.name == 'day' and number != 1 else ''}"


SECOND = TimeUnit(1, "s")
UNITS = (TimeUnit(DAY_S, "day"), TimeUnit(HOUR_S, "h"), TimeUnit(MINUTE_S, "min"), SECOND)


def unit_of(seconds: float) -> TimeUnit:
    """The largest of which there are two."""
    return next((unit for unit in UNITS if seconds >= 2 * unit.seconds), SECOND)


def at_least(seconds: float) -> str:
    """A wait, rounded up: it is never told too short. "0.4 s", "13 s", "3 min", "2 days"."""
    if seconds < 2:
        return SECOND.told(math.ceil(round(seconds * 10, 6)) / 10)
    unit = unit_of(seconds)
    return unit.told(math.ceil(seconds / unit.seconds))


def roughly(seconds: float) -> str:
    """As long as a person would say that it takes: "40 s", "12 min", "3 h 20 min", "2 days"."""
    unit = unit_of(seconds)
    if unit.name != "h":
        return unit.told(round(seconds / unit.seconds))
    hours, minutes = divmod(round(seconds / MINUTE_S), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def exactly(seconds: float) -> str:
    """In the largest unit that leaves no rest: "15 min", "1 day"."""
    unit = next((unit for unit in UNITS if seconds >= unit.seconds and seconds % unit.seconds == 0), SECOND)
    return unit.told(seconds / unit.seconds)


def latency(milliseconds: float) -> str:
    """In two digits, which is as much as is known: "450 ms", "1.2 s", "34 s"."""
    if milliseconds < 995:
        return f"{float(f'{milliseconds:.2g}'):.0f} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
