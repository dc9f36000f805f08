"""What a draft is recognised by: the same for copies, near for clones, far for all others."""

from dataclasses import replace
from itertools import combinations

import pytest

from samples.quality.draft import Draft
from samples.quality.duplicates.clash import ERROR, Clash, may_be_alike
from samples.quality.duplicates.fingerprint import fingerprint, similarity
from samples.quality.duplicates.signature import BANDS, PERMUTATIONS, estimate, keys, signature
from samples.quality.findings import Severity
from samples.tests.quality.duplicates.texts import clone, draft, with_changes

DRAFT = Draft("What is a contract?", "It is an agreement.", "None", "Step 1: so.")


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "WHAT  is a contract"},
        {"question": "What is a \ufb01ne contract?", "answer": "It is an agreement!"},
        {"answer": "It is: an “agreement” …"},
        {"case_citation": "Another", "reasoning": "Another"},
    ],
)
def test_case_spaces_punctuation_and_ways_of_writing_make_no_difference(changes):
    plain = replace(DRAFT, question=changes.get("question", DRAFT.question).replace("\ufb01", "fi"))
    assert fingerprint(replace(DRAFT, **changes)).text_hash == fingerprint(plain).text_hash


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "What is a contract worth?"},
        {"answer": "It is no agreement."},
        {"question": "What is a contract? It", "answer": "is an agreement."},
        {"question": "What is a contract 2?"},
    ],
)
def test_other_words_make_another_hash(changes):
    assert fingerprint(replace(DRAFT, **changes)).text_hash != fingerprint(DRAFT).text_hash


def test_a_text_too_short_to_be_compared_is_found_by_its_hash_alone():
    own = fingerprint(DRAFT)
    assert (own.signature, own.keys) == (b"", ())
    assert not may_be_alike(own, own.signature, 0.8)


def test_a_clone_with_other_names_and_numbers_is_the_same_but_for_its_hash():
    for seed in range(200):
        one, other = fingerprint(draft(seed)), fingerprint(draft(seed, clone=True))
        assert one.text_hash != other.text_hash
        assert (one.signature, one.keys) == (other.signature, other.keys)


def test_drafts_that_share_their_vocabulary_alone_share_no_key():
    own = [fingerprint(draft(seed)) for seed in range(60)]
    assert not any(set(one.keys) & set(other.keys) for one, other in combinations(own, 2))
    assert similarity(draft(1), draft(2)) < 0.05


def test_of_those_alike_by_the_threshold_or_more_99_of_100_share_a_key_and_look_alike():
    pairs = [(draft(seed), with_changes(draft(seed), 0.035, seed)) for seed in range(1_500)]
    alike = [pair for pair in pairs if similarity(*pair) >= 0.8]
    found = [
        pair
        for pair in alike
        if set(fingerprint(pair[0]).keys) & set(fingerprint(pair[1]).keys)
        and may_be_alike(fingerprint(pair[0]), fingerprint(pair[1]).signature, 0.8)
    ]
    assert len(alike) > 300
    assert len(found) >= 0.99 * len(alike)


def test_an_estimate_is_near_the_truth():
    pairs = [(draft(seed), with_changes(draft(seed), 0.05, seed)) for seed in range(300)]
    errors = [
        estimate(fingerprint(one).signature, fingerprint(other).signature) - similarity(one, other)
        for one, other in pairs
    ]
    assert abs(sum(errors) / len(errors)) < 0.01
    assert sum(abs(error) > ERROR for error in errors) <= 3


def test_signature_and_keys_are_what_they_were_when_they_were_stored():
    """Where this fails, OWN_VERSION must be raised."""
    signed = signature({f"word {number} of it" for number in range(40)})
    assert len(signed) == 4 * PERMUTATIONS
    assert signed[:8].hex() == "efc10498b7bf4c22"
    assert (len(keys(signed)), keys(signed)[0]) == (BANDS, -6987389777833716107)


def test_the_finding_names_what_is_repeated_so_that_a_model_can_write_another():
    finding = Clash(7, "Advise\n Smith " * 30, is_exact=False, similarity=0.912).finding
    assert (finding.rule, finding.severity, finding.field) == ("near_duplicate", Severity.REJECT, "question")
    assert "91% the same" in finding.message
    assert 'sample 7, whose question begins "Advise Smith' in finding.message
    assert len(finding.message) < 400
    assert Clash(None, "Why?", is_exact=True).finding.rule == "duplicate"


def test_clone_finds_the_clone_of_a_draft():
    assert clone(draft(3)) == draft(3, clone=True)
