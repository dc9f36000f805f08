"""Reading the environment: a missing or malformed value stops start-up with its name and the fix."""

import re
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

KEY_PREFIX_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,40}")
NEW_FERNET_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'

env = Env()


def read_dotenv(path: Path) -> None:
    """Take variables from ``path`` where it exists; the real environment wins."""
    if path.is_file():
        env.read_env(str(path), recurse=False)


def text(name: str, default: str | None = None, *, fix: str = "") -> str:
    """The value of ``name``; raises ImproperlyConfigured naming it where it is missing and has no default."""
    value = env.str(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name} is not set. {fix or 'Set it in the environment or in .env.'}")
    return value.strip()


def flag(name: str, default: bool) -> bool:
    try:
        return env.bool(name, default)
    except EnvError:
        raise ImproperlyConfigured(f"{name} must be true or false (1 or 0).") from None


def whole_number(name: str, default: int, *, at_least: int = 0) -> int:
    try:
        value = env.int(name, default)
    except EnvError:
        raise ImproperlyConfigured(f"{name} must be a whole number, such as {default}.") from None
    if value < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}.")
    return value


def names(name: str, default: list[str]) -> list[str]:
    return [part.strip() for part in env.list(name, default) if part.strip()]


def database(name: str) -> dict[str, object]:
    """A PostgreSQL configuration from a URL; any other engine is refused."""
    fix = f"{name} must look like postgres://USER:PASSWORD@HOST:5432/DATABASE."
    try:
        config: dict[str, object] = dict(env.dj_db_url(name))
    except (EnvError, ValueError):
        raise ImproperlyConfigured(fix) from None
    if config.get("ENGINE") != "django.db.backends.postgresql" or not config.get("NAME"):
        raise ImproperlyConfigured(f"{fix} legalds runs on PostgreSQL only.")
    return config


def redis_url(name: str) -> str:
    value = text(name, fix="Set it to redis://HOST:6379/0 (with DATABASE_URL, both are needed).")
    if not re.match(r"(redis|rediss)://[^/]+|(unix|redis\+socket)://", value):
        raise ImproperlyConfigured(f"{name} must look like redis://:PASSWORD@HOST:6379/0.")
    return value


def fernet_keys(name: str, default: str | None) -> list[str]:
    """Comma-separated Fernet keys, the first one encrypts, all of them decrypt. Empty only where the default is."""
    value = text(name, default, fix=f"Make a key with: {NEW_FERNET_KEY}")
    keys = [part.strip() for part in value.split(",") if part.strip()]
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except (ValueError, TypeError):
            raise ImproperlyConfigured(
                f"{name}: key {position} is not a Fernet key (32 bytes, base64). Make one with: {NEW_FERNET_KEY}"
            ) from None
    return keys


def key_prefix(name: str, default: str) -> str:
    value = text(name, default)
    if not KEY_PREFIX_PATTERN.fullmatch(value):
        raise ImproperlyConfigured(f"{name} may hold letters, digits, - and _ only, 40 at most.")
    return value
