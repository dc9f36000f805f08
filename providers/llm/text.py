"""Text as any store takes it."""


def storable(text: str) -> str:
    """The text without NUL characters and lone surrogates, which PostgreSQL refuses, and without space around it."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()
