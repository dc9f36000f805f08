"""Calls counted: cheap to keep for hours and to ask for often, unlike the calls themselves. Pure."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """The calls of one model or of one key. A call that was never answered has no status and no behaviour here."""

    arrivals: "array[float]" = field(default_factory=lambda: array("d"))
    statuses: Counter[int] = field(default_factory=Counter)
    behaviours: Counter[str] = field(default_factory=Counter)
    tokens: int = 0

    def answered(self, status: int, behaviour: str, tokens: int) -> None:
        self.statuses[status] += 1
        self.behaviours[behaviour] += 1
        self.tokens += tokens

    def shown(self, window_s: float) -> dict[str, Any]:
        return {
            "calls": len(self.arrivals),
            "statuses": {str(status): times for status, times in sorted(self.statuses.items())},
            "behaviours": dict(sorted(self.behaviours.items())),
            "tokens": self.tokens,
            "first": self.arrivals[0] if self.arrivals else None,
            "last": self.arrivals[-1] if self.arrivals else None,
            "most_in_window": most_in_window(self.arrivals, window_s),
        }


def most_in_window(times: Sequence[float], window_s: float) -> int:
    """The most of the ascending ``times`` that lie in any window of so many seconds, its end left out."""
    most = first = 0
    for place, time in enumerate(times):
        while times[first] <= time - window_s:
            first += 1
        most = max(most, place - first + 1)
    return most
