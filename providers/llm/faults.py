"""From a vendor's refusal to one ErrorKind: status code and structured body first, words last and in one table.

Some statuses decide alone; for the others a code in the body may say better; words are read only where the status is as
vague as 400 or 422. So "please check your plan and billing details" under a 429 stays a rate limit, as Google means it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from providers.llm.errors import ErrorKind, Fault
from providers.llm.headers import exhausted_s, limit_facts, retry_after_s, retry_delay_s

DETAIL_CHARS = 300
LONGEST_READ = 4000
SHORTEST_KEY = 4
SHORTEST_ECHO = 8  # a vendor that masks a key still shows some of it: runs of the key from this length on are removed
MASK = "***"
MASKED_KEY = re.compile(r"[\w-]*\*{4,}[\w-]*")  # what is left of a key that the vendor masked: sk-ab************wxyz

DECISIVE = {
    401: ErrorKind.AUTH,
    402: ErrorKind.BILLING,
    408: ErrorKind.TIMEOUT,
    413: ErrorKind.CONTEXT_LENGTH,  # Groq's code under it is rate_limit_exceeded, yet waiting would not help
}
STATUSES = {
    403: ErrorKind.FORBIDDEN,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.SERVER,
    410: ErrorKind.NOT_FOUND,
    425: ErrorKind.SERVER,
    429: ErrorKind.RATE_LIMITED,
    498: ErrorKind.RATE_LIMITED,  # Groq: flex capacity exceeded
}
CODES = {
    "insufficient_quota": ErrorKind.BILLING,
    "billing_hard_limit_reached": ErrorKind.BILLING,
    "billing_not_active": ErrorKind.BILLING,
    "billing_error": ErrorKind.BILLING,
    "insufficient_balance": ErrorKind.BILLING,
    "insufficient_credits": ErrorKind.BILLING,
    "payment_required": ErrorKind.BILLING,
    "invalid_api_key": ErrorKind.AUTH,
    "wrong_api_key": ErrorKind.AUTH,
    "api_key_invalid": ErrorKind.AUTH,
    "authentication_error": ErrorKind.AUTH,
    "account_deactivated": ErrorKind.FORBIDDEN,
    "organization_restricted": ErrorKind.FORBIDDEN,
    "model_not_found": ErrorKind.NOT_FOUND,
    "model_decommissioned": ErrorKind.NOT_FOUND,
    "model_permission_blocked_org": ErrorKind.NOT_FOUND,
    "model_permission_blocked_project": ErrorKind.NOT_FOUND,
    "invalid_model": ErrorKind.NOT_FOUND,
    "rate_limit_exceeded": ErrorKind.RATE_LIMITED,
    "resource_exhausted": ErrorKind.RATE_LIMITED,
    "context_length_exceeded": ErrorKind.CONTEXT_LENGTH,
    "string_above_max_length": ErrorKind.CONTEXT_LENGTH,
    "json_validate_failed": ErrorKind.BAD_OUTPUT,
    "tool_use_failed": ErrorKind.BAD_OUTPUT,
}
# Read only under 400 and 422 without a known code. First match wins.
WORDS = (
    (r"\bAPI key (?:not valid|expired|not found)\b|\binvalid API key\b", ErrorKind.AUTH),
    (r"\bcredit balance\b|\binsufficient (?:balance|credits|funds)\b|\bbilling\b", ErrorKind.BILLING),
    (r"\blocation is not supported\b|\borganization has been restricted\b", ErrorKind.FORBIDDEN),
    (r"\b(?:max|maximum) context length\b|\bcontext (?:length|window)\b", ErrorKind.CONTEXT_LENGTH),
    (r"\breduce the length of the messages\b|\bprompt is too long\b", ErrorKind.CONTEXT_LENGTH),
    (r"\binput token count\b.*\bexceeds\b", ErrorKind.CONTEXT_LENGTH),
    (r"^invalid model\b|\bmodel\b.{0,120}\b(?:does not exist|decommissioned|not found)\b", ErrorKind.NOT_FOUND),
)


def fault_of(
    status: int, headers: Mapping[str, str], content: str, *, now: float, secrets: Sequence[str] = ()
) -> Fault:
    """The facts of a refusal. ``now`` is epoch seconds; ``secrets`` that the vendor echoes leave the detail."""
    body = _parsed(content)
    limits = limit_facts(headers, now)
    asked_s = retry_after_s(headers, now)
    if asked_s is None:
        asked_s = retry_delay_s(body)
    kind = kind_of(status, body)
    if asked_s is None and kind is ErrorKind.RATE_LIMITED:
        asked_s = exhausted_s(limits)
    return Fault(kind, status, asked_s, limits, scrub(_message(status, body), secrets))


def kind_of(status: int, body: Any) -> ErrorKind:
    if kind := DECISIVE.get(status):
        return kind
    if status < 400 or status >= 500:
        return ErrorKind.SERVER
    codes = (CODES[code] for code in _codes(body) if code in CODES)
    if kind := next(codes, None) or STATUSES.get(status):
        return kind
    words = _words(body)
    return next((kind for pattern, kind in WORDS if re.search(pattern, words, re.IGNORECASE)), ErrorKind.BAD_REQUEST)


def fault_in_answer(
    payload: Any, headers: Mapping[str, str], *, now: float, secrets: Sequence[str] = ()
) -> Fault | None:
    """A refusal that came with status 200: no JSON object, or an error in place of choices. None for an answer."""
    if not isinstance(payload, Mapping):
        return Fault(ErrorKind.SERVER, status=200, detail="The server answered with something other than JSON.")
    if not payload.get("error") or payload.get("choices"):
        return None
    code = payload["error"].get("code") if isinstance(payload["error"], Mapping) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return fault_of(status, headers, json.dumps(payload), now=now, secrets=secrets)


def scrub(text: str, secrets: Sequence[str]) -> str:
    """``text`` on one line, short, without the secrets or any run of them that a vendor may have echoed."""
    text = " ".join(text[:LONGEST_READ].split())
    for secret in secrets:
        text = _without_runs(text, secret)
    text = MASKED_KEY.sub(MASK, text)
    return text if len(text) <= DETAIL_CHARS else text[: DETAIL_CHARS - 1] + "\u2026"


def masked(content: bytes, secrets: Sequence[str]) -> bytes:
    """A body without the secrets that a server may have echoed into it, as they are or as JSON writes them."""
    for secret in secrets:
        if len(secret) >= SHORTEST_ECHO:
            for form in {secret, json.dumps(secret)[1:-1]}:
                content = content.replace(form.encode(), MASK.encode())
    return content


def _without_runs(text: str, key: str) -> str:
    size = min(SHORTEST_ECHO, len(key))
    if size < SHORTEST_KEY:
        return text
    runs = {key[start : start + size] for start in range(len(key) - size + 1)}
    hidden = {
        start + offset for start in range(len(text)) if text[start : start + size] in runs for offset in range(size)
    }
    kept = (
        MASK if at in hidden and at - 1 not in hidden else "" if at in hidden else text[at] for at in range(len(text))
    )
    return "".join(kept)


def _parsed(content: str) -> Any:
    try:
        body = json.loads(content)
    except ValueError:
        return content
    # Google's OpenAI face wraps its error in a list.
    return body[0] if isinstance(body, list) and body else body


def _error(body: Any) -> Any:
    """The error itself: OpenAI nests it under "error", Cerebras and Mistral do not."""
    return body["error"] if isinstance(body, Mapping) and body.get("error") else body


def _codes(body: Any) -> Iterator[str]:
    """Every structured word that may name the trouble, most precise first."""
    error = _error(body)
    if not isinstance(error, Mapping):
        return
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping) and isinstance(detail.get("reason"), str):
            yield detail["reason"].lower()
    for field in ("code", "type", "status"):
        if isinstance(error.get(field), str):
            yield error[field].lower()


def _words(body: Any) -> str:
    error = _error(body)
    if isinstance(error, Mapping):
        for field in ("message", "detail", "error"):
            if said := _said(error.get(field)):
                return said
        return ""
    return _said(error)


def _said(value: Any) -> str:
    """A message as text. Of a list of complaints, where and what: the rest of such an entry repeats the request."""
    if isinstance(value, str):
        return value
    complaints = value if isinstance(value, list) else []
    return "; ".join(
        f"{'.'.join(str(part) for part in complaint.get('loc', ()))}: {complaint['msg']}"
        for complaint in complaints
        if isinstance(complaint, Mapping) and "msg" in complaint
    )


def _message(status: int, body: Any) -> str:
    words = _words(body).strip()
    if words[:1] == "<":
        words = "The server answered with an HTML page."
    if 300 <= status < 400:
        return "The address redirects elsewhere: check the base URL."
    return words or f"The server answered with status {status}."
