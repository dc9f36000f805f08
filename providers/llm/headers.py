"""Reading what vendors say about limits: Retry-After and the x-ratelimit headers, in every spelling seen so far."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from providers.llm.types import RateLimitFacts

UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
EPOCH_S = 1e9  # a "reset" above this is a point in time, not a duration
EPOCH_MS = 1e12

# OpenAI and Groq: x-ratelimit-remaining-tokens. Cerebras: x-ratelimit-remaining-tokens-minute.
# Mistral: x-ratelimit-remaining-req-minute, ratelimitbysize-remaining (tokens). Others: x-ratelimit-remaining
# (requests).
LIMIT_HEADER = re.compile(
    r"(?:x-)?ratelimit(?P<by_size>bysize)?-(?P<fact>remaining|reset)"
    r"(?:-(?P<unit>requests?|req|tokens?))?(?:-(?P<window>minute|hour|day|month))?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Window:
    """One limit of a vendor: what is left of it, and when it is whole again."""

    remaining: int | None = None
    reset_s: float | None = None


def duration_s(text: str) -> float | None:
    """Seconds in "2m59.56s", "12ms", "33s" or a bare number of seconds; None for anything else."""
    text = text.strip()
    if DURATION.fullmatch(text):
        return sum(float(number) * UNIT_S[unit] for number, unit in DURATION_PART.findall(text))
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """How long the vendor asks to wait: retry-after-ms, else Retry-After in seconds or as an HTTP date."""
    lowered = {name.lower(): value for name, value in headers.items()}
    if (milliseconds := duration_s(lowered.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    text = lowered.get("retry-after", "")
    if (seconds := duration_s(text)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)


def retry_delay_s(body: Any) -> float | None:
    """Google's RetryInfo, ``{"retryDelay": "33s"}``, wherever it stands in the error's details."""
    if isinstance(body, Mapping):
        delay = body.get("retryDelay")
        if isinstance(delay, str):
            return duration_s(delay)
    if not isinstance(body, Mapping | list):
        return None
    parts = body.values() if isinstance(body, Mapping) else body
    return next((delay for part in parts if (delay := retry_delay_s(part)) is not None), None)


def limit_facts(headers: Mapping[str, str], now: float) -> RateLimitFacts | None:
    """The tightest of the vendor's request limits and of its token limits; None where it sent nothing."""
    windows: dict[tuple[str, str], _Window] = {}
    for unit, window, fact, value in _limit_headers(headers, now):
        entry = windows.setdefault((unit, window), _Window())
        if fact == "remaining":
            entry.remaining = int(value)
        else:
            entry.reset_s = value
    if not windows:
        return None
    requests, tokens = (_tightest(windows, unit) for unit in ("requests", "tokens"))
    return RateLimitFacts(requests.remaining, tokens.remaining, requests.reset_s, tokens.reset_s)


def exhausted_s(limits: RateLimitFacts | None) -> float | None:
    """Until when there is nothing left, where the vendor said so without a Retry-After."""
    if limits is None:
        return None
    waits = [
        reset_s
        for remaining, reset_s in (
            (limits.remaining_requests, limits.reset_requests_s),
            (limits.remaining_tokens, limits.reset_tokens_s),
        )
        if remaining == 0 and reset_s is not None
    ]
    return max(waits, default=None)


def _limit_headers(headers: Mapping[str, str], now: float) -> Iterator[tuple[str, str, str, float]]:
    for name, text in headers.items():
        match = LIMIT_HEADER.fullmatch(name)
        value = duration_s(text) if match else None
        if match is None or value is None:
            continue
        is_tokens = match["by_size"] or (match["unit"] or "").lower().startswith("token")
        fact = match["fact"].lower()
        if fact == "reset" and value > EPOCH_S:
            value = max(0.0, (value / 1000 if value > EPOCH_MS else value) - now)
        yield "tokens" if is_tokens else "requests", (match["window"] or "").lower(), fact, value


def _tightest(windows: Mapping[tuple[str, str], _Window], unit: str) -> _Window:
    known = [window for (kind, _), window in windows.items() if kind == unit]
    return min(
        known, key=lambda window: float("inf") if window.remaining is None else window.remaining, default=_Window()
    )
