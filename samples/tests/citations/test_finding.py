"""What a citation is read as."""

import pytest

from samples.citations.citation import Kind
from samples.citations.finding import citations_in
from samples.citations.listing import authorities, entries, listed_citations


def one(text):
    (citation,) = citations_in(text)
    return citation


def test_a_neutral_citation_in_its_parts():
    found = one("It was held in Yam Seng Pte Ltd v ITC Ltd [2013] EWHC 111 (QB) at [131] that contracts are kept.")
    assert (found.kind, found.source, found.court, found.year, found.number) == (
        Kind.UK_NEUTRAL,
        "EWHC",
        "QB",
        2013,
        "111",
    )
    assert (found.parties, found.pinpoint) == ("Yam Seng Pte Ltd v ITC Ltd", "[131]")
    assert found.raw == "Yam Seng Pte Ltd v ITC Ltd [2013] EWHC 111 (QB) at [131]"


def test_an_american_case_in_its_parts():
    found = one("See Ashcroft v. Iqbal, 556 U.S. 662, 678 (2009).")
    assert (found.volume, found.source, found.number, found.year) == ("556", "U.S.", "662", 2009)
    assert (found.parties, found.pinpoint) == ("Ashcroft v. Iqbal", "678")


def test_places_are_those_of_the_text_whatever_its_quotes_and_dashes_are():
    text = "As \u201cthe Act\u201d \u2013 the Occupiers\u2019 Liability Act 1957, s 2 \u2013 says."
    found = one(text)
    assert text[found.start : found.end] == found.raw == "Occupiers\u2019 Liability Act 1957, s 2"
    assert found.source == "Occupiers' Liability Act 1957"


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("The House of Lords in Donoghue v Stevenson [1932] AC 562 held so.", "Donoghue v Stevenson"),
        ("Applying Caparo Industries plc v Dickman [1990] 2 AC 605, no.", "Caparo Industries plc v Dickman"),
        ("That failed. R v Brown [1994] 1 AC 212 was followed.", "R v Brown"),
        ("In The Moorcock (1889) 14 PD 64 it was implied.", "The Moorcock"),
        ("The rule in Foss v Harbottle (1843) 2 Hare 461 bars it.", "Foss v Harbottle"),
        ("In Caparo [1990] 2 AC 605 there were three stages.", "Caparo"),
        ("R (on the application of X) v Mayor [2019] UKSC 41", "R (on the application of X) v Mayor"),
        ("Smith v Jones [1999] 1 WLR 5, Brown v Green [2001] 1 WLR 7", "Smith v Jones|Brown v Green"),
        ("and held: [2019] UKSC 41 is clear", ""),
    ],
)  # fmt: skip
def test_the_name_before_a_citation(text, parties):
    assert "|".join(citation.parties for citation in citations_in(text)) == parties


@pytest.mark.parametrize(
    "text",
    [
        "He paid 42 pounds in 1983, and 12 Mill Lane 3 was empty.",
        "On 12 March 2019 and on 3 Mar. 2019 (2019) the parties met.",
        "The Act came into force in 2006.",
        "Section 5 of the lease, clause 12.3, Part 36 offers.",
        "[Insert 500 word answer here]",
        "Room 101 Main Street 45 was let for 12 months.",
        "The order of 2019 was served. Step 1: see above.",
        "",
    ],
)
def test_ordinary_words_and_numbers_are_no_citation(text):
    assert citations_in(text) == ()


@pytest.mark.parametrize(
    ("text", "title", "pinpoint"),
    [
        ("Parliament passed the Fraud Act 2006 in time.", "Fraud Act 2006", ""),
        ("Rule\nProtection from Eviction Act 1977 s 1.\nApplication", "Protection from Eviction Act 1977", "s 1"),
        ("liable under sections 1 and 2 of the Theft Act 1968.", "Theft Act 1968", "sections 1 and 2"),
        ("He relied on the Protection from Harassment Act 1997, s 3.", "Protection from Harassment Act 1997", "s 3"),
        ("Under the Companies Act 2006 a director must", "Companies Act 2006", ""),
    ],
)
def test_an_act_in_running_text(text, title, pinpoint):
    found = one(text)
    assert (found.source, found.pinpoint) == (title, pinpoint)


@pytest.mark.parametrize(
    ("one_way", "other_way"),
    [
        ("[1990] 2 W.L.R. 358", "[1990] 2 WLR 358"),
        ("[1883] 11 QBD 503", "(1883) 11 QBD 503"),
        ("(1990) 2 AC 605", "[1990] 2 AC 605"),
        ("822 F.Supp. 1154 ( 1993 )", "822 F. Supp. 1154 (1993)"),
        ("59 Cal.2d 57 (1963)", "59 Cal. 2d 57 (1963)"),
        ("Regulation (EU) 2016/679", "GDPR"),
        ("Directive 2011/83/EU", "CELEX 32011L0083"),
        ("42 U.S.C. § 1983", "42 USC § 1983"),
        ("Companies Act 2006, s 172", "section 994 of the Companies Act 2006"),
        ("EU:C:2014:317", "ECLI:EU:C:2014:317"),
        ("5 U.S. (1 Cranch) 137 (1803)", "5 U.S. 137 (1803)"),
        ("S/RES/1373 (2001)", "UNSC Res 1373"),
    ],
)
def test_one_authority_has_one_key(one_way, other_way):
    assert one(one_way).key == one(other_way).key


def test_other_reports_of_a_case_are_parallel_and_no_further_authority():
    listed = "Hadley v Baxendale (1854) 9 Exch 341; 156 ER 145; Theft Act 1968, s 1"
    assert [(each.key, each.is_parallel) for each in listed_citations(listed)] == [
        ("9 exch 341", False),
        ("156 er 145", True),
        ("theft act 1968", False),
    ]
    assert [each.key for each in authorities(listed)] == ["9 exch 341", "theft act 1968"]


def test_an_authority_that_is_listed_twice_is_one():
    assert len(authorities("Theft Act 1968, s 1; Theft Act 1968, s 9")) == 1


def test_in_a_list_a_name_begins_with_its_entry():
    (entry,) = entries("Barcelona Traction, Light and Power Co Ltd (Belgium v Spain) [1970] ICJ Rep 3")
    assert entry.citations[0].parties == "Barcelona Traction, Light and Power Co Ltd (Belgium v Spain)"
    assert entry.citations[0].raw == entry.text


def test_entries_stand_between_semicolons_and_lines():
    found = entries("Theft Act 1968, s 1;; - the leading cases\n[2019] UKSC 41 ; ")
    assert [(entry.text, len(entry.citations)) for entry in found] == [
        ("Theft Act 1968, s 1", 1),
        ("- the leading cases", 0),
        ("[2019] UKSC 41", 1),
    ]
