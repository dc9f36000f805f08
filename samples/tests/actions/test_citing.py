"""What samples cite is kept as rows, and compared with the authorities that are known."""

import pytest

from samples.actions import compare_all, delete_all, keep_citations, renew_citations
from samples.models import Authority, Sample, SampleCitation
from samples.tests.factories import make_sample

pytestmark = pytest.mark.django_db


def kept(sample):
    return [(row.key, row.is_listed, row.is_parallel) for row in sample.citations.all()]


def standings():
    return dict(SampleCitation.objects.values_list("key", "standing"))


def test_each_authority_is_kept_once_the_listed_ones_first():
    sample = make_sample(
        case_citation="R v Jogee [2016] UKSC 8; [2016] UKPC 7; Theft Act 1968, s 1",
        answer="See R v Jogee [2016] UKSC 8 at [12], and R v Brown [1994] 1 AC 212.",
        reasoning="Step 1: Theft Act 1968, s 9.",
    )
    keep_citations([sample])
    assert kept(sample) == [
        ("2016 uksc 8", True, False),
        ("2016 ukpc 7", True, True),
        ("theft act 1968", True, False),
        ("1994 1 ac 212", False, False),
    ]


def test_its_parts_are_kept():
    sample = make_sample(case_citation="Jones v Kaney [2011] UKSC 13 at [12]", answer="Yes.")
    keep_citations([sample])
    row = sample.citations.get()
    assert (row.kind, row.source, row.year, row.number, row.pinpoint, row.parties) == (
        "uk_neutral",
        "UKSC",
        2011,
        "13",
        "[12]",
        "Jones v Kaney",
    )


def test_many_samples_take_as_many_statements_as_one(django_assert_num_queries):
    samples = [make_sample() for _ in range(20)]
    with django_assert_num_queries(3):
        keep_citations(samples)


@pytest.mark.parametrize("citation", ["[1893] 1 QB 256", "1893 1 qb 256", "Carlill v Carbolic [1893] 1 Q.B. 256 (CA)"])
def test_one_can_ask_which_samples_cite_an_authority(citation):
    first, other = make_sample(), make_sample(case_citation="Theft Act 1968, s 1")
    keep_citations([first, other])
    assert list(Sample.objects.citing(citation)) == [first]


def test_a_citation_is_known_unknown_or_known_under_another_name():
    Authority.objects.create(key="1893 1 qb 256", reference="a", name="Carlill v. Carbolic Smoke Ball Company")
    Authority.objects.create(key="1932 ac 562", reference="b", name="Donoghue v. Stevenson")
    listed = "Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256; Hale v Morton [1932] AC 562; R v Brown [1994] 1 AC 212"
    keep_citations([make_sample(case_citation=listed, answer="Yes.")])
    assert standings() == {"1893 1 qb 256": "known", "1932 ac 562": "other_name", "1994 1 ac 212": "unknown"}


def test_with_no_list_imported_nothing_is_compared():
    keep_citations([make_sample()])
    assert set(standings().values()) == {"uncompared"}


def test_what_is_imported_later_is_compared_on_demand():
    keep_citations([make_sample()])
    Authority.objects.create(key="1893 1 qb 256", reference="", name="")
    assert compare_all() == 1
    assert standings() == {"1893 1 qb 256": "known"}
    assert compare_all() == 0


def test_citations_are_read_again_on_demand():
    sample = make_sample()
    assert renew_citations(Sample.objects.all()) == 1
    Sample.objects.filter(pk=sample.pk).update(case_citation="Theft Act 1968, s 1")
    renew_citations(Sample.objects.all())
    assert [key for key, *_ in kept(sample)] == ["theft act 1968"]


def test_they_go_with_their_sample():
    keep_citations([make_sample()])
    delete_all(Sample.objects.all())
    assert not SampleCitation.objects.exists()
