"""Which window is full: a minute's, a day's, a month's. Names of quotas and codes first, words last."""

import re
from collections.abc import Iterable, Iterator

from providers.llm.headers import WINDOW_S, exhausted_window_s
from providers.llm.refusals.codes import DAILY_NUMBERS
from providers.llm.refusals.envelope import Refusal, nodes, snake
from providers.llm.refusals.words import LONGEST_READ, NONE_OF_IT, own_words
from providers.llm.types import LimitFact

QUOTA_NAMES = frozenset({"quota_id", "quota_metric", "quota_limit"})
QUOTA_AMOUNTS = frozenset({"quota_value", "quota_limit_value"})
CODE_WINDOW = re.compile(
    r"(?:^|_)(?:(second|minute|hour|day|week|month)|(hourly|daily|weekly|monthly)|[rt]p([mhd]))(?=_|$)"
)
WORD_WINDOW = re.compile(
    r"(?:\bper[- ]|/ ?)(second|minute|min|hour|day|week|month)\b|\b(hourly|daily|weekly|monthly)\b|\b[RT]P([MHD])\b"
    r"|\b(?:per|every|reached for) (\d{1,7}) ?(s|seconds?|minutes?|hours?|days?)\b"
    r"|\b(\d{1,3})[- ](hours?|days?|weeks?) (?:usage |rate )?(?:limit|window|quota)",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://\S+")
NAMES_S = {
    **WINDOW_S,
    **dict.fromkeys(("min", "m"), WINDOW_S["minute"]),
    **dict.fromkeys(("hourly", "h"), WINDOW_S["hour"]),
    **dict.fromkeys(("daily", "d"), WINDOW_S["day"]),
    "weekly": WINDOW_S["week"],
    "monthly": WINDOW_S["month"],
}


def full_window_s(refusal: Refusal, limits: Iterable[LimitFact]) -> float | None:
    """The window of the limit that is full; None where the vendor names none. ``limits`` are those of the headers.

    All quotas that Google lists are full, so the longest counts. Of the words the shortest counts: a minute's limit is
    often told beside the day's that still has room.
    """
    if DAILY_NUMBERS & set(refusal.codes):
        return WINDOW_S["day"]
    named = [*_of_names(quota_names(refusal))] or [*_of_names(refusal.codes)]
    if named:
        return max(named)
    window_s = exhausted_window_s(limits)
    return min(_of_words(refusal.words), default=None) if window_s is None else window_s


def quota_names(refusal: Refusal) -> list[str]:
    """Google's names of the quotas that are full, in snake_case."""
    return [snake(value) for name, value in nodes(refusal) if name in QUOTA_NAMES and isinstance(value, str)]


def has_none(refusal: Refusal) -> bool:
    """Whether the plan's quota of this model is none at all."""
    amounts = (value for name, value in nodes(refusal) if name in QUOTA_AMOUNTS)
    return any(amount in ("0", 0) for amount in amounts) or bool(NONE_OF_IT.search(own_words(refusal.words)))


def names_google_day(refusal: Refusal) -> bool:
    """Whether a day's quota of Google's is full: its days end at a fixed time."""
    in_words = "googleapis.com/" in refusal.words and "per_day" in refusal.words
    return in_words or any("per_day" in name for name in quota_names(refusal))


def _of_names(names: Iterable[str]) -> Iterator[float]:
    for name in names:
        for match in CODE_WINDOW.finditer(name):
            yield NAMES_S[match[1] or match[2] or match[3]]


def _of_words(words: str) -> Iterator[float]:
    for match in WORD_WINDOW.finditer(LINK.sub("", words[:LONGEST_READ])):
        name = next(filter(None, match.group(1, 2, 3)), None)
        if name is not None:
            yield NAMES_S[name.lower()]
        else:
            number, unit = match.group(4, 5) if match[4] else match.group(6, 7)
            unit = unit.lower()
            yield int(number) * (1.0 if unit == "s" else WINDOW_S[unit.rstrip("s")])
