"""Reading what vendors' headers say about limits, in every spelling seen so far."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from providers.llm.policies import Policy, policies
from providers.llm.refusals.durations import duration_s, wait_s
from providers.llm.types import Counted, LimitFact

WINDOW_S = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_678_400}
MOST_REMAINING = 1e15
MOST = 2**31 - 1  # a limit above this stands for none
LONGEST_HEADER = 500

# OpenAI and Groq: x-ratelimit-remaining-tokens. Cerebras: x-ratelimit-remaining-tokens-minute. Mistral:
# x-ratelimit-remaining-req-minute, ratelimitbysize-remaining (tokens). Anthropic: anthropic-ratelimit-tokens-remaining.
# Together: x-tokenlimit-remaining. Others: x-ratelimit-remaining, ratelimit-remaining (requests).
UNITS = r"requests?|req|(?:input-|output-)?tokens?"
LIMIT_HEADER = re.compile(
    rf"(?P<vendor>x-|anthropic-)?(?:ratelimit(?P<by_size>bysize)?|(?P<tokens>tokenlimit))(?:-(?P<before>{UNITS}))?"
    rf"-(?P<fact>limit|remaining|reset)(?:-(?P<unit>{UNITS}))?(?:-(?P<window>second|minute|hour|day|week|month))?",
    re.IGNORECASE,
)
LIMIT = re.compile(r"(\d{1,12})(?:\.0+)?(?:\s?,.*)?")
# The IETF's draft: RateLimit: "day";r=0;t=3600, before that RateLimit: limit=100, remaining=0, reset=30.
IETF_FACT = re.compile(r'(?:"(?P<name>[^"]{0,40})"|\b(?P<key>r|t|limit|remaining|reset)=(?P<value>\d{1,12}))')
IETF_KEYS = {"r": "remaining", "t": "reset"}
# Windows that the names leave out, where the vendor documents them: https://console.groq.com/docs/rate-limits
# and https://docs.claude.com/en/api/rate-limits.
DOCUMENTED: Mapping[str, Mapping[Counted, str]] = {
    "api.groq.com": {"requests": "day", "tokens": "minute", "input": "minute", "output": "minute"},
}
ANTHROPIC = "minute"


@dataclass(slots=True)
class _Window:
    """One limit of a vendor, as far as headers have told it. ``name`` is that of its window or of its policy."""

    unit: Counted
    name: str
    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None

    def take(self, fact: str, value: float) -> None:
        if fact == "reset":
            self.reset_s = value
        elif fact == "remaining":
            self.remaining = int(value)
        else:
            self.limit = int(value)


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


def limit_facts(headers: Mapping[str, str], now: float, host: str = "") -> tuple[LimitFact, ...]:
    """What the headers say of each limit. ``host`` is whose they are: some vendors only document their windows."""
    values = lowered(headers)
    windows: dict[tuple[Counted, str], _Window] = {}
    for unit, name, fact, value in _limit_headers(values, now, DOCUMENTED.get(host.lower(), {})):
        windows.setdefault((unit, name), _Window(unit, name)).take(fact, value)
    promised = policies(values)
    told = [_fact(window, promised) for window in windows.values()]
    known = {(fact.unit, fact.window_s) for fact in told if fact.limit is not None}
    others = [policy for policy in promised if (policy.unit, policy.window_s) not in known and sane_limit(policy.quota)]
    return (*told, *(LimitFact(policy.unit, policy.window_s, policy.quota) for policy in others))


def exhausted_s(limits: Iterable[LimitFact]) -> float | None:
    """Until when there is nothing left, where the vendor said so without a Retry-After."""
    waits = [fact.reset_s for fact in limits if fact.remaining == 0 and fact.reset_s is not None]
    return max(waits, default=None)


def exhausted_window_s(limits: Iterable[LimitFact]) -> float | None:
    """The length of the longest window of which nothing is left, where the headers name it."""
    lengths = (fact.window_s for fact in limits if fact.remaining == 0)
    return max(filter(None, lengths), default=None)


def sane_limit(limit: int | None, remaining: int | None = None) -> int | None:
    """None for what no limit is: nothing at all, without end, or less than what is left of it."""
    return limit if limit is not None and max(1, remaining or 0) <= limit <= MOST else None


def _fact(window: _Window, promised: Iterable[Policy]) -> LimitFact:
    policy = None if window.name in WINDOW_S else _policy_of(window, promised)
    unit = policy.unit if policy else window.unit
    window_s = policy.window_s if policy else WINDOW_S.get(window.name)
    limit = window.limit if window.limit is not None or policy is None else policy.quota
    return LimitFact(unit, window_s, sane_limit(limit, window.remaining), window.remaining, window.reset_s)


def _policy_of(window: _Window, promised: Iterable[Policy]) -> Policy | None:
    """By its name; without one, the only policy of such a limit."""
    if window.name:
        return next((policy for policy in promised if policy.name == window.name), None)
    fitting = [policy for policy in promised if policy.unit == window.unit and window.limit in (None, policy.quota)]
    return fitting[0] if len(fitting) == 1 else None


def _limit_headers(
    headers: Mapping[str, str], now: float, documented: Mapping[Counted, str]
) -> Iterator[tuple[Counted, str, str, float]]:
    for name, text in headers.items():
        if name == "ratelimit":
            yield from _ietf(text)
            continue
        match = LIMIT_HEADER.fullmatch(name)
        if match is None:
            continue
        unit, fact = _unit(match), match["fact"]
        usual = ANTHROPIC if match["vendor"] == "anthropic-" else documented.get(unit, "")
        value = _value(fact, text, now)
        if value is not None and value <= MOST_REMAINING:
            yield unit, match["window"] or usual, fact, value


def _value(fact: str, text: str, now: float) -> float | None:
    if fact == "reset":
        return wait_s(text, now)
    if fact == "remaining":
        return duration_s(text)
    match = LIMIT.fullmatch(text.strip())
    return float(match[1]) if match else None


def _unit(match: re.Match[str]) -> Counted:
    unit = match["unit"] or match["before"] or ""
    if unit.startswith("input"):
        return "input"
    if unit.startswith("output"):
        return "output"
    return "tokens" if match["by_size"] or match["tokens"] or "token" in unit else "requests"


def _ietf(text: str) -> Iterator[tuple[Counted, str, str, float]]:
    name = ""
    for match in IETF_FACT.finditer(text):
        if match["key"] is None:
            name = match["name"].lower()
        else:
            yield "requests", name, IETF_KEYS.get(match["key"], match["key"]), float(match["value"])
