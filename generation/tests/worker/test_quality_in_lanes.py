"""Lanes and the rules of quality: what breaks one is asked again, then replaced once, then short."""

from dataclasses import replace

import pytest
from django.utils import timezone

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Item
from generation.tests.rules import first, rule
from samples import vocabulary
from samples.models import Sample
from samples.quality.findings import Severity
from samples.taxonomy import taxonomy


def test_by_all_rules_every_first_answer_of_a_good_model_is_taken_without_a_finding(vendors, run_batch):
    vendors(a=["good"])
    batch = run_batch(count=32)
    assert (batch.status, batch.generated, batch.attempts) == (BatchStatus.COMPLETED, 32, 32)
    assert not Sample.objects.of_batch(batch.pk).exclude(findings=None).exists()


def test_a_model_that_breaks_a_rule_and_mends_it_when_told_is_asked_twice_for_each_item(vendors, run_batch):
    vendors(a=["break-once-cut_off"])
    batch = run_batch(count=4)
    assert (batch.status, batch.generated, batch.attempts) == (BatchStatus.COMPLETED, 4, 8)
    told = Attempt.objects.filter(outcome="bad_output").values_list("rules", flat=True)
    assert [list(rules or ()) for rules in told] == [["cut_off"]] * 4


def test_a_model_that_repeats_itself_makes_one_sample_of_a_kind(vendors, run_batch):
    vendors(a=["break-near_duplicate", "good"])
    kind = {"jurisdictions": ("us",), "sample_types": ("case_analysis",), "difficulties": ("basic",)}
    batch = run_batch(count=3, **kind)
    assert (batch.status, batch.generated) == (BatchStatus.COMPLETED, 3)
    repeating = Sample.objects.of_batch(batch.pk).filter(model="break-near_duplicate")
    assert repeating.count() < 3
    told = Attempt.objects.filter(outcome="bad_output").values_list("rules", flat=True)
    assert {name for rules in told for name in rules} == {"near_duplicate"}


def test_a_rejected_answer_is_asked_again_with_what_was_found(vendors, run_batch, rules):
    rules(rule("filler", found_in=first(1)))
    vendors(a=["good"])
    batch = run_batch(count=1)
    assert (batch.status, batch.generated, batch.attempts) == (BatchStatus.COMPLETED, 1, 2)
    rejected, accepted = Attempt.objects.order_by("pk")
    assert (rejected.outcome, rejected.rules, rejected.detail) == (
        "bad_output",
        {"filler": "filler is broken"},
        "filler is broken",
    )
    assert (accepted.outcome, accepted.rules) == ("ok", None)
    assert [rejected.is_first_answer, accepted.is_first_answer] == [True, False]


def test_a_flag_costs_no_call_and_stands_on_the_sample_with_its_score(vendors, run_batch, rules):
    rules(rule("year", Severity.FLAG))
    vendors(a=["good"])
    batch = run_batch(count=2)
    assert (batch.generated, batch.attempts) == (2, 2)
    for sample in Sample.objects.of_batch(batch.pk):
        assert sample.findings == [{"rule": "year", "severity": "flag", "field": "answer", "message": "year is broken"}]
        assert 0 < (sample.score or 0) < 1
        assert set(sample.score_parts or ()) >= {"length", "citations", "flags"}


def test_a_sample_without_a_finding_has_a_score_and_no_findings(vendors, run_batch, rules):
    vendors(a=["good"])
    batch = run_batch(count=1)
    sample = Sample.objects.of_batch(batch.pk).get()
    assert sample.as_at == timezone.localdate(batch.created_at)
    assert sample.findings is None
    assert sample.score is not None


def test_an_item_whose_budget_went_into_rejected_answers_is_replaced_by_one_of_its_kind(vendors, run_batch, rules):
    rules(rule("filler", found_in=first(2)))
    vendors(a=["good"])
    batch = run_batch(count=1, item_budget=2)
    assert (batch.status, batch.generated, batch.failed, batch.replaced) == (BatchStatus.COMPLETED, 1, 0, 1)
    item, sample = Item.objects.get(batch=batch), Sample.objects.of_batch(batch.pk).get()
    assert (item.status, item.sample, item.faults) == (ItemStatus.DONE, sample, 0)
    assert (sample.topic, sample.sample_type) == (item.topic, item.sample_type)
    assert list(Attempt.objects.order_by("pk").values_list("is_first_answer", flat=True)) == [True, False, True]


def test_what_fails_again_after_it_was_replaced_is_short(vendors, run_batch, rules):
    rules(rule("filler"))
    vendors(a=["good"])
    batch = run_batch(count=2, item_budget=2)
    assert (batch.status, batch.generated, batch.failed, batch.replaced) == (BatchStatus.FAILED, 0, 2, 2)
    assert batch.attempts == 8
    assert set(Item.objects.filter(batch=batch).values_list("status", "faults")) == {(ItemStatus.FAILED, 2)}


@pytest.mark.parametrize("model", ["bad-request", "context-length"])
def test_what_was_only_refused_is_not_replaced(vendors, run_batch, rules, model):
    vendors(a=[model])
    batch = run_batch(count=1, item_budget=1)
    assert (batch.failed, batch.replaced) == (1, 0)


def test_the_rules_go_by_the_taxonomy_that_the_batch_was_ordered_with(vendors, run_batch, rules, monkeypatch):
    known = taxonomy()
    own = replace(known, sample_types=tuple(replace(kind, words=(7, 9)) for kind in known.sample_types))
    monkeypatch.setattr(vocabulary, "edition", lambda key: own)
    asked_for = set()
    rules(rule("words", found_in=lambda draft, asked: asked_for.add(asked.words)))
    vendors(a=["good"])
    batch = run_batch(count=2)
    assert asked_for == {(7, 9)}
    parts = Sample.objects.of_batch(batch.pk).values_list("score_parts__length", flat=True)
    assert 1.0 not in parts
