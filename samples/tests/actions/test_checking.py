"""Checking samples that are there: counted by rule, stored where that is asked, in pieces, and never deleted."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from samples.actions import check_all, check_in_chunks
from samples.actions import checking as action
from samples.models import Sample, SampleCitation
from samples.quality import checking
from samples.quality.findings import Severity
from samples.tests.factories import make_sample
from samples.tests.rules import rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples(monkeypatch):
    """Three samples; the first two break a rule that flags, the first one that rejects too."""
    rules = rule("filler", word="sheer"), rule("refusal", Severity.REJECT, word="cannot")
    monkeypatch.setattr(checking, "RULES", rules)
    answers = "I cannot say sheer things.", "It is sheer luck.", "Offer and acceptance."
    return [make_sample(answer=answer, batch_id=5, item_number=place) for place, answer in enumerate(answers)]


def command(*args, **options):
    out, said = StringIO(), StringIO()
    call_command("check_samples", *args, **options, stdout=out, stderr=said)
    return out.getvalue()


def test_broken_rules_are_counted_by_sample(samples):
    report = check_all(Sample.objects.all())
    assert (report.checked, report.rejected, report.unknown) == (3, 1, 0)
    assert report.rules == {("filler", "flag"): 2, ("refusal", "reject"): 1}


def test_score_and_findings_are_stored_and_nothing_else_changes(samples):
    check_all(Sample.objects.all())
    first, second, third = Sample.objects.order_by("pk")
    assert [[found["rule"] for found in sample.held] for sample in (first, second, third)] == [
        ["filler", "refusal"],
        ["filler"],
        [],
    ]
    assert first.held[1] == {
        "rule": "refusal",
        "severity": "reject",
        "field": "answer",
        "message": "refusal is broken",
    }
    scores = [sample.score or 0 for sample in (first, second, third)]
    assert 0 < scores[0] < scores[1] < scores[2] <= 1
    assert (first.answer, first.review) == (samples[0].answer, "unreviewed")
    assert third.findings is None


def test_samples_that_were_there_before_their_citations_get_them(samples):
    Sample.objects.filter(pk=samples[0].pk).update(case_citation="Jones v Kaney [2011] UKSC 13")
    list(check_in_chunks(Sample.objects.all()))
    assert not SampleCitation.objects.exists()
    for _ in range(2):
        check_all(Sample.objects.all())
        assert SampleCitation.objects.get(sample=samples[0].pk).key == "2011 uksc 13"


def test_what_no_rule_holds_against_it_any_more_is_gone(samples, monkeypatch):
    check_all(Sample.objects.all())
    monkeypatch.setattr(checking, "RULES", ())
    check_all(Sample.objects.all())
    assert set(Sample.objects.values_list("findings", flat=True)) == {None}


def test_a_sample_of_a_kind_that_is_gone_is_checked_by_its_text(samples):
    Sample.objects.filter(pk=samples[0].pk).update(sample_type="poem")
    report = check_all(Sample.objects.all())
    assert (report.checked, report.rejected, report.unknown) == (3, 1, 1)
    assert "length" not in (Sample.objects.get(pk=samples[0].pk).score_parts or ())


def test_it_goes_in_pieces_and_on_from_where_it_was(samples, monkeypatch):
    monkeypatch.setattr(action, "CHUNK", 2)
    reports = [report.checked for report in check_in_chunks(Sample.objects.all())]
    assert reports == [2, 3]
    [rest] = check_in_chunks(Sample.objects.all(), after=samples[1].pk)
    assert (rest.checked, rest.rejected) == (1, 0)


def test_the_command_counts_and_stores_nothing(samples):
    told = command()
    assert told.splitlines() == ["3 samples checked; 1 to reject", "  filler (flag): 2", "  refusal (reject): 1"]
    assert set(Sample.objects.values_list("score", flat=True)) == {None}


def test_the_command_stores_what_it_finds_where_that_is_asked(samples):
    assert "score, findings and citations stored" in command(apply=True)
    assert Sample.objects.filter(score__isnull=True).count() == 0
    assert Sample.objects.count() == 3


@pytest.mark.parametrize(("options", "checked"), [({"batch": 5}, 3), ({"batch": 6}, 1)])
def test_the_command_checks_one_batch(samples, options, checked):
    make_sample(batch_id=6)
    assert command(**options).startswith(f"{checked} sample")


def test_the_command_checks_those_that_are_named_and_goes_on_after_one(samples):
    pks = [sample.pk for sample in samples]
    assert command(ids=pks[1:]).startswith("2 samples checked; 0 to reject")
    assert command(after=pks[1]).startswith("1 sample checked")


def test_strictly_what_breaks_a_rule_that_rejects_ends_with_1(samples):
    with pytest.raises(CommandError, match="1 sample break") as refused:
        command(strict=True)
    assert refused.value.returncode == 1
    command(strict=True, ids=[samples[1].pk])


def test_what_is_not_there_ends_with_2():
    with pytest.raises(CommandError, match="no such sample in batch 99") as refused:
        command(batch=99)
    assert refused.value.returncode == 2


def test_interrupted_it_says_how_to_go_on(samples, monkeypatch):
    monkeypatch.setattr(action, "CHUNK", 1)
    seen = iter([samples[0]])

    def interrupt(*args, check=action._check):
        if next(seen, None) is None:
            raise KeyboardInterrupt
        check(*args)

    monkeypatch.setattr(action, "_check", interrupt)
    with pytest.raises(CommandError, match=f"--after {samples[0].pk}") as stopped:
        command(apply=True)
    assert stopped.value.returncode == 130
    assert Sample.objects.filter(score__isnull=False).count() == 1
