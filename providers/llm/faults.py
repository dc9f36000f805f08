"""From a vendor's refusal to the facts of one Fault: under an error as under status 200, in any envelope."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from providers.llm.errors import ErrorKind, Fault, NotFound
from providers.llm.headers import limit_facts, retry_after_s
from providers.llm.refusals.envelope import Refusal, broken_off, first_choice, parsed, refusal_in
from providers.llm.refusals.kinds import is_challenge, kind_of_refusal
from providers.llm.refusals.limits import named_limits
from providers.llm.refusals.parameters import refused_parameter
from providers.llm.refusals.waits import asked_wait_s
from providers.llm.refusals.windows import full_window_s, has_none
from providers.llm.scrubbing import scrub

WAITED_FOR = (ErrorKind.RATE_LIMITED, ErrorKind.SERVER, ErrorKind.TIMEOUT)
LIMITED = (ErrorKind.RATE_LIMITED, ErrorKind.CONTEXT_LENGTH)  # the latter: more than a minute's limit in one request
LONGEST_BEFORE_HINT = 200
PAGE = "The server answered with an HTML page."
CHALLENGE = "A challenge page for browsers came in place of an answer: the vendor's firewall asks for a person."
UNREADABLE = "The server answered with something other than JSON."
ADDRESS_WORDS = re.compile(
    r"unexpected endpoint or method|^invalid url\b|could not route|^not found$|page not found", re.IGNORECASE
)
ERROR_FIELDS = ("error", "errors", "error_code", "detail")
FAILURES = frozenset({"error", "failure", "failed", "fail"})


def fault_of(
    status: int, headers: Mapping[str, str], content: str, *, now: float, secrets: Sequence[str] = (), host: str = ""
) -> Fault:
    """The facts of a refusal by ``host``. ``now`` is epoch seconds; ``secrets`` that the vendor echoes leave the
    detail."""
    return _fault(status, headers, refusal_in(parsed(content)), now=now, secrets=secrets, host=host)


def fault_in_answer(
    payload: Any, headers: Mapping[str, str], *, now: float, secrets: Sequence[str] = (), host: str = ""
) -> Fault | None:
    """A refusal that came with status 200: no JSON object, or an error in place of an answer. None for an answer."""
    refusal = refusal_in(payload)
    if not isinstance(payload, Mapping) and not refusal.layers:
        detail = CHALLENGE if is_challenge(headers, refusal) else UNREADABLE
        return Fault(ErrorKind.SERVER, status=200, detail=detail)
    if any(_is_error(layer.fields) for layer in refusal.layers if not layer.via):
        return _fault(200, headers, refusal, now=now, secrets=secrets, host=host)
    return None if isinstance(payload, Mapping) else Fault(ErrorKind.SERVER, status=200, detail=UNREADABLE)


def _fault(
    status: int, headers: Mapping[str, str], refusal: Refusal, *, now: float, secrets: Sequence[str], host: str
) -> Fault:
    kind = kind_of_refusal(status, refusal, headers)
    is_limit = kind is ErrorKind.RATE_LIMITED
    limits = limit_facts(headers, now, host)
    window_s = full_window_s(refusal, limits) if is_limit else None
    wait_s = retry_after_s(headers, now)
    if kind in WAITED_FOR:
        wait_s = asked_wait_s(refusal, headers, now, limits=limits, window_s=window_s, is_limit=is_limit)
    if kind in LIMITED and not refusal.is_relayed:  # else it tells of another account's limits
        limits = (*limits, *named_limits(refusal, window_s, now))
    not_found = _not_found(status, refusal) if kind is ErrorKind.NOT_FOUND else None
    return Fault(
        kind,
        status,
        wait_s,
        limits,
        scrub(_message(status, not_found, refusal, headers), secrets),
        limit_window_s=window_s,
        parameter=refused_parameter(refusal) if kind is ErrorKind.BAD_REQUEST else "",
        not_found=not_found,
    )


def _not_found(status: int, refusal: Refusal) -> NotFound | None:
    if has_none(refusal):
        return NotFound.QUOTA
    is_address = status == 405 or refusal.is_page or bool(ADDRESS_WORDS.search(refusal.words)) or not refusal.words
    return NotFound.ADDRESS if is_address else None


def _is_error(fields: Mapping[str, Any]) -> bool:
    """Whether a body under status 200 tells of a failure. An answer with words in it is an answer all the same."""
    choice = first_choice(fields)
    if choice.get("error") or broken_off(fields):
        return True
    if _is_answered(choice):
        return False
    feedback, base = fields.get("promptFeedback"), fields.get("base_resp")
    return (
        any(fields.get(name) for name in ERROR_FIELDS)
        or fields.get("success") is False
        or any(
            fields.get(name) in FAILURES for name in ("object", "type", "status") if isinstance(fields.get(name), str)
        )
        or (isinstance(base, Mapping) and base.get("status_code") not in (None, 0, "0"))
        or (isinstance(feedback, Mapping) and bool(feedback.get("blockReason")))
        or (not choice and "data" not in fields and bool(fields.get("message") or fields.get("msg")))
    )


def _is_answered(choice: Mapping[str, Any]) -> bool:
    message = choice.get("message")
    said = message if isinstance(message, Mapping) else {}
    return bool(choice.get("text")) or any(value for name, value in said.items() if name not in ("role", "name"))


def _message(status: int, not_found: NotFound | None, refusal: Refusal, headers: Mapping[str, str]) -> str:
    """Short words for people: the vendor's own, and what they mean where that is not plain."""
    if 300 <= status < 400:
        return "The address redirects elsewhere: check the base URL."
    if is_challenge(headers, refusal):
        return CHALLENGE
    code = f" ({refusal.codes[0]})" if refusal.codes else ""
    words = (PAGE if refusal.is_page else refusal.words) or f"The server answered with status {status}{code}."
    if not_found is NotFound.QUOTA:
        return f"The plan has no quota for this model: {words}"
    if not_found is NotFound.ADDRESS:
        return f"{words[:LONGEST_BEFORE_HINT].rstrip('. ')}. Check the base URL: most end in /v1."
    return words
