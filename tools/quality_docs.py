"""docs/quality.md, written from the rules themselves: `python -m tools.quality_docs`, whenever a rule has changed."""

from collections.abc import Iterable
from pathlib import Path

from samples.quality.checking import RULES
from samples.quality.findings import Severity
from samples.quality.rule import Rule

TARGET = Path(__file__).parent.parent / "docs" / "quality.md"
LONGEST = 400
INTRODUCTION = """# The rules of quality

Every sample is checked by these rules before it counts. What breaks a rule that **rejects** is not taken: the model is
told what is wrong and asked again. What breaks a rule that **flags** is taken, and the finding stands with the sample
for a person to look at. What is too long to be shown is cut at `[...]`.

This page is written by `python -m tools.quality_docs` from the rules in `samples/quality/rules/`.
"""
ROW = "| [{name}](#{name}) | {severity} | {says} |"
ENTRY = """## {name}

{does}: {says}

Keeps it (`{field}`):

{good}

Breaks it:

{bad}
"""
DOES = {Severity.REJECT: "Rejects", Severity.FLAG: "Flags"}


def main() -> None:
    TARGET.write_text(document(RULES), encoding="utf-8")


def document(rules: Iterable[Rule]) -> str:
    rules = tuple(rules)
    rows = [ROW.format(name=rule.name, severity=rule.severity, says=rule.says) for rule in rules]
    table = "\n".join(("| rule | severity | what it asks |", "|---|---|---|", *rows, ""))
    return "\n".join((INTRODUCTION, table, *map(entry, rules)))


def entry(rule: Rule) -> str:
    return ENTRY.format(
        name=rule.name,
        does=DOES[rule.severity],
        says=rule.says,
        field=rule.field,
        good=block(rule.good),
        bad=block(rule.bad),
    )


def block(text: str) -> str:
    """The text as it stands, in a block that shows its marks."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}\n[...]\n{text[-LONGEST // 2 :]}"
    return "\n".join(f"    {line}".rstrip() for line in shown.split("\n"))


if __name__ == "__main__":
    main()
