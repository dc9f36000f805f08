"""The limits that a refusal names: which unit, over which window, how much."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from providers.llm.headers import limit_facts, sane_limit
from providers.llm.refusals.envelope import MOST_FIELDS, Refusal, nodes, snake
from providers.llm.refusals.windows import CODE_WINDOW, NAMES_S, QUOTA_AMOUNTS, QUOTA_NAMES
from providers.llm.refusals.words import own_words
from providers.llm.types import Counted, LimitFact

AMOUNT = r"(?P<amount>\d{1,3}(?:,\d{3})+|\d{1,12})(?![.,]?\d)"
UNIT = r"(?P<unit>(?:input |output )?tokens?|(?:API )?(?:calls|requests?))"
WINDOW = r"(?P<window>second|minute|min|hour|day|week|month)\b"
PHRASES = tuple(
    re.compile(phrase, re.IGNORECASE)
    for phrase in (
        # OpenAI and Groq: on tokens per day (TPD): Limit 200000, Used 199900, Requested 1500.
        rf"\bon {UNIT} per {WINDOW} \(\w{{2,6}}\): Limit {AMOUNT}",
        # Anthropic: the rate limit for your organization (x) of 30,000 input tokens per minute.
        # Cohere: limited to 40 API calls / minute; limit is 100000 tokens per minute.
        rf"\blimit(?:ed)?\b[^.\d]{{0,80}}?(?:\([^)]{{0,60}}\)[^.\d]{{0,20}}?)?\b{AMOUNT} {UNIT}\s?(?:per|/)\s?{WINDOW}",
        # Moonshot: project TPM rate limit, current: 1410, limit: 100; organization max RPM: 3.
        rf"\b(?P<short>[RT]P[MHD]) rate limit, current: \d{{1,12}}, limit: {AMOUNT}",
        rf"\bmax (?P<short>[RT]P[MHD]): {AMOUNT}",
    )
)


def named_limits(refusal: Refusal, window_s: float | None, now: float) -> tuple[LimitFact, ...]:
    """Each once. ``window_s``: the window that is full, as far as it is known."""
    told = (*_of_quotas(refusal), *_of_headers(refusal, window_s, now), *_of_words(own_words(refusal.words)))
    return tuple(dict.fromkeys(told))


def _of_quotas(refusal: Refusal) -> Iterator[LimitFact]:
    """Google's: quotaId and quotaValue stand side by side."""
    for _, node in nodes(refusal):
        if not isinstance(node, Mapping):
            continue
        fields = {snake(name): value for name, value in islice(node.items(), MOST_FIELDS)}
        names = [snake(fields[name]) for name in sorted(QUOTA_NAMES) if isinstance(fields.get(name), str)]
        amount = next((str(fields[name]) for name in sorted(QUOTA_AMOUNTS) if name in fields), "")
        windows = [match for name in names if (match := CODE_WINDOW.search(name))]
        if names and windows and amount.isascii() and amount.isdigit():
            yield from _told(_unit(" ".join(names)), NAMES_S[next(filter(None, windows[0].groups()))], amount)


def _of_headers(refusal: Refusal, window_s: float | None, now: float) -> Iterator[LimitFact]:
    """OpenRouter repeats its headers in the body, and names the window in its words."""
    for name, node in nodes(refusal):
        if name == "headers" and isinstance(node, Mapping):
            for fact in limit_facts(node, now):
                yield from _told(fact.unit, fact.window_s or window_s, str(fact.limit or 0))


def _of_words(words: str) -> Iterator[LimitFact]:
    for phrase in PHRASES:
        for match in phrase.finditer(words):
            groups = match.groupdict()
            short = (groups.get("short") or "").lower()
            unit = ("requests" if short[0] == "r" else "tokens") if short else groups["unit"].lower()
            yield from _told(_unit(unit), NAMES_S[short[2] if short else groups["window"].lower()], match["amount"])


def _unit(text: str) -> Counted | None:
    if "token" not in text:
        return "requests" if "request" in text or "call" in text else None
    if "input" in text:
        return "input"
    return "output" if "output" in text else "tokens"


def _told(unit: Counted | None, window_s: float | None, amount: str) -> Iterator[LimitFact]:
    limit = sane_limit(int(amount.replace(",", "")[:12]))
    if unit and window_s and limit:
        yield LimitFact(unit, int(window_s), limit, told_by="body")
