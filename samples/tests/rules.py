"""Rules of quality made for tests."""

from samples.quality.findings import Severity
from samples.quality.rule import Rule


def rule(name, severity=Severity.FLAG, *, word="", field="answer"):
    """One that a draft breaks whose field holds the word."""

    def find(draft, asked):
        if word in getattr(draft, field):
            yield field, f"{name} is broken"

    return Rule(name, severity, f"A sample keeps {name}.", "good", "bad", find)
