"""What a field may hold, said so that a person can put it right. No message repeats a value that may be secret."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from providers.secrecy.secretlike import NOT_SHOWN, is_secret_text, secret_parts, words

RESERVED_IDS = {"all", "stats"}
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")  # a token of RFC 9110
HEADER_VALUE = re.compile(r"(?:[!-~](?:[\t -~]{0,4094}[!-~])?)?")  # a field-value of RFC 9110, in ASCII
MOST_HEADERS = 50
# Those that say where a message goes, where it ends and how it is to be read: the client's own business.
REFUSED_HEADERS = words(
    "host content-length content-type content-encoding content-range transfer-encoding accept accept-encoding range "
    "connection keep-alive te trailer upgrade http2-settings expect via forwarded x-real-ip x-original-url "
    "x-rewrite-url x-http-method x-http-method-override x-method-override cookie cookie2 set-cookie"
)
REFUSED_KINDS = ("proxy-", "sec-", "x-forwarded-", ":")


def validate_provider_id(value: str) -> None:
    if value.lower() in RESERVED_IDS:
        raise ValidationError(f"'{value}' is reserved for the API's own paths. Choose another id.")


def validate_port(value: str) -> None:
    scheme = value.partition("://")[0]
    if scheme != scheme.lower() and scheme.lower() in ("http", "https"):
        raise ValidationError("It must start with http:// or https:// in lower case.")
    try:
        parts = urlsplit(value)
        is_usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ValidationError(
            "Give an address with a host and a port from 1 to 65535, such as http://127.0.0.1:11434/v1."
        )


def validate_object(value: Any) -> None:
    if not isinstance(value, dict):
        raise ValidationError("Give a JSON object, such as {}.")


def validate_provider_extra(value: Any) -> None:
    """Extra settings that routes read: ``headers`` and ``timeout_s``; other names are kept as they are."""
    validate_object(value)
    headers = value.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(part, str) for pair in headers.items() for part in pair):
        raise ValidationError('headers must be an object of names and texts, such as {"X-Title": "legalds"}.')
    timeout_s = value.get("timeout_s", 1)
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not 0 < timeout_s <= 3600:
        raise ValidationError("timeout_s must be a number of seconds from above 0 to 3600.")


def validate_model_extra(value: Any) -> None:
    """Extra settings that routes read: ``extra_body``; other names are kept as they are."""
    validate_object(value)
    validate_extra_body(value)


def validate_extra_body(value: Mapping[str, Any]) -> None:
    if not isinstance(value.get("extra_body", {}), dict):
        raise ValidationError("extra_body must be a JSON object, such as {}.")


def validate_new_extra(value: Mapping[str, Any]) -> None:
    """What must not come in any more. It is no validator of a column: rows that hold it can still be changed."""
    problems = list(_header_problems(value))
    if exposed := list(secret_parts(value)):
        problems.append(
            f"{', '.join(exposed[:5])}: this looks like a secret, and extra settings are shown to everybody who may "
            "log in. Move it into the provider's secret settings, which are encrypted: they take headers and "
            "extra_body, too."
        )
    if problems:
        raise ValidationError(problems)


def validate_secret_settings(value: Mapping[str, Any]) -> None:
    validate_extra_body(value)
    if problems := list(_header_problems(value)):
        raise ValidationError(problems)


def _header_problems(value: Mapping[str, Any]) -> Iterator[str]:
    headers = value.get("headers", {})
    if not isinstance(headers, dict):
        yield 'headers must be an object of names and texts, such as {"X-Title": "legalds"}.'
        return
    if len(headers) > MOST_HEADERS:
        yield f"headers: {len(headers)} are too many. Give {MOST_HEADERS} at most."
    seen: set[str] = set()
    for name, text in ((str(name), text) for name, text in headers.items()):
        if problem := _header_problem(name, text, seen):
            yield f"headers.{NOT_SHOWN if is_secret_text(name) else ascii(name)[1:-1][:60]}: {problem}"
        seen.add(name.lower())


def _header_problem(name: str, text: Any, seen: set[str]) -> str:
    """What is wrong with one header, without its value."""
    if not HEADER_NAME.fullmatch(name) and not name.startswith(REFUSED_KINDS):
        return "this is no header name. Use letters, digits and hyphens, such as X-Title."
    if name.lower() in REFUSED_HEADERS or name.lower().startswith(REFUSED_KINDS):
        return "legalds sets this header itself, or it would change where the request goes. Leave it out."
    if name.lower() in seen:
        return "it is there twice; letter case makes no other header. Keep one."
    if not isinstance(text, str):
        return "give its value as a text."
    if not HEADER_VALUE.fullmatch(text):
        return (
            "its value must be printable ASCII, without line breaks or other control characters, without blanks "
            "at its ends, and of 4096 characters at most."
        )
    return ""
