"""From status, codes and words to one ErrorKind.

Codes first, then statuses, words last. What suspends a whole account is taken only from sure signs: a kind of that sort
that speaks of a server behind the vendor's is that route's failure alone.
"""

import re
from collections.abc import Mapping

from providers.llm.errors import ErrorKind
from providers.llm.refusals.codes import kind_of_codes, named_status
from providers.llm.refusals.envelope import Refusal, snake
from providers.llm.refusals.parameters import refused_parameter
from providers.llm.refusals.windows import has_none
from providers.llm.refusals.words import Under, kind_despite_codes, kind_of_words

OK = 200
DECISIVE = {
    408: ErrorKind.TIMEOUT,
    413: ErrorKind.CONTEXT_LENGTH,  # Groq's code under it is rate_limit_exceeded, yet waiting would not help
}
STATUSES = {
    401: ErrorKind.AUTH,
    402: ErrorKind.BILLING,
    403: ErrorKind.FORBIDDEN,
    404: ErrorKind.NOT_FOUND,
    405: ErrorKind.NOT_FOUND,  # the address answers, but not to a POST: it is another one
    409: ErrorKind.SERVER,
    410: ErrorKind.NOT_FOUND,
    421: ErrorKind.SERVER,
    423: ErrorKind.SERVER,
    424: ErrorKind.SERVER,  # TGI: the generation failed
    425: ErrorKind.SERVER,
    426: ErrorKind.SERVER,
    429: ErrorKind.RATE_LIMITED,
    431: ErrorKind.BAD_REQUEST,
    451: ErrorKind.CONTENT_REFUSED,  # StepFun's censor; regions are told by words
    460: ErrorKind.SERVER,
    498: ErrorKind.RATE_LIMITED,  # Groq: flex capacity exceeded
    499: ErrorKind.SERVER,  # nginx: the connection to the server behind was closed
}
VAGUE = frozenset({OK, 400, 412, 422})
SAY_MORE_THAN_403 = frozenset({401, 402, 404, 429})
UNDER = {403: Under.FORBIDDEN, 429: Under.LIMITED}
# A page under these is the vendor's own word; under others a proxy's, a firewall's or somebody else's.
PAGES_COUNT = frozenset({401, 402, 404, 405, 407, 408, 410, 413, 429, 431})
ACCOUNT = frozenset({ErrorKind.AUTH, ErrorKind.BILLING, ErrorKind.FORBIDDEN})
CLEAR = ACCOUNT | {ErrorKind.CONTEXT_LENGTH, ErrorKind.CONTENT_REFUSED}  # a field named beside them is not the trouble
CHALLENGE = re.compile(
    r"Just a moment\.\.\.|challenge-platform|cf-chl-|Attention Required! \| Cloudflare", re.IGNORECASE
)
LONGEST_PAGE = 4000


def kind_of_refusal(status: int, refusal: Refusal, headers: Mapping[str, str]) -> ErrorKind:
    if is_challenge(headers, refusal) or status < OK or 300 <= status < 400:
        return ErrorKind.SERVER
    if refusal.is_page and status not in PAGES_COUNT:
        return ErrorKind.SERVER
    kind = DECISIVE.get(status) or _kind(status, refusal)
    return ErrorKind.SERVER if kind in ACCOUNT and refusal.is_relayed else kind


def is_challenge(headers: Mapping[str, str], refusal: Refusal) -> bool:
    """Cloudflare's page that only a browser gets past."""
    named = any(name.lower() == "cf-mitigated" for name in headers)
    return named or (refusal.is_page and bool(CHALLENGE.search(str(refusal.body)[:LONGEST_PAGE])))


def _kind(status: int, refusal: Refusal) -> ErrorKind:
    said = _status(status, refusal)
    kind = (kind_despite_codes(refusal.words) if said == 429 else None) or kind_of_codes(refusal.codes)
    if kind is None:
        kind = DECISIVE.get(said) or _by_words(said, refusal) or STATUSES.get(said)
    if kind is None:
        kind = ErrorKind.SERVER if said == OK or said >= 500 else ErrorKind.BAD_REQUEST
    return ErrorKind.NOT_FOUND if kind is ErrorKind.RATE_LIMITED and has_none(refusal) else kind


def _status(status: int, refusal: Refusal) -> int:
    """What the body names as the status, where the real one says less: 200, 400, 403, and 5xx about what is no 5xx."""
    named = [*refusal.statuses, *filter(None, [named_status([*refusal.codes, snake(refusal.words)])])]
    if status in VAGUE:
        return next((other for other in named if other not in VAGUE), 400 if status == OK and named else status)
    said_more = SAY_MORE_THAN_403 if status == 403 else STATUSES if status >= 500 else ()
    return next((other for other in named if other in said_more), status)


def _by_words(status: int, refusal: Refusal) -> ErrorKind | None:
    if status in STATUSES and status not in (403, 429, 451):
        return None
    under = Under.FAILED if status >= 500 else UNDER.get(status, Under.VAGUE)
    kind = kind_of_words(refusal.words, under)
    if under is Under.VAGUE and status != OK and kind not in CLEAR and refused_parameter(refusal):
        return ErrorKind.BAD_REQUEST
    return kind
