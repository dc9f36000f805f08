"""What vendors' words mean, where no code says it. Read last, bounded, and only in their own sentences.

A refusal may repeat the prompt, and legal prompts speak of billing, insufficient funds and limits. So what stands in
quotation marks is left out when it is a sentence, only the beginning is read, and the kinds that would suspend a whole
account are told by whole phrases.
"""

import re
from enum import Flag, auto

from providers.llm.errors import ErrorKind

LONGEST_READ = 700
QUOTATIONS = tuple(
    re.compile(rf"(?<!\w){opening}[^{closing}]*{closing}(?!\w)")
    for opening, closing in (('"', '"'), ("'", "'"), ("`", "`"), ("\u201c", "\u201d"))
)
ECHO = re.compile(r"\b(?:input_value|input|prompt|got|received)\s?=\s?.*", re.DOTALL)
WRITTEN_OUT = re.compile(r"[\"'](?:error|message|detail)[\"']:\s?[\"']")  # Python's way of printing an error
FEWEST_WORDS = 4  # what is shorter names a model or a field


class Under(Flag):
    """The statuses under which words are read: a clear status needs none."""

    VAGUE = auto()  # 400, 422 and whatever else says nothing
    FORBIDDEN = auto()  # 403
    LIMITED = auto()  # 429
    FAILED = auto()  # 5xx

    REFUSED = VAGUE | FORBIDDEN
    ANY = VAGUE | FORBIDDEN | LIMITED | FAILED


ACCOUNT = r"^(?:your |the )?(?:organization|account)\b[^.]{0,40}\b"
MODEL = r"\bmodel\b.{0,120}\b"
# The first match wins: kinds that speak of one request before those that speak of the account, except for phrases that
# others contain.
WORDS: tuple[tuple[ErrorKind, Under, tuple[str, ...]], ...] = (
    (
        ErrorKind.CONTENT_REFUSED,
        Under.REFUSED,
        (
            r"content violates",
            r"content management policy",
            r"(?:our|the) (?:usage|content|safety) (?:policy|policies|guidelines)",
            r"violat\w+ \w+ (?:usage|content|safety|acceptable)",
            r"inappropriate content",
            r"considered high risk",
            r"content exists risk",
            r"content (?:filter|moderation|policy)",
            r"blocked by (?:our |the )?(?:content|safety|moderation)",
            r"safety (?:filter|system)",
            r"requires moderation",
            r"was flagged",
            r"sensitive (?:content|words?|information)",
            r"prohibited content",
            r"\u654f\u611f",
        ),
    ),
    (
        ErrorKind.AUTH,
        Under.VAGUE,
        (
            r"\bAPI[- ]?key(?: is)? (?:not valid|invalid|incorrect|expired|not found|missing|required)",
            r"\b(?:invalid|incorrect|wrong|expired|missing) (?:API[- ]?key|authentication|credentials)\b",
            r"\b(?:invalid|incorrect|wrong|expired|missing) (?:access |bearer )?token\b",
            r"(?:missing or invalid|invalid|missing|no) authorization header",
            r"multiple authentication credentials",
            r"^authentication (?:error|failed|required)",
            r"^unauthorized\b",
        ),
    ),
    (
        ErrorKind.BILLING,
        Under.ANY,
        (
            r"^insufficient (?:account )?(?:balance|credits?|funds)\b",
            r"\b(?:due to|because of|has|have) insufficient (?:account )?(?:balance|credits?)\b",
            r"credit balance is too low",
            r"account balance is (?:insufficient|too low)",
            r"used all available credits",
            r"(?:run|ran) out of credits",
            r"doesn't have any credits",
            r"exceeded your (?:monthly )?(?:included )?credits",
            r"(?:credit|key) limit exceeded",
            r"billing hard limit",
            r"(?:monthly )?spending limit",
            r"enable billing",
            r"billing (?:is )?(?:not active|not enabled|disabled)",
            r"no payment method",
            r"^payment required",
            r"payment is past due",
            r"account (?:is|has) (?:in arrears|overdue|unpaid)",
            r"budget has been exceeded",
            r"\u4f59\u989d\u4e0d\u8db3",
            r"\u6b20\u8d39",
        ),
    ),
    (
        ErrorKind.FORBIDDEN,
        Under.VAGUE,
        (
            r"location is not supported",
            r"(?:country|region|territory)[^.]{0,30} not supported",
            r"not available in your (?:country|region)",
            ACCOUNT + r"(?:has been|is) (?:restricted|suspended|deactivated|disabled|banned)",
        ),
    ),
    (
        ErrorKind.CONTEXT_LENGTH,
        Under.VAGUE | Under.FAILED,
        (
            r"maximum (?:context|prompt|model|input|sequence) length",
            r"context (?:size|length|window)[^.]{0,40}exceed",
            r"exceed[^.]{0,60}context (?:size|length|window)",
            r"longer than the (?:maximum|model)",
        ),
    ),
    (
        ErrorKind.CONTEXT_LENGTH,
        Under.VAGUE,
        (
            r"max context length",
            r"^too many tokens",
            r"range of input length",
            r"\b(?:tokens|length)\b[^.]{0,60}\b(?:can ?not|must not|may not) exceed",
            r"context (?:length|window)",
            r"(?:prompt|input|request) is too (?:long|large)",
            r"(?:prompt|input) too long",
            r"input token count[^.]{0,60}exceeds",
            r"tokens \+ \W?max_new_tokens",
            r"reduce the length of",
            r"prompt exceeds max",
            r"max(?:imum)? length exceeded",
            r"n_keep\b.{0,20}n_ctx",
            r"context the overflows",
        ),
    ),
    (
        ErrorKind.NOT_FOUND,
        Under.REFUSED,
        (
            r"\binvalid model\b",
            r"not a valid model",
            r"unknown model",
            r"no such model",
            r"no endpoints (?:found|available)",
            MODEL + r"(?:identifier|id|name)\b[^.]{0,20} is (?:invalid|unknown)",
            MODEL + r"does(?: not|n't) exist",
            MODEL + r"(?:has been|is|was) (?:decommissioned|deprecated|retired|removed)",
            MODEL + r"is not (?:supported|available|allowed|enabled|accessible)",
            MODEL + r"(?:not found|no longer|requires terms acceptance)",
            r"access to (?:the |this )?model",
            r"to access model",
            r"unable to access (?:non-serverless )?model",
            r"unexpected endpoint or method",
            r"^invalid url\b",
            r"could not route",
            r"\u6a21\u578b\u4e0d\u5b58\u5728",
        ),
    ),
    (
        ErrorKind.RATE_LIMITED,
        Under.VAGUE | Under.FORBIDDEN | Under.FAILED,
        (
            r"\brate[- ]limit(?:ed)?\b[^.]{0,30}\b(?:exceeded|reached|hit)",
            r"exceeded[^.]{0,40}\brate limit",
            r"too many requests",
            r"quota exceeded",
            r"request limit reached",
            r"usage limit",
        ),
    ),
    (
        ErrorKind.SERVER,
        Under.VAGUE,
        (
            r"\bDEGRADED function",
            r"\boverloaded\b",
            r"temporarily unavailable",
            r"upstream (?:error|service|request|connect)",
            r"(?:is currently|still) loading",
        ),
    ),
)
NONE_OF_IT = re.compile(r"\blimit:? ?0\b(?![.\d])", re.IGNORECASE)  # Google: the plan has none of this model
# Words under a 429 that say more than the code beside them.
MORE_THAN_CODES = (
    (ErrorKind.RATE_LIMITED, "error-code#token-limit"),  # Alibaba, whose code is insufficient_quota
    (ErrorKind.CONTEXT_LENGTH, "Request too large"),  # OpenAI: more than a minute's limit, which no waiting changes
)
_COMPILED = tuple((kind, under, re.compile("|".join(patterns), re.IGNORECASE)) for kind, under, patterns in WORDS)


def kind_of_words(words: str, under: Under) -> ErrorKind | None:
    own = own_words(words)
    return next((kind for kind, where, pattern in _COMPILED if under & where and pattern.search(own)), None)


def kind_despite_codes(words: str) -> ErrorKind | None:
    return next((kind for kind, phrase in MORE_THAN_CODES if phrase in words[:LONGEST_READ]), None)


def own_words(words: str) -> str:
    """The beginning of the words, without sentences that are quoted: those are the prompt's."""
    words = WRITTEN_OUT.sub(" ", ECHO.sub("", words))
    for quotation in QUOTATIONS:
        words = quotation.sub(_unless_sentence, words)
    return words[:LONGEST_READ]


def _unless_sentence(match: re.Match[str]) -> str:
    return "" if len(match[0].split()) >= FEWEST_WORDS else match[0]
