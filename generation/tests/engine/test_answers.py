"""Sixty answers that models and vendors gave or spoiled, each with the verdict that its form and its words must get."""

import json
from pathlib import Path
from typing import Any

import pytest

from generation.engine.parsing import Problems, parse_answer
from samples.quality.checking import check
from samples.quality.draft import Draft

ANSWERS = json.loads((Path(__file__).parent.parent / "data" / "answers.json").read_text(encoding="utf-8"))
# Wrong in what they say, not in their form: rules of quality must tell.
NEEDS_RULES = frozenset(
    {
        "refusal in answer",
        "ending truncated mid-sentence, valid JSON",
        "Smith v Jones [2099] UKSC 400",
        "one citation where 3 asked",
        "French answer",
        "Chinese answer",
        "one-word answer",
        "prompt echo in field",
        "disclaimer in answer",
        '"Variation 7" leaked',
        "emoji/markdown noise",
        "citations in answer absent from case_citation",
    }
)
# Only what was asked for, or what can be cited, tells that these are wrong.
NEEDS_AUTHORITIES = frozenset(
    {
        "Smith v Jones [2099] UKSC 400",
        "one citation where 3 asked",
        "citations in answer absent from case_citation",
    }
)
DECIDED_BY_FORM = [case for case in ANSWERS if case["name"] not in NEEDS_RULES]
LEFT = [case for case in ANSWERS if case["name"] in NEEDS_RULES]


def name(case: dict[str, Any]) -> str:
    return str(case["name"])


def read(case: dict[str, Any]) -> Draft | Problems:
    text = case["text"]
    if length := case.get("repeat_body_to_chars"):  # a body of megabytes is kept by its beginning
        sentence = "The tenant may sue. "
        text = (
            text + sentence * (length // len(sentence)) + '", "case_citation": "Housing Act 1988", "reasoning": "So."}'
        )
    return parse_answer(text, case["truncated"])


def rejected(case: dict[str, Any]) -> list[str]:
    """The rules that reject what is read from the answer."""
    reading = read(case)
    assert isinstance(reading, Draft)
    return [finding.rule for finding in check(reading) if finding.is_rejecting]


@pytest.mark.parametrize("case", [case for case in DECIDED_BY_FORM if case["expect"] != "refuse"], ids=name)
def test_the_content_that_is_meant_is_read(case):
    assert read(case) == Draft(**case["draft"])


@pytest.mark.parametrize("case", [case for case in DECIDED_BY_FORM if case["expect"] == "refuse"], ids=name)
def test_an_answer_that_is_wrong_in_its_form_is_refused(case):
    assert isinstance(read(case), Problems)


@pytest.mark.parametrize("case", LEFT, ids=name)
def test_what_rules_must_decide_passes_by_its_form(case):
    assert case["expect"] == "refuse"
    assert isinstance(read(case), Draft)


@pytest.mark.parametrize("case", [case for case in ANSWERS if case["expect"] != "refuse"], ids=name)
def test_no_rule_rejects_an_answer_that_is_to_be_taken(case):
    assert not rejected(case)


@pytest.mark.parametrize("case", [case for case in LEFT if name(case) not in NEEDS_AUTHORITIES], ids=name)
def test_an_answer_that_is_wrong_in_what_it_says_is_rejected_by_a_rule(case):
    assert rejected(case)


def test_every_answer_is_decided_or_named_as_left():
    assert len(ANSWERS) == 60
    assert {case["name"] for case in LEFT} == NEEDS_RULES


def test_an_answer_that_was_cut_asks_for_more_room_whatever_the_vendor_says_of_its_end():
    cut = [case for case in ANSWERS if "mid-object" in case["name"]]
    assert [case["truncated"] for case in cut] == [True, False]
    assert all(read(case).cut_off for case in cut)
