"""What a prompt asks for, the rules check: over all types, difficulties and jurisdictions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest

from samples.quality.checking import check
from samples.quality.draft import Draft
from samples.quality.rules.structure import RULES
from samples.quality.text import word_count
from samples.taxonomy import taxonomy
from samples.taxonomy.requirements import Requirements, requirements
from samples.tests.quality.writing import answer, prose, reasoning, written

KNOWN = taxonomy()
COMBINATIONS = [
    requirements(KNOWN, jurisdiction=law.id, sample_type=kind.id, difficulty=level.id)
    for law, kind, level in product(KNOWN.jurisdictions, KNOWN.sample_types, KNOWN.difficulties)
]
TYPES = [kind.id for kind in KNOWN.sample_types]


def found(draft: Draft, asked: Requirements) -> list[str]:
    return [finding.rule for rule in RULES for finding in rule.findings(draft, asked)]


def of_type(kind: str) -> Requirements:
    return requirements(KNOWN, jurisdiction="scotland", sample_type=kind, difficulty="basic")


def cited(count: int) -> str:
    return "; ".join(f"Housing Act 1988, s {place}" for place in range(1, count + 1))


def violations(asked: Requirements) -> Iterator[tuple[str, Draft]]:
    """Each rule that can be broken, with a sample that breaks it and is as it should be in all else."""
    good = written(asked)
    low, high = asked.words
    yield "too_short", replace(good, answer=answer(asked, int(low * 0.85)))
    yield "length", replace(good, answer=answer(asked, int(low * 0.95)))
    if high:
        yield "length", replace(good, answer=answer(asked, high + 1))
    yield "authorities", replace(good, case_citation=cited(asked.citations[0] - 1))
    if asked.citations[1]:
        yield "more_authorities", replace(good, case_citation=cited(asked.citations[1] + 1))
    if asked.reasoning_steps:
        yield "steps", replace(good, reasoning=reasoning(asked.reasoning_steps[0] - 1))
        yield "steps", replace(good, reasoning=prose(60))
        yield "more_steps", replace(good, reasoning=reasoning(asked.reasoning_steps[1] + 1))
    else:
        yield "unwanted_steps", replace(good, reasoning=reasoning(3))
    if asked.wants_date:
        yield "date", replace(good, question="What did the new Act of last year change for tenants in London?")
    yield from section_violations(asked, good)


def section_violations(asked: Requirements, good: Draft) -> Iterator[tuple[str, Draft]]:
    if not asked.sections:
        yield "headings", replace(good, answer=f"## Conclusion\n{good.answer}")
        return
    for name in asked.sections:
        yield "sections", replace(good, answer=good.answer.replace(f"## {name}\n", ""))
    turned = replace(asked, sections=(*asked.sections[1:], asked.sections[0]))
    yield "sections", replace(good, answer=written(turned).answer)
    yield "sections", replace(good, answer=f"{good.answer.rsplit('## ', 1)[0]}## {asked.sections[-1]}")


def test_what_is_written_to_the_letter_is_held_by_every_rule_in_every_combination():
    assert len(COMBINATIONS) == len(KNOWN.jurisdictions) * 16 * 4
    assert [asked for asked in COMBINATIONS if found(written(asked), asked)] == []


def test_each_violation_is_named_by_its_rule_alone_in_every_combination():
    broken = [(asked, name, found(draft, asked)) for asked in COMBINATIONS for name, draft in violations(asked)]
    shortened = [
        entry for entry in broken if set(entry[2]) - {"too_short", "length"} != {entry[1]} - {"too_short", "length"}
    ]
    assert shortened == []
    assert {name for _, name, _ in broken} == {rule.name for rule in RULES}
    # a heading that is taken away takes a few words along, and of a short text that is a tenth
    exact = [entry for entry in broken if entry[1] != "sections"]
    assert [entry for entry in exact if entry[2] != [entry[1]]] == []


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_is_held_against_a_sample_of_which_nobody_knows_what_was_asked(kind):
    draft = replace(written(of_type(kind)), answer="Yes.", reasoning="So.", case_citation="")
    assert [finding for rule in RULES for finding in rule.findings(draft, None)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_examples_of_a_rule_are_what_they_are_said_to_be(rule):
    assert found(rule.example(rule.good), rule.asked) == []
    assert found(rule.example(rule.bad), rule.asked) == [rule.name]


Style = Callable[[str], str]
STYLES: dict[str, Style] = {
    "Markdown": lambda name: f"### {name}\n",
    "Markdown with a colon": lambda name: f"## {name}:\n",
    "bold": lambda name: f"**{name}**\n\n",
    "bold with a colon inside": lambda name: f"**{name}:** ",
    "numbered": lambda name: f"1. {name}\n",
    "numbered and bold": lambda name: f"**2. {name}**\n",
    "with a colon": lambda name: f"{name}: ",
    "on a line of its own": lambda name: f"{name}\n",
    "in capitals": lambda name: f"{name.upper()}\n",
}


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("kind", [kind for kind in TYPES if of_type(kind).sections])
def test_a_heading_may_be_written_in_any_way_that_people_do(kind, style):
    asked = replace(of_type(kind), words=(1, None))
    parts = (f"{STYLES[style](name)}{prose(60, skipped=at * 50)}" for at, name in enumerate(asked.sections))
    assert found(replace(written(asked), answer="\n\n".join(parts)), asked) == []


@pytest.mark.parametrize(
    "text",
    [
        "Step 1: a\nStep 2: b\nStep 3: c\nStep 4: d",
        "1. a\n2. b\n3. c\n4. d",
        "**Step 1** - a\n**Step 2** - b\n**Step 3** - c\n**Step 4** - d",
        "Step 1: a Step 2: b Step 3: c Step 4: d",
        "This is why.\nStep 1: a\n1. first\n2. second\nStep 2: b\nStep 3: c\nStep 4: d (see step 1: a)",
        "(1) a\n(2) b\n(3) c\n(4) d",
    ],
)
def test_steps_are_counted_however_they_are_numbered(text):
    asked = replace(of_type("case_analysis"), reasoning_steps=(4, 4))
    assert found(replace(written(asked), reasoning=text), asked) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dear Mr Okafor,\n\nYou can sue.\n\nYours sincerely,\nJane Quinn",
        "There are three points:\n- a notice\n- an order\n- a hearing",
        "Ann: Can I sue?\nLawyer: You can.",
        "The Act says so.\n\n1. First, a notice.\n2. Then an order.",
    ],
)
def test_letters_lists_and_speech_are_no_headings(text):
    asked = replace(of_type("conversational"), words=(1, None))
    assert found(replace(written(asked), answer=text), asked) == []


@pytest.mark.parametrize(
    "text", ["**Answer**\nYou can sue.", "Conclusion:\nYou can sue.", "Next Steps\n\nYou can sue."]
)
def test_a_heading_in_prose_is_flagged(text):
    asked = replace(of_type("conversational"), words=(1, None))
    assert found(replace(written(asked), answer=text), asked) == ["headings"]


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("on 3 May 2024", True),
        ("on the 3rd of May 2024", True),
        ("on March 7, 2023,", True),
        ("on 2024-05-03", True),
        ("on 3/5/2024", True),
        ("in May 2024", False),
        ("[2024] UKSC 3 May", False),
        ("in 2024", False),
    ],
)
def test_a_date_has_day_month_and_year(text, is_date):
    asked = of_type("legal_news_analysis")
    draft = replace(written(asked), question=f"What did the court decide {text} on rents?")
    assert ("date" in found(draft, asked)) is not is_date


def test_words_are_what_holds_a_letter_or_a_digit():
    assert word_count("## Issue\n- Can she sue under s 3? * * *") == 7


def test_what_is_written_to_the_letter_breaks_no_other_rule_either():
    assert [asked for asked in COMBINATIONS if check(written(asked), asked)] == []


def test_messages_say_what_to_mend_with_numbers():
    asked = of_type("case_analysis")
    good = written(asked)
    short = replace(good, answer=answer(asked, 100), reasoning="So.", case_citation="Housing Act 1988")
    told = [finding.message for rule in RULES for finding in rule.findings(short, asked)]
    assert told == [
        "reasoning has no numbered steps, and 4 to 5 were asked for: begin each with 'Step 1:'",
        "answer has 100 words, and 250 to 450 were asked for: write 150 more",
        "case_citation names 1, and at least 2 were asked for: part them by semicolons",
    ]
    lacking = replace(good, answer=good.answer.replace("## Rule\n", ""))
    assert next(finding.message for rule in RULES for finding in rule.findings(lacking, asked)) == (
        "answer lacks the heading Rule: write each on a line of its own, as in '## Rule'"
    )
