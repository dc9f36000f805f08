"""Which authorities a batch's samples cite too often."""

import pytest

from generation.selectors.authorities import authority_use
from samples.actions import keep_citations
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def make_samples(batch, *lists):
    samples = [
        make_sample(batch_id=batch, item_number=number, case_citation=listed, answer="Yes.")
        for number, listed in enumerate(lists, 1)
    ]
    keep_citations(samples)


def test_one_that_stands_in_more_than_a_fifth_is_told():
    own = [f"[2019] UKSC {number}" for number in range(1, 8)]
    make_samples(7, *(f"Theft Act 1968, s {number}; Fraud Act 2006" for number in (1, 2, 3)), *own)
    make_samples(8, *["Bribery Act 2010"] * 10)
    use = authority_use(7)
    assert (use.samples, use.distinct) == (10, 9)
    assert [(each.key, each.samples, each.share) for each in use.frequent] == [
        ("fraud act 2006", 3, 0.3),
        ("theft act 1968", 3, 0.3),
    ]


def test_a_fifth_itself_is_not_too_much():
    make_samples(7, "Theft Act 1968", "Theft Act 1968", *(f"[2019] UKSC {number}" for number in range(1, 9)))
    assert authority_use(7).frequent == ()


def test_of_few_samples_no_share_is_told():
    make_samples(7, *["Theft Act 1968"] * 9)
    assert authority_use(7).frequent == ()
    assert authority_use(7).distinct == 1


def test_other_reports_of_one_case_are_no_further_authority():
    make_samples(7, "R v Jogee [2016] UKSC 8; [2016] UKPC 7")
    assert authority_use(7).distinct == 1


def test_a_batch_without_samples_has_none(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert authority_use(7).distinct == 0
