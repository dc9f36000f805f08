"""The time that a limit is about: any length that slides, or a period of the calendar somewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from providers.routing.seconds import DAY_S, HOUR_S, MINUTE_S


class Span(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


LENGTHS_S = {
    Span.SECOND: 1,
    Span.MINUTE: MINUTE_S,
    Span.HOUR: HOUR_S,
    Span.DAY: DAY_S,
    Span.WEEK: 7 * DAY_S,
    Span.MONTH: 31 * DAY_S,  # sliding, the longest that a vendor may mean
}


LONGEST_COUNT = 8  # digits
LONGEST_S = 12 * LENGTHS_S[Span.MONTH]
SHORT = {Span.SECOND: "s", Span.MINUTE: "min", Span.HOUR: "h"}


@dataclass(frozen=True, slots=True)
class Window:
    """``count`` spans that slide; with a ``time_zone``, one span of the calendar there: weeks begin on Monday.

    Raises ValueError for several spans of a calendar, or its seconds: nobody knows where they begin.
    """

    count: int = 1
    span: Span = Span.SECOND
    time_zone: str = ""

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("A window is at least 1 second.")
        if self.length_s > LONGEST_S:
            raise ValueError("A window is 12 months at most.")
        if self.time_zone and (self.count > 1 or self.span is Span.SECOND):
            raise ValueError("In a calendar it is 1 minute, 1 hour, 1 day, 1 week or 1 month.")

    @classmethod
    def read(cls, text: str, time_zone: str = "") -> "Window":
        """Of ``1 day`` or ``5 hours``, as ``text`` tells it. Raises ValueError, in words for people."""
        count, _, name = text.strip().lower().partition(" ")
        span = next((span for span in Span if name.strip() in (span, f"{span}s")), None)
        if span is None or not count.isascii() or not count.isdigit() or len(count) > LONGEST_COUNT:
            raise ValueError("Give a number and one of second, minute, hour, day, week, month, such as 5 hours.")
        if time_zone and time_zone not in available_timezones():
            raise ValueError(f"There is no time zone '{time_zone}'. Give one such as America/Los_Angeles or UTC.")
        return cls(int(count), span, time_zone)

    @classmethod
    def of_length(cls, length_s: int) -> "Window":
        """One that slides, in the longest span of which it is a whole number."""
        span = next(span for span in reversed(Span) if length_s % LENGTHS_S[span] == 0)
        return cls(length_s // LENGTHS_S[span], span)

    @property
    def text(self) -> str:
        """As ``read`` takes it."""
        return f"{self.count} {self.span}{'' if self.count == 1 else 's'}"

    @property
    def length_s(self) -> int:
        """Of a period of the calendar, the usual length; a month's is its longest."""
        return self.count * LENGTHS_S[self.span]

    @property
    def name(self) -> str:
        """The same for windows that count alike."""
        return f"{self.span}@{self.time_zone}" if self.time_zone else str(self.length_s)

    @property
    def words(self) -> str:
        """After "per" or "a": ``minute``, ``5 hours``, ``day in America/Los_Angeles``."""
        if self.time_zone:
            return f"{self.span} in {self.time_zone}"
        return self.span.value if self.count == 1 else f"{self.count} {self.span}s"

    @property
    def short(self) -> str:
        """After a stroke: ``min``, ``5 h``, ``day``."""
        word = SHORT.get(self.span, self.span.value)
        return word if self.count == 1 else f"{self.count} {word}"

    def ends(self, at_s: float) -> tuple[int, int, int]:
        """Of the calendar: when the period before the one of ``at_s`` ended, and it and the next one will; in seconds
        since the epoch."""
        return _ends(self, int(at_s // MINUTE_S))


SECOND = Window()
MINUTE = Window(1, Span.MINUTE)
DAY = Window(1, Span.DAY)


@lru_cache(maxsize=4096)
def _ends(window: Window, minute: int) -> tuple[int, int, int]:
    """By the minute, as all of its periods begin with one."""
    start = _start(window, minute * MINUTE_S)
    end = _next(window, start)
    return start, end, _next(window, end)


def _start(window: Window, at_s: int) -> int:
    local = datetime.fromtimestamp(at_s, ZoneInfo(window.time_zone))
    if window.span in (Span.MINUTE, Span.HOUR):
        shift = int((local.utcoffset() or timedelta()).total_seconds())
        return at_s - (at_s + shift) % LENGTHS_S[window.span]
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if window.span is Span.WEEK:
        day -= timedelta(days=day.weekday())
    if window.span is Span.MONTH:
        day = day.replace(day=1)
    return _instant(day)


def _next(window: Window, start_s: int) -> int:
    if window.span in (Span.MINUTE, Span.HOUR):
        return start_s + LENGTHS_S[window.span]
    day = datetime.fromtimestamp(start_s, ZoneInfo(window.time_zone)).replace(hour=0, minute=0, fold=0)
    if window.span is Span.MONTH:
        return _instant((day + timedelta(days=32)).replace(day=1))
    return _instant(day + timedelta(days=7 if window.span is Span.WEEK else 1))


def _instant(midnight: datetime) -> int:
    """The first moment of that day there: a midnight that the clocks skip is the moment at which they skip it, and of
    one that comes twice the first counts (PEP 495)."""
    return int(midnight.timestamp())
