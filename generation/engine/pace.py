"""How fast a batch goes and how long it will take, in words and in bars. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BARS = 60
WIDTHS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440)


def time_left(status: str, missing: int, per_minute: float | None, *, is_at_cap: bool = False, reason: str = "") -> str:
    """When the rest will be there, or why nobody can say; empty where nothing more is to come."""
    match status:
        case "pending":
            return "waiting for a worker"
        case "paused":
            return "waiting for a higher cap" if is_at_cap else "waiting until a route can work"
        case "running":
            if not missing:
                return "the last results are being saved"
            if per_minute:
                return f"about {roughly(60 * missing / per_minute)}"
            return "waiting" if reason else "not known yet"
    return ""


def roughly(seconds: float) -> str:
    """As long as a person would say it takes: "40 s", "12 min", "3 h 20 min", "2 days"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"


@dataclass(frozen=True, slots=True)
class Bar:
    """``minute`` is its first one since the epoch, ``per_minute`` the mean of those that it covers."""

    minute: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class Bars:
    """``width`` is how many minutes one covers. The last one may not be over yet."""

    width: int
    bars: tuple[Bar, ...]


def bars(made: Mapping[int, int], until: int | None = None) -> Bars:
    """The whole run in at most ``BARS`` bars, from its first sample to the minute ``until``, or to its last sample."""
    if not made:
        return Bars(1, ())
    first, last = min(made), max(max(made), until or 0)
    width = next((width for width in WIDTHS if _places(first, last, width) <= BARS), WIDTHS[-1])
    first -= first % width
    counts = [0] * (1 + (last - first) // width)
    for minute, count in made.items():
        counts[(minute - first) // width] += count
    return Bars(width, _means(first, last, width, counts[-BARS:], len(counts)))


def _places(first: int, last: int, width: int) -> int:
    return 1 + last // width - first // width


def _means(first: int, last: int, width: int, counts: Sequence[int], places: int) -> tuple[Bar, ...]:
    start = first + (places - len(counts)) * width
    minutes = [start + width * place for place in range(len(counts))]
    # The last one is judged by the minutes that it has had.
    spans = [min(width, last - minute + 1) for minute in minutes]
    return tuple(Bar(minute, round(n / span, 2)) for minute, n, span in zip(minutes, counts, spans, strict=True))
