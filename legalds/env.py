"""Reading the environment: a missing or malformed value stops start-up with its name and the fix."""

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from legalds.embedded import EmbeddedError
from legalds.security import weak_keys

T = TypeVar("T")
KEY_PREFIX_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,40}")
HOST_PATTERN = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
ORIGIN_PATTERN = re.compile(r"https?://[^/\s]+")
NEW_FERNET_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
NEW_RANDOM_TEXT = "`make env` writes a .env with one, or: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
DOTENV = Path(__file__).resolve().parent.parent / ".env"

env = Env()


def read_dotenv() -> None:
    """Take variables from ``.env``, or from the file that ``LEGALDS_ENV_FILE`` names; the real environment wins."""
    path = Path(os.environ.get("LEGALDS_ENV_FILE") or DOTENV)
    if path.is_file():
        env.read_env(str(path), recurse=False)


def is_embedded() -> bool:
    """Whether the embedded servers serve: neither DATABASE_URL nor REDIS_URL is set."""
    database_is_set, redis_is_set = (bool(text(name, "")) for name in ("DATABASE_URL", "REDIS_URL"))
    if database_is_set != redis_is_set:
        one, other = ("DATABASE_URL", "REDIS_URL") if database_is_set else ("REDIS_URL", "DATABASE_URL")
        raise ImproperlyConfigured(f"{one} is set but {other} is not: set both, or neither for the embedded servers.")
    return not database_is_set


def from_folder(read: Callable[[Path], T], folder: Path) -> T:
    """What ``read`` finds in the data folder; one that cannot be read is a mistake in the configuration."""
    try:
        return read(folder)
    except EmbeddedError as error:
        raise ImproperlyConfigured(str(error)) from error


def text(name: str, default: str | None = None, *, fix: str = "") -> str:
    """The value of ``name``; an empty one counts as not set, which raises where there is no default."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {fix or 'Set it in the environment or in .env.'}")
    return value


def flag(name: str, default: bool) -> bool:
    if not text(name, ""):
        return default
    try:
        return env.bool(name, default)
    except EnvError:
        raise ImproperlyConfigured(f"{name} must be true or false (1 or 0).") from None


def whole_number(name: str, default: int, *, at_least: int = 0) -> int:
    try:
        value = int(text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, such as {default}.") from None
    if value < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}.")
    return value


def number(name: str, default: float, *, at_least: float, at_most: float) -> float:
    try:
        value = float(text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, such as {default:g}.") from None
    if not at_least <= value <= at_most:
        raise ImproperlyConfigured(f"{name} must be from {at_least:g} to {at_most:g}.")
    return value


def names(name: str, default: str | None, *, fix: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default, fix=fix).split(",") if part.strip()]


def hosts(name: str, default: str | None) -> list[str]:
    fix = "Name the hosts that this site answers to: a.example,b.example"
    found = names(name, default, fix=fix)
    if not found or not all(HOST_PATTERN.fullmatch(host) for host in found):
        raise ImproperlyConfigured(f"{name} holds something that is no host (no https://, port or path). {fix}")
    return found


def origins(name: str) -> list[str]:
    found = names(name, "")
    if not all(ORIGIN_PATTERN.fullmatch(origin) for origin in found):
        raise ImproperlyConfigured(f"{name} must be origins with their scheme: https://a.example,https://b.example")
    return found


def log_level(name: str, default: str) -> str:
    value = text(name, default).upper()
    if value not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"{name} must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} must be a time zone's name, such as Europe/London.") from None
    return value


def database(name: str) -> dict[str, Any]:
    """A PostgreSQL configuration from a URL; any other engine is refused."""
    fix = f"{name} must look like postgres://USER:PASSWORD@HOST:5432/DATABASE."
    try:
        config: dict[str, Any] = dict(env.dj_db_url(name))
    except (EnvError, ValueError):
        raise ImproperlyConfigured(fix) from None
    if config.get("ENGINE") != "django.db.backends.postgresql" or not config.get("NAME"):
        raise ImproperlyConfigured(f"{fix} legalds runs on PostgreSQL only.")
    return config


def redis_url(name: str) -> str:
    value = text(name, fix="Set it to redis://HOST:6379/0 (with DATABASE_URL, both are needed).")
    try:
        # A wrong port would else be met later, in words that repeat a part of the password.
        is_address = bool(re.match(r"rediss?://[^/\s#]+(/\d+)?/?(\?|$)", value)) and urlsplit(value).port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ImproperlyConfigured(
            f"{name} must look like redis://:PASSWORD@HOST:6379/0; encode #, /, ? and % of a password, as in %23."
        )
    return value


def secret_key(name: str, default: str | None, *, is_strict: bool) -> str:
    """``is_strict``: one that could be guessed is refused."""
    value = text(name, default, fix=f"Set a long random value. {NEW_RANDOM_TEXT}")
    if is_strict and (fault := weak_keys.fault_of_secret_key(value)):
        raise ImproperlyConfigured(f"{name} {fault}. Set a long random value instead. {NEW_RANDOM_TEXT}")
    return value


def fernet_keys(name: str, default: str | None, *, is_strict: bool) -> list[str]:
    """Comma-separated Fernet keys, the first one encrypts, all of them decrypt. Empty only where the default is.

    ``is_strict``: weak ones are refused. One that stands in a public document always is.
    """
    keys = names(name, default, fix=f"Make a key with: {NEW_FERNET_KEY}")
    if not keys and default is None:
        raise ImproperlyConfigured(f"{name} holds no key. Make one with: {NEW_FERNET_KEY}")
    for position, key in enumerate(keys, start=1):
        if problem := _problem_of_fernet_key(key, is_strict=is_strict):
            raise ImproperlyConfigured(f"{name}: key {position} {problem}")
    return keys


def _problem_of_fernet_key(key: str, *, is_strict: bool) -> str:
    if not weak_keys.is_fernet_key(key):
        return f"is not a Fernet key (32 bytes, base64). Make one with: {NEW_FERNET_KEY}"
    if weak_keys.is_published(key):
        return (
            "stands in a public document, so that everybody can read what it has encrypted. Take it out, make a new "
            "one (`make env` writes a .env with one), and have the vendors' keys that were stored under it replaced. "
            f"To make a key: {NEW_FERNET_KEY}"
        )
    fault = weak_keys.fault_of_fernet_key(key) if is_strict else ""
    return fault and (
        f"{fault}. Put a new one in front (`make env` writes a .env with one), run `manage.py reencrypt_secrets` with "
        f"DEBUG=1 once, then take this one out. To make a key: {NEW_FERNET_KEY}"
    )


def key_prefix(name: str, default: str) -> str:
    value = text(name, default)
    if not KEY_PREFIX_PATTERN.fullmatch(value):
        raise ImproperlyConfigured(f"{name} may hold letters, digits, - and _ only, 40 at most.")
    return value
