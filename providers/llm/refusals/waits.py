"""How long a vendor asks to wait, wherever it says so: headers, fields of the body, words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from providers.llm.headers import exhausted_s, limit_facts, retry_after_s
from providers.llm.refusals.durations import SPAN, bounded_s, duration_s, moment_s, wait_s
from providers.llm.refusals.envelope import Refusal, nodes
from providers.llm.refusals.windows import names_google_day
from providers.llm.types import LimitFact

PACIFIC = ZoneInfo("America/Los_Angeles")  # where Google's days end
LONGEST_READ = 2000
FIELD = re.compile(
    r"(?:\w{1,40}_)?(?:retry_(?:after|in|at|delay)|resets?(?:_(?:at|in|on|after|time|delay|time_?stamp))?"
    r"|wait(?:_(?:time|for))?|cooldown)(?:_(?P<unit>ms|millis|milliseconds|s|sec|secs|seconds|minutes|hours))?"
    r"|estimated_time"
)
UNIT_S = {"ms": 0.001, "millis": 0.001, "milliseconds": 0.001, "minutes": 60.0, "hours": 3600.0}
MARKER = re.compile(
    r"\b(?:try again|retry(?:ing)?|please wait|wait|resets?|available again|come back|renews?|restored)\b"
    r"(?:\W{1,3}(?:will|again|be|at|least|in|after|for|another|about|within|approximately|on|until|by|time|is)\b){0,5}[\s:;,(]{0,3}",
    re.IGNORECASE,
)
ONE = re.compile(r"an? (?=second|minute|hour|day|week)", re.IGNORECASE)
DATE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:\s?(?:Z|UTC|GMT)\b|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s?([ap]\.?m\.?)?\s?\(?(?:UTC|GMT|Z)\b(?![+-]\d)", re.IGNORECASE)
DAY = timedelta(days=1)


def asked_wait_s(
    refusal: Refusal,
    headers: Mapping[str, str],
    now: float,
    *,
    limits: Iterable[LimitFact] = (),
    window_s: float | None = None,
    is_limit: bool = True,
) -> float | None:
    """The longest wait that headers and fields name, else what the words say, else until a used-up limit is reset: one
    of ``limits``, those of the headers.

    A day's quota of Google's outweighs the seconds that it names beside it.
    """
    if is_limit and names_google_day(refusal):
        return google_reset_s(now)
    waits = [retry_after_s(headers, now), *_in_fields(refusal, now)]
    if structured := [wait for wait in waits if wait is not None]:
        return max(structured)
    if (wait := wait_in_words(refusal.words, now, window_s)) is not None:
        return wait
    return exhausted_s(limits) if is_limit else None


def google_reset_s(now: float) -> float:
    """Until the next midnight in California, daylight saving included."""
    today = datetime.fromtimestamp(now, PACIFIC).date()
    return datetime.combine(today + DAY, time(), PACIFIC).timestamp() - now


def wait_in_words(words: str, now: float, window_s: float | None = None) -> float | None:
    """As in "Please try again in 7m12.5s", "retry after 27 seconds", "resets at 14:30 UTC"; the first one counts.

    A date without a zone may be anybody's: it is read as UTC and bounded by the window of the limit that is full.
    """
    words = words[:LONGEST_READ]
    for marker in MARKER.finditer(words):
        rest = ONE.sub("1 ", words[marker.end() : marker.end() + 80], count=1)
        span = SPAN.match(rest)
        wait = bounded_s(duration_s(span[0]) or 0.0) if span else _until(rest, now, window_s)
        if wait is not None:
            return wait
    return None


def _until(text: str, now: float, window_s: float | None) -> float | None:
    if match := DATE.match(text):
        moment = moment_s(match[0])
        wait = None if moment is None else bounded_s(moment - now)
        return wait if wait is None or window_s is None else min(wait, window_s)
    if match := CLOCK.match(text):
        return _until_clock(match, now)
    return None


def _until_clock(match: re.Match[str], now: float) -> float | None:
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if half := (match[4] or "").lower():
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    return (hours * 3600 + minutes * 60 + seconds - now) % DAY.total_seconds() if hours < 24 and minutes < 60 else None


def _in_fields(refusal: Refusal, now: float) -> Iterator[float | None]:
    for name, value in nodes(refusal):
        if name == "headers" and isinstance(value, Mapping):
            yield retry_after_s(value, now)
            yield exhausted_s(limit_facts(value, now))
        elif match := FIELD.fullmatch(name):
            yield _field_s(value, match["unit"], now)


def _field_s(value: Any, unit: str | None, now: float) -> float | None:
    if isinstance(value, Mapping):  # a Duration of Google's: {"seconds": 33, "nanos": 0}
        value = value.get("seconds")
    scale = UNIT_S.get(unit or "", 1.0)
    if scale != 1.0 and isinstance(value, str):
        value = duration_s(value)
    if scale != 1.0 and isinstance(value, int | float) and not isinstance(value, bool):
        value = value * scale if abs(value) < 1e15 else None
    return wait_s(value, now)
