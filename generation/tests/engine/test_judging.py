"""Whether an answer is taken: read, and checked by the rules for its item."""

import json

from generation.engine.judging import TOLD_MAX, Accepted, Rejected, judge, unchecked
from samples.quality.draft import Draft
from samples.quality.findings import Finding, Severity

FIELDS = {"question": "Why?", "answer": "Because.", "case_citation": "A v B", "reasoning": "It follows."}
GOOD = json.dumps(FIELDS)
FLAG = Finding("year", Severity.FLAG, "case_citation", "the year is odd")


def rejecting(rule, message):
    return Finding(rule, Severity.REJECT, "answer", message)


def judged(*findings, text=GOOD):
    return judge(text, truncated=False, check=lambda draft: findings)


def test_a_draft_that_keeps_the_rules_is_taken():
    assert judge(GOOD, truncated=False, check=unchecked) == Accepted(Draft(**FIELDS))


def test_what_is_only_flagged_is_taken_with_its_flags():
    assert judged(FLAG) == Accepted(Draft(**FIELDS), (FLAG,))


def test_what_rejects_is_told_once_and_the_broken_rules_are_named_with_the_first_thing_found():
    findings = rejecting("words", "it has 3 words"), FLAG, rejecting("sections", "Rule is missing")
    more = rejecting("sections", "Issue is missing"), rejecting("words", "it has 3 words")
    told = judged(*findings, *more)
    assert told == Rejected(
        ("it has 3 words", "Rule is missing", "Issue is missing"),
        {"words": "it has 3 words", "sections": "Rule is missing"},
    )
    assert list(told.rules) == ["words", "sections"]


def test_of_very_many_findings_the_first_are_told_and_the_rest_counted():
    told = judged(*(rejecting("citations", f"{number} U.S. 1 is not there") for number in range(TOLD_MAX + 3)))
    assert len(told.sentences) == TOLD_MAX + 1
    assert told.sentences[-1] == "and 3 more of these"


def test_an_answer_that_cannot_be_read_breaks_no_rule():
    told = judged(rejecting("words", "never asked"), text="I would rather not.")
    assert isinstance(told, Rejected)
    assert not told.rules
