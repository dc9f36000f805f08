import pytest

from samples.citations.marking import spans, stress


def cited(text, authorities=""):
    return [span.text for span in spans(text, authorities) if span.is_citation]


@pytest.mark.parametrize(
    "citation",
    [
        "[2019] UKSC 41",
        "[2004] EWCA Civ 1001",
        "[2012] EWHC 10 (Ch)",
        "[1932] AC 562",
        "[1893] 1 QB 256",
        "(1854) 9 Exch 341",
        "[1990] 2 W.L.R. 358",
        "[1976] 2 All ER 930",
        "576 U.S. 644 (2015)",
        "410 U.S. 113",
        "135 S. Ct. 2584",
        "159 F.2d 169 (2d Cir. 1947)",
        "42 U.S.C. § 1983",
        "29 C.F.R. § 1910.1200",
        "Case C-131/12",
        "EU:C:2014:317",
        "Directive 2011/83/EU",
        "Regulation (EU) 2016/679",
        "Misrepresentation Act 1967",
        "s 2(1) Misrepresentation Act 1967",
        "section 1 of the Unfair Contract Terms Act 1977",
        "Article 6(1) ECHR",
        "Art. 101 TFEU",
        "ICJ Reports 1969, p. 3",
        "1155 UNTS 331",
        "2008 CanLII 19787 (ON SC)",
    ],
)
def test_a_citation_is_found_by_its_form(citation):
    assert cited(f"As held in that matter, {citation}, so the claim fails.") == [citation]


@pytest.mark.parametrize(
    "text",
    ["He paid 42 pounds in 1983.", "See page 12 of the act.", "The act of 1967 was long.", "Call 020 7946 0123.", ""],
)
def test_ordinary_words_and_numbers_are_no_citation(text):
    assert cited(text) == []


def test_a_case_is_found_by_its_name_wherever_it_stands():
    authorities = "Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256; Hadley v Baxendale (1854) 9 Exch 341"
    text = "In Hadley v Baxendale it was otherwise than in Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256."
    assert cited(text, authorities) == [
        "Hadley v Baxendale",
        "Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256",
    ]


@pytest.mark.parametrize(
    "text", ["", "no citation", "[2019] UKSC 41", "a [2019] UKSC 41 b [1932] AC 562", "<b>[1932] AC 562</b>"]
)
def test_the_pieces_add_up_to_the_text(text):
    assert "".join(span.text for span in spans(text, "Some v Body [1932] AC 562")) == text


def test_stress_cuts_the_text_and_keeps_its_citations():
    pieces = stress(spans("See [2019] UKSC 41 now"), [(0, 13)])
    assert [(piece.text, piece.is_citation, piece.is_stressed) for piece in pieces] == [
        ("See ", False, True),
        ("[2019] UK", True, True),
        ("SC 41", True, False),
        (" now", False, False),
    ]
