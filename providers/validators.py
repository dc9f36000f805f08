"""What a field may hold, said so that a person can put it right. No message repeats a value that may be secret."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

RESERVED_IDS = {"all", "stats"}
SECRET_SETTINGS = {"api_key", "apikey", "authorization", "password", "secret"}
SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-goog-api-key"}


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
    validate_headers(value)
    if any(str(name).lower() in SECRET_HEADERS for name in value.get("headers", {})):
        raise ValidationError("A header that carries a secret belongs into the encrypted settings (config), not here.")
    if any(str(name).lower().replace("-", "_") in SECRET_SETTINGS for name in value):
        raise ValidationError("These settings are shown to everybody: give a key or a secret as such, not here.")
    timeout_s = value.get("timeout_s", 1)
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not 0 < timeout_s <= 3600:
        raise ValidationError("timeout_s must be a number of seconds from above 0 to 3600.")


def validate_model_extra(value: Any) -> None:
    """Extra settings that routes read: ``extra_body``; other names are kept as they are."""
    validate_object(value)
    if not isinstance(value.get("extra_body", {}), dict):
        raise ValidationError("extra_body must be a JSON object, such as {}.")


def validate_headers(value: Mapping[str, Any]) -> None:
    headers = value.get("headers", {})
    if not isinstance(headers, dict) or not all(_is_header(name, text) for name, text in headers.items()):
        raise ValidationError('headers must be an object of names and texts in ASCII, such as {"X-Title": "legalds"}.')


def _is_header(name: Any, text: Any) -> bool:
    return all(isinstance(part, str) and part.isascii() and part.isprintable() for part in (name, text)) and bool(name)
