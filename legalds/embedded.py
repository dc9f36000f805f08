"""placeholder, replaced by the embedded servers module."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LocalSecrets:
    secret_key: str
    fernet_key: str


def read_secrets(folder: Path) -> LocalSecrets | None:
    return None


def read_servers(folder: Path) -> None:
    return None
