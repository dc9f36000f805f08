"""The score of a sample: bounded, told with its parts, and never higher for what is worse."""

from dataclasses import replace

import pytest

from samples.quality.draft import Draft
from samples.quality.findings import Finding, Severity
from samples.quality.judged import KEPT_MAX, judged
from samples.quality.scoring import WEIGHTS, score, within
from samples.reading import authorities
from samples.taxonomy.requirements import Requirements

ASKED = Requirements("uk", "case_analysis", "basic", ("Issue", "Rule"), (8, 40), (2, 4), (2, None))
GOOD = Draft(
    question="May she leave?",
    answer="Issue\nMay she leave the lease early?\n\nRule\nCaparo and the Landlord and Tenant Act 1985 say when.",
    case_citation="Caparo v Dickman [1990] 2 AC 605; Landlord and Tenant Act 1985",
    reasoning="Step 1: find the lease.\nStep 2: apply Caparo.",
)
FLAG = Finding("filler", Severity.FLAG, "answer", "it says nothing")


def test_weights_are_shares_of_one():
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_a_sample_as_it_was_asked_for_has_the_whole_score():
    told = score(GOOD, ASKED, ())
    assert told.value == 1.0
    assert told.parts == dict.fromkeys(WEIGHTS, 1.0)


WORSE = {
    "structure": replace(GOOD, answer=GOOD.answer.replace("Rule\n", "The rule is this: ")),
    "reasoning": replace(GOOD, reasoning="It follows from Caparo."),
    "length": replace(GOOD, answer="Issue\nCaparo.\nRule\nLandlord and Tenant Act"),
    "citations": replace(GOOD, case_citation="Caparo v Dickman [1990] 2 AC 605"),
    "grounding": replace(GOOD, case_citation=GOOD.case_citation + "; Donoghue v Stevenson [1932] AC 562"),
    "language": replace(GOOD, answer=GOOD.answer + " say when Caparo and the Landlord and Tenant Act 1985 say when."),
}


@pytest.mark.parametrize("part", WORSE)
def test_what_is_worse_in_one_part_has_less_of_that_part_and_a_lower_score(part):
    told = score(WORSE[part], ASKED, ())
    assert told.parts[part] < 1
    assert told.value < 1


def test_each_rule_that_flags_lowers_it_once():
    other = replace(FLAG, rule="year")
    values = [score(GOOD, ASKED, flags).value for flags in ((), (FLAG,), (FLAG, FLAG), (FLAG, other))]
    assert values[0] > values[1] == values[2] > values[3]


@pytest.mark.parametrize("part", WORSE)
@pytest.mark.parametrize("asked", [ASKED, None], ids=["known", "unknown"])
def test_a_flag_never_raises_a_score_and_it_stays_between_0_and_1(part, asked):
    plain, flagged = (score(WORSE[part], asked, flags).value for flags in ((), (FLAG,)))
    assert 0 <= flagged < plain <= 1


def test_the_more_sections_are_there_the_higher_it_is():
    answers = ("Neither.", "Issue\nOne.", "Issue\nOne.\n\nRule\nBoth.")
    shares = [score(replace(GOOD, answer=answer), ASKED, ()).parts["structure"] for answer in answers]
    assert shares == [0, 0.5, 1]


def test_prose_without_steps_is_not_judged_by_headings_and_steps():
    prose = replace(ASKED, sections=(), reasoning_steps=None)
    assert set(score(GOOD, prose, ()).parts) == set(WEIGHTS) - {"structure", "reasoning"}


def test_where_nobody_knows_what_was_asked_only_the_text_is_judged():
    assert set(score(GOOD, None, ()).parts) == {"grounding", "language", "flags"}


def test_an_authority_that_is_named_by_one_party_alone_is_named():
    draft = replace(GOOD, case_citation="R (on the application of Miller) v Prime Minister [2019] UKSC 41")
    assert score(replace(draft, reasoning="The Prime Minister may not."), None, ()).parts["grounding"] == 1
    assert score(draft, None, ()).parts["grounding"] == 0


@pytest.mark.parametrize(("amount", "share"), [(0, 0), (50, 0.5), (100, 1), (150, 1), (200, 1), (400, 0.5)])
def test_outside_of_a_range_it_is_the_less_the_further_away(amount, share):
    assert within(amount, 100, 200) == share


def test_what_stands_between_semicolons_or_on_a_line_of_its_own_is_an_authority():
    assert authorities(" A v B ;; C v D;\nE v F") == ["A v B", "C v D", "E v F"]
    lines = replace(GOOD, case_citation=GOOD.case_citation.replace("; ", "\n"))
    assert score(lines, ASKED, ()) == score(GOOD, ASKED, ())
    assert score(replace(GOOD, case_citation=";"), ASKED, ()).parts["grounding"] == 0


def test_what_is_kept_of_a_rule_that_finds_thousands_is_bounded():
    other = replace(FLAG, rule="year")
    kept = judged(GOOD, ASKED, [*[FLAG] * 3_000, other])["findings"]
    assert [found["rule"] for found in kept] == ["filler"] * KEPT_MAX + ["year"]
    assert kept[0] == {"rule": "filler", "severity": "flag", "field": "answer", "message": "it says nothing"}
