"""Rules of quality made for tests."""

from samples.quality.findings import Severity
from samples.quality.rule import Rule


def rule(name, severity=Severity.REJECT, *, found_in=lambda draft, asked: True):
    """One that every draft breaks, or those for which ``found_in`` says so."""

    def find(draft, asked):
        if found_in(draft, asked):
            yield "answer", f"{name} is broken"

    return Rule(name, severity, f"A sample keeps {name}.", "good", "bad", find)


def first(times):
    """``found_in`` for the first so many drafts that are checked."""
    left = iter(range(times))
    return lambda draft, asked: next(left, None) is not None
