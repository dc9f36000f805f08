"""A sample that is not built as it was asked for: sections, steps, length, number of authorities, date."""

import re
from collections.abc import Iterator
from dataclasses import replace

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.rule import Broken, Rule
from samples.quality.text import word_count
from samples.reading import authorities, sections, step_numbers
from samples.taxonomy.requirements import Requirements

SHORT_OF = 0.9
"""Nobody counts words while writing: down to this part of the least, a short answer is taken."""
TIMES_MAX = 10
"""What is longer than so many times the most is out of all proportion, which is a rule of its own."""
HEADING_WORDS_MAX = 4

_MARKED = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]{1,4}\S|(?P<stars>\*\*|__)[^\n*_]{1,80}(?P=stars):?[ \t]{0,4}$)", re.MULTILINE
)
_BARE = re.compile(
    r"^(?P<words>[A-Z][^\n:.!?;,]{1,60})(?::[ \t]{0,4})?\n(?:[ \t]{0,20}\n)?(?=[^\s*\u2022\d-])", re.MULTILINE
)
_ITEM = re.compile(r"[-*\u2022>|]|\d{1,3}[.)]")
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})\.?,? \d{{4}}"
    rf"|(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4})\b",
    re.IGNORECASE,
)


def _lacks_sections(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or not asked.sections:
        return
    found = sections(draft.answer, asked.sections)
    names = [section.heading for section in found]
    if missing := [name for name in asked.sections if name not in names]:
        yield "answer", f"answer lacks {_headings(missing)}: write each on a line of its own, as in '## {missing[0]}'"
        return
    if not _in_order(asked.sections, names):
        yield "answer", f"answer has its sections in another order than {', '.join(asked.sections)}"
    elif empty := [section.heading for section in found if section.heading and not section.text]:
        yield "answer", f"answer says nothing under {_headings(empty)}"


def _headings(names: list[str]) -> str:
    return f"the heading{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _in_order(wanted: tuple[str, ...], found: list[str]) -> bool:
    """Whether the found ones hold the wanted ones in their order; one that comes again does not matter."""
    rest = iter(found)
    return all(name in rest for name in wanted)


def _has_headings(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or asked.sections:
        return
    found = _MARKED.search(draft.answer)
    heading = found[0] if found else next(_bare_headings(draft.answer), "")
    if heading:
        yield "answer", f"answer has a heading ('{heading.strip()[:60]}'), and prose without headings was asked for"


def _bare_headings(text: str) -> Iterator[str]:
    """Short lines without an end, each with a text under it. Entries of lists are none."""
    for match in _BARE.finditer(text):
        line = match["words"].strip()
        if len(line.split()) <= HEADING_WORDS_MAX and not _ITEM.match(line):
            yield line


def _lacks_steps(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or asked.reasoning_steps is None:
        return
    low, high = asked.reasoning_steps
    count = len(step_numbers(draft.reasoning))
    if count < low:
        yield (
            "reasoning",
            f"reasoning has {_steps(count)}, and {low} to {high} were asked for: begin each with 'Step 1:'",
        )


def _has_more_steps(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or asked.reasoning_steps is None:
        return
    low, high = asked.reasoning_steps
    count = len(step_numbers(draft.reasoning))
    if count > high:
        yield "reasoning", f"reasoning has {_steps(count)}, and {low} to {high} were asked for"


def _has_unwanted_steps(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or asked.reasoning_steps is not None:
        return
    if count := len(step_numbers(draft.reasoning)):
        yield "reasoning", f"reasoning has {_steps(count)}, and two or three sentences were asked for"


def _steps(count: int) -> str:
    return f"{count or 'no'} numbered step{'' if count == 1 else 's'}"


def _is_too_short(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None:
        return
    count, (low, high) = word_count(draft.answer), asked.words
    if count < low * SHORT_OF:
        wanted = f"{low:,} to {high:,}" if high else f"at least {low:,}"
        yield "answer", f"answer has {count:,} words, and {wanted} were asked for: write {low - count:,} more"


def _is_off_length(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None:
        return
    count, (low, high) = word_count(draft.answer), asked.words
    if low * SHORT_OF <= count < low:
        yield "answer", f"answer has {count:,} words, a little less than the {low:,} that were asked for"
    elif high and high < count <= high * TIMES_MAX:
        yield "answer", f"answer has {count:,} words, more than the {high:,} that were asked for"


def _lacks_authorities(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None:
        return
    count, low = len(authorities(draft.case_citation)), asked.citations[0]
    if count < low:
        yield (
            "case_citation",
            f"case_citation names {count}, and at least {low} were asked for: part them by semicolons",
        )


def _has_more_authorities(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or asked.citations[1] is None:
        return
    count = len(authorities(draft.case_citation))
    if count > asked.citations[1]:
        yield "case_citation", f"case_citation names {count}, and no more than {asked.citations[1]} were asked for"


def _lacks_date(draft: Draft, asked: Requirements | None) -> Iterator[Broken]:
    if asked is None or not asked.wants_date:
        return
    if not _DATE.search(draft.question) and not _DATE.search(draft.answer):
        yield "question", "question and answer name no day: give the date of the development as day, month and year"


ASKED = Requirements("uk", "case_analysis", "basic", (), (5, None), (2, 3), (2, None))
"""What the examples keep but for what their rule asks."""

RULES = (
    Rule(
        name="sections",
        severity=Severity.REJECT,
        says="The answer has every section that was asked for, under its heading and in its order.",
        good="## Issue\nCan Ann sue?\n\n## Rule\nA court must order it.\n\n## Conclusion\nShe can.",
        bad="## Issue\nCan Ann sue?\n\n## Conclusion\nShe can.",
        find=_lacks_sections,
        asked=replace(ASKED, sections=("Issue", "Rule", "Conclusion")),
    ),
    Rule(
        name="headings",
        severity=Severity.FLAG,
        says="Where prose was asked for, the answer has no headings.",
        good="Ann can sue.\n\nHer landlord had no order.",
        bad="## Conclusion\nAnn can sue, for her landlord had no order.",
        find=_has_headings,
        asked=ASKED,
    ),
    Rule(
        name="steps",
        severity=Severity.REJECT,
        says="The reasoning has at least as many numbered steps as were asked for.",
        good="Step 1: A landlord needs a court's order.\nStep 2: He had none.",
        bad="A landlord needs a court's order, and he had none.",
        find=_lacks_steps,
        field="reasoning",
        asked=ASKED,
    ),
    Rule(
        name="more_steps",
        severity=Severity.FLAG,
        says="The reasoning has no more numbered steps than were asked for.",
        good="Step 1: A landlord needs an order.\nStep 2: He had none.\nStep 3: So she can sue.",
        bad="Step 1: She was a tenant.\nStep 2: He needs an order.\nStep 3: He had none.\nStep 4: So she can sue.",
        find=_has_more_steps,
        field="reasoning",
        asked=ASKED,
    ),
    Rule(
        name="unwanted_steps",
        severity=Severity.FLAG,
        says="Where a few sentences of reasoning were asked for, it has no numbered steps.",
        good="A landlord needs a court's order. He had none, so she can sue.",
        bad="Step 1: A landlord needs a court's order.\nStep 2: He had none, so she can sue.",
        find=_has_unwanted_steps,
        field="reasoning",
        asked=replace(ASKED, reasoning_steps=None),
    ),
    Rule(
        name="too_short",
        severity=Severity.REJECT,
        says="The answer has at least nine tenths of the words that were asked for.",
        good="Ann can sue for damages, for her landlord had no order from a court.",
        bad="Ann can sue for damages.",
        find=_is_too_short,
        asked=replace(ASKED, words=(10, 30)),
    ),
    Rule(
        name="length",
        severity=Severity.FLAG,
        says="The answer has as many words as were asked for.",
        good="Ann can sue for damages, for her landlord had no order from a court.",
        bad="Ann can sue for damages, for her landlord had no order from a court when he changed the locks.",
        find=_is_off_length,
        asked=replace(ASKED, words=(10, 15)),
    ),
    Rule(
        name="authorities",
        severity=Severity.REJECT,
        says="As many authorities are named as were asked for.",
        good="Protection from Eviction Act 1977, s 3; Housing Act 1988, s 27",
        bad="Protection from Eviction Act 1977, s 3",
        find=_lacks_authorities,
        field="case_citation",
        asked=ASKED,
    ),
    Rule(
        name="more_authorities",
        severity=Severity.FLAG,
        says="Where few authorities were asked for, no more are named.",
        good="Protection from Eviction Act 1977, s 3; Housing Act 1988, s 27",
        bad="Protection from Eviction Act 1977, s 3; Housing Act 1988, s 27; Housing Act 1988, s 28",
        find=_has_more_authorities,
        field="case_citation",
        asked=replace(ASKED, citations=(1, 2)),
    ),
    Rule(
        name="date",
        severity=Severity.REJECT,
        says="Where a date was asked for, question or answer names a day.",
        good="What did the Act of 25 May 2023 change for tenants?",
        bad="What did the new Act change for tenants?",
        find=_lacks_date,
        field="question",
        asked=replace(ASKED, wants_date=True),
    ),
)
