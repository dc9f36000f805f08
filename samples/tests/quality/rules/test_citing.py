"""Each rule on authorities, kept and broken."""

from dataclasses import replace
from datetime import date

import pytest

from samples.quality.checking import check
from samples.quality.draft import Draft
from samples.quality.rules import citing
from samples.taxonomy import taxonomy
from samples.taxonomy.requirements import requirements

GOOD = Draft(
    question="Ann, a tenant, was locked out by her landlord on 3 May 2024. Can she sue?",
    answer="She can, under the Protection from Eviction Act 1977, s 1 and the Housing Act 1988, s 27.",
    case_citation="Protection from Eviction Act 1977, s 1; Housing Act 1988, s 27",
    reasoning="Step 1: A landlord needs a court order.\nStep 2: None was had.",
)


def findings(draft, wanted=None, rules=citing.RULES):
    return [(found.rule, found.field) for rule in rules for found in rule.findings(draft, wanted)]


def wanted(jurisdiction, *, of_taxonomy=False):
    kind, level = taxonomy().sample_types[0].id, taxonomy().difficulties[0].id
    law = jurisdiction if of_taxonomy else "uk"
    found = requirements(taxonomy(), jurisdiction=law, sample_type=kind, difficulty=level)
    return replace(found, jurisdiction=jurisdiction)


def test_a_good_draft_breaks_none():
    assert findings(GOOD, wanted("england_wales")) == []


@pytest.mark.parametrize("field", ["question", "answer", "case_citation", "reasoning"])
def test_an_impossible_citation_is_found_wherever_it_stands(field):
    text = f"{getattr(GOOD, field)}; Smith v Jones [2099] UKSC 400"
    assert ("impossible_citation", field) in findings(replace(GOOD, **{field: text}))


def test_the_message_tells_the_citation_and_what_is_wrong_with_it():
    draft = replace(GOOD, case_citation="Smith v Jones [2005] UKSC 12")
    (found,) = [each for each in check(draft) if each.rule == "impossible_citation"]
    assert found.message == (
        "'Smith v Jones [2005] UKSC 12' cannot exist: neutral citations of the Supreme Court (UKSC) begin in 2009"
    )
    assert found.is_rejecting


def test_what_comes_after_today_cannot_be_cited():
    rules = citing.rules(lambda: date(2018, 1, 1))
    draft = replace(GOOD, case_citation="R (Miller) v Prime Minister [2019] UKSC 41")
    assert ("impossible_citation", "case_citation") in findings(draft, rules=rules)
    assert findings(draft, rules=citing.rules(lambda: date(2020, 1, 1)))[:1] != [
        ("impossible_citation", "case_citation")
    ]


def test_a_number_that_was_given_afterwards_is_flagged_alone():
    draft = replace(GOOD, answer="Yes.", case_citation="R v Hinks [2000] UKHL 53")
    assert findings(draft) == [("doubtful_citation", "case_citation")]
    assert not any(found.is_rejecting for found in check(draft) if found.rule == "doubtful_citation")


@pytest.mark.parametrize("listed", ["N/A", "No authorities available.", "None; see above", "the leading cases"])
def test_a_list_without_any_authority_is_rejected(listed):
    draft = replace(GOOD, answer="Yes.", case_citation=listed)
    assert findings(draft) == [("no_readable_citation", "case_citation")]


def test_an_entry_that_is_no_authority_is_flagged_among_others():
    draft = replace(GOOD, case_citation=f"{GOOD.case_citation}; the leading cases; Donoghue v Stevenson")
    assert findings(draft) == [("unreadable_citation", "case_citation")] * 2


def test_a_case_in_the_answer_that_is_not_listed_is_rejected():
    draft = replace(GOOD, answer=f"See Fakeham v Notreal [2019] EWCA Civ 999. {GOOD.answer}")
    assert findings(draft) == [("unlisted_case", "answer")]


def test_a_case_that_is_listed_by_another_report_is_listed():
    draft = replace(
        GOOD,
        answer="See Donoghue v Stevenson 1932 SC (HL) 31.",
        case_citation="M'Alister (or Donoghue) v Stevenson [1932] AC 562",
    )
    assert findings(draft) == []


def test_one_that_stands_twice_is_told_once():
    text = "See Hale v Morton [2019] EWCA Civ 99."
    draft = replace(GOOD, answer=f"{text} {text}", reasoning=text)
    assert findings(draft) == [("unlisted_case", "answer")]


def test_a_statute_that_is_not_listed_is_flagged():
    draft = replace(GOOD, reasoning="Step 1: The Theft Act 1968, s 1 is of no use here.")
    assert findings(draft) == [("unlisted_statute", "reasoning")]


@pytest.mark.parametrize(
    ("jurisdiction", "citation", "is_foreign"),
    [
        ("england_wales", "Palsgraf v. Long Island R.R. Co., 248 N.Y. 339 (1928)", True),
        ("england_wales", "Cherry v Advocate General [2019] CSIH 49", True),
        ("scotland", "Cherry v Advocate General [2019] CSIH 49", False),
        ("scotland", "Donoghue v Stevenson [1932] AC 562", False),
        ("northern_ireland", "Lee v McArthur [2016] NICA 39", False),
        ("uk", "Lee v McArthur [2016] NICA 39", False),
        ("england_wales", "Article 6 ECHR", False),
        ("us", "Donoghue v Stevenson [1932] AC 562", True),
        ("us", "42 U.S.C. § 1983", False),
        ("eu", "Human Rights Act 1998, s 6", True),
        ("eu", "Article 101 TFEU", False),
        ("international", "Re Pinochet [2000] 1 AC 147", False),
    ],
)
def test_an_authority_of_another_legal_system_is_flagged(jurisdiction, citation, is_foreign):
    draft = replace(GOOD, answer="Yes.", case_citation=citation)
    assert (("foreign_authority", "case_citation") in findings(draft, wanted(jurisdiction))) is is_foreign


@pytest.mark.parametrize("jurisdiction", [law.id for law in taxonomy().jurisdictions])
def test_the_examples_of_a_jurisdictions_style_are_citations_at_home_there(jurisdiction):
    for listed in wanted(jurisdiction, of_taxonomy=True).citation_examples:
        draft = replace(GOOD, answer="Yes.", case_citation=listed)
        assert findings(draft, wanted(jurisdiction)) == []


def test_the_authorities_of_a_draft_are_counted_once():
    draft = replace(
        GOOD, case_citation="R v Jogee [2016] UKSC 8; [2016] UKPC 7; Theft Act 1968, s 1; Theft Act 1968, s 9"
    )
    assert [citation.key for citation in citing.authorities(draft)] == ["2016 uksc 8", "theft act 1968"]


def test_an_answer_that_runs_on_is_not_compared_with_a_list_that_does_case_by_case(monkeypatch):
    compared = []
    monkeypatch.setattr(citing, "are_same", lambda *names: compared.append(names))
    answer, listed = ([f"Able v Baker [{year}] 1 AC {page}" for page in range(1, 201)] for year in (1950, 1960))
    draft = replace(GOOD, answer="; ".join(answer), case_citation="; ".join(listed))
    assert findings(draft).count(("unlisted_case", "answer")) == citing.UNLISTED_MAX
    assert len(compared) <= citing.UNLISTED_MAX * len(listed)
