"""Spans and moments as vendors write them: "2m59.56s", "1 hour 3 minutes", epochs, ISO and HTTP dates."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_S = 31 * 86_400.0  # what is further away is no wait but a mistake
EPOCH_S = 1e9  # a number above this is a point in time, not a duration
EPOCH_MS = 1e12
LONGEST_TEXT = 100
UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
UNIT = r"ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?"
PART = rf"(\d{{1,12}}(?:\.\d{{1,12}})?)\s{{0,3}}({UNIT})(?![a-zA-Z])"
SPAN = re.compile(rf"{PART}(?:[\s,]{{0,3}}(?:and\s)?{PART}){{0,5}}", re.IGNORECASE)
SPAN_PART = re.compile(PART, re.IGNORECASE)


def duration_s(text: str) -> float | None:
    """Seconds in "2m59.56s", "12ms", "1 hour 3 minutes" or a bare number of seconds; None for anything else."""
    text = text.strip()
    if len(text) <= LONGEST_TEXT and SPAN.fullmatch(text):
        return sum(float(number) * _unit_s(unit) for number, unit in SPAN_PART.findall(text))
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def moment_s(text: str) -> float | None:
    """The epoch of an ISO or HTTP date; one without a zone is read as UTC."""
    text = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", text.strip()) if len(text) <= LONGEST_TEXT else ""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def wait_s(value: object, now: float) -> float | None:
    """How long ``value`` asks to wait from ``now`` on: a number, a duration or a moment.

    None for what cannot be read, is below zero, lies in the past or is further away than any real wait.
    """
    seconds = _number(value)
    if seconds is None:
        moment = moment_s(value) if isinstance(value, str) else None
        return None if moment is None else bounded_s(moment - now)
    if seconds > EPOCH_S:
        seconds = (seconds / 1000 if seconds > EPOCH_MS else seconds) - now
    return bounded_s(seconds)


def bounded_s(seconds: float) -> float | None:
    return seconds if 0 <= seconds <= LONGEST_S else None


def _number(value: object) -> float | None:
    if isinstance(value, str):
        return duration_s(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < EPOCH_MS * 1000 else None


def _unit_s(unit: str) -> float:
    unit = unit.lower()
    return UNIT_S["ms" if unit.startswith(("ms", "mil")) else unit[0]]
