"""Reading what vendors' headers say about limits, in every spelling seen so far."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from providers.llm.refusals.durations import duration_s, wait_s
from providers.llm.types import RateLimitFacts

WINDOW_S = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0, "week": 604_800.0, "month": 2_592_000.0}
MOST_REMAINING = 1e15
LONGEST_HEADER = 500

# OpenAI and Groq: x-ratelimit-remaining-tokens. Cerebras: x-ratelimit-remaining-tokens-minute. Mistral:
# x-ratelimit-remaining-req-minute, ratelimitbysize-remaining (tokens). Anthropic: anthropic-ratelimit-tokens-remaining.
# Together: x-tokenlimit-remaining. Others: x-ratelimit-remaining, ratelimit-remaining (requests).
UNITS = r"requests?|req|(?:input-|output-)?tokens?"
LIMIT_HEADER = re.compile(
    rf"(?:x-|anthropic-)?(?:ratelimit(?P<by_size>bysize)?|(?P<tokens>tokenlimit))(?:-(?P<before>{UNITS}))?"
    rf"-(?P<fact>remaining|reset)(?:-(?P<unit>{UNITS}))?(?:-(?P<window>second|minute|hour|day|week|month))?",
    re.IGNORECASE,
)
# The IETF's draft: RateLimit: "day";r=0;t=3600, before that RateLimit: limit=100, remaining=0, reset=30.
IETF_FACT = re.compile(r'(?:"(?P<name>[^"]{0,40})"|\b(?P<key>r|t|remaining|reset)=(?P<value>\d{1,12}))')
IETF_POLICY = re.compile(r'"([^"]{0,40})"[^,"]{0,80}?;\s?w=(\d{1,9})')


@dataclass(slots=True)
class _Window:
    """One limit of a vendor: what is left of it, and when it is whole again."""

    remaining: int | None = None
    reset_s: float | None = None


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers by their names in lower case, as far as they are text and of a sane length."""
    return {
        name.lower(): value
        for name, value in headers.items()
        if isinstance(value, str) and len(value) <= LONGEST_HEADER
    }


def retry_after_s(headers: Mapping[str, str], now: float) -> float | None:
    """How long the vendor asks to wait: retry-after-ms, else Retry-After in any of the forms that `wait_s` reads."""
    values = lowered(headers)
    milliseconds = duration_s(values.get("retry-after-ms", ""))
    if milliseconds is not None and (wait := wait_s(milliseconds / 1000, now)) is not None:
        return wait
    return wait_s(values.get("retry-after", ""), now)


def limit_facts(headers: Mapping[str, str], now: float) -> RateLimitFacts | None:
    """The tightest of the vendor's request limits and of its token limits; None where it sent nothing."""
    windows = _windows(headers, now)
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


def exhausted_window_s(headers: Mapping[str, str], now: float) -> float | None:
    """The length of the longest window of which nothing is left, where the headers name it."""
    policies = {
        name: float(length) for name, length in IETF_POLICY.findall(lowered(headers).get("ratelimit-policy", ""))
    }
    lengths = (
        WINDOW_S.get(window) or policies.get(window)
        for (_, window), entry in _windows(headers, now).items()
        if entry.remaining == 0
    )
    return max(filter(None, lengths), default=None)


def _windows(headers: Mapping[str, str], now: float) -> dict[tuple[str, str], _Window]:
    windows: dict[tuple[str, str], _Window] = {}
    for unit, window, fact, value in _limit_headers(lowered(headers), now):
        entry = windows.setdefault((unit, window), _Window())
        if fact == "remaining":
            entry.remaining = int(value)
        else:
            entry.reset_s = value
    return windows


def _limit_headers(headers: Mapping[str, str], now: float) -> Iterator[tuple[str, str, str, float]]:
    for name, text in headers.items():
        if name == "ratelimit":
            yield from _ietf(text)
            continue
        match = LIMIT_HEADER.fullmatch(name)
        if match is None:
            continue
        unit = match["unit"] or match["before"] or ""
        is_tokens = match["by_size"] or match["tokens"] or "token" in unit
        fact = match["fact"]
        value = wait_s(text, now) if fact == "reset" else duration_s(text)
        if value is not None and value <= MOST_REMAINING:
            yield "tokens" if is_tokens else "requests", match["window"] or "", fact, value


def _ietf(text: str) -> Iterator[tuple[str, str, str, float]]:
    name = ""
    for match in IETF_FACT.finditer(text):
        if match["key"] is None:
            name = match["name"].lower()
        else:
            yield (
                "requests",
                name,
                "remaining" if match["key"].startswith("rem") or match["key"] == "r" else "reset",
                float(match["value"]),
            )


def _tightest(windows: Mapping[tuple[str, str], _Window], unit: str) -> _Window:
    """The window with the least left; of several that are used up, the one that stays so for the longest."""
    known = [window for (kind, _), window in windows.items() if kind == unit]
    return min(known, key=_room, default=_Window())


def _room(window: _Window) -> tuple[float, float]:
    remaining = float("inf") if window.remaining is None else float(window.remaining)
    return remaining, -(window.reset_s or 0.0) if remaining == 0 else 0.0
