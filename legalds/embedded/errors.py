"""What the embedded servers raise, and how they speak to a person."""

import sys


class EmbeddedError(Exception):
    """The servers cannot run here; the message says why and what to do about it, in one line."""


def say(line: str) -> None:
    """One line for the person at the terminal; standard output stays free for a command's own result."""
    sys.stderr.write(f"legalds: {line}\n")
    sys.stderr.flush()
