"""``make env``: write a ``.env`` of generated secrets for docker compose. Knows neither Django nor any package."""

import base64
import os
import secrets
import sys
from pathlib import Path

_TEMPLATE = """\
# Made by `make env`. Keep it: what FERNET_KEYS has encrypted, only FERNET_KEYS can read.
SECRET_KEY={secret_key}
FERNET_KEYS={fernet_key}
POSTGRES_PASSWORD={postgres_password}
REDIS_PASSWORD={redis_password}
ALLOWED_HOSTS=localhost,127.0.0.1
# Plain http on this machine. Behind a TLS proxy set HTTPS=1, BEHIND_PROXY=1 and NUM_PROXIES=1, and name the site in
# ALLOWED_HOSTS.
HTTPS=0
"""


def write(path: Path) -> None:
    """Raises FileExistsError rather than replace a file: it may hold the only copy of a key."""
    text = _TEMPLATE.format(
        secret_key=secrets.token_urlsafe(50),
        fernet_key=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        postgres_password=secrets.token_urlsafe(32),
        redis_password=secrets.token_urlsafe(32),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def main() -> int:
    path = Path(".env")
    try:
        write(path)
    except FileExistsError:
        sys.stderr.write(f"{path} exists and is kept. Remove it yourself if you want new secrets.\n")
        return 1
    sys.stdout.write(f"wrote {path}; now: docker compose up --build\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
