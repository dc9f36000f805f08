"""Why a model stopped, from the word that its vendor has for it."""

import re
from enum import StrEnum


class Ending(StrEnum):
    DONE = "done"
    CUT_OFF = "cut_off"
    WITHHELD = "withheld"
    BROKEN = "broken"


# First match wins, in the word's own spelling or MAX_TOKENS, max-tokens, maxTokens alike.
PATTERNS = (
    (
        Ending.WITHHELD,
        r"filter|safety|recitation|prohibited|block|refus|spii|moderat|guardrail|sensitive|violat|policy|harm|censor",
    ),
    (Ending.CUT_OFF, r"length|max.*tokens?\b|tokens?limit|tokens?exceeded|incomplete|contextwindow|truncat|budget"),
    (Ending.BROKEN, r"error|fail|overload|abort|cancel|timeout|timedout|insufficient|unavailable|interrupt|shutdown"),
)
_PATTERNS = tuple((ending, re.compile(pattern)) for ending, pattern in PATTERNS)


def ending_of(finish_reason: str) -> Ending:
    """What a finish_reason says; one that nobody knows (stop, eos, tool_calls, ...) is a good end."""
    word = re.sub(r"[^a-z]", "", finish_reason[:100].lower())
    return next((ending for ending, pattern in _PATTERNS if pattern.search(word)), Ending.DONE)
