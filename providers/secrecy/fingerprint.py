"""What may be shown of a key."""

import hashlib

SHOWN_FROM_LENGTH = 12


def last_four(key: str | None) -> str:
    """The last four characters; nothing of a key so short that four would give it away."""
    return key[-4:] if key and len(key) >= SHOWN_FROM_LENGTH else ""


def fingerprint(key: str | None) -> str:
    """Sixteen hex digits of SHA-256: tells two keys apart and gives neither away. Empty for no key."""
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
