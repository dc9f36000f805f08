"""In whose words a batch's items are asked for: in those that it was ordered with, exactly as the preview has them."""

import time

import pytest

from generation.actions import BatchOrder, resume_batch, start_batch, stop_batch
from generation.actions.prompts.preview import body_for, find_route, preview_item
from generation.actions.prompts.versions import add_version, choose_version, current_version
from generation.models import Batch, Item, PromptVersion
from generation.tests.factories import make_batch
from generation.worker.running import inline


@pytest.fixture
def judge(transactional_db):
    """A version in which one is a judge, not the current one."""
    return add_version({"system": "You are a judge.", "reask": "The judge says no: $problems $remedy"})


def work_off(batch):
    inline.work_off(batch.pk, deadline=time.monotonic() + 30)
    batch.refresh_from_db()
    return batch


def first_words(sandbox):
    return [call.body["messages"][0]["content"].partition("\n")[0] for call in sandbox.calls]


def test_a_batch_that_runs_keeps_its_version_when_another_becomes_the_current_one(vendors, judge):
    sandbox = vendors(a=["good"])
    batch = start_batch(BatchOrder(count=2), queue=False)
    before = batch.prompt_version.texts.system.partition("\n")[0]
    stop_batch(batch.pk)
    choose_version(judge.number)
    resume_batch(batch.pk)
    assert work_off(batch).generated == 2
    assert first_words(sandbox) == [before, before]


def test_an_order_takes_the_current_version_and_may_name_another(vendors, judge):
    sandbox = vendors(a=["good"])
    first = current_version()
    choose_version(judge.number)
    current, named = (start_batch(BatchOrder(count=1, prompt_version=n), queue=False) for n in (None, first.number))
    assert (current.prompt_version, named.prompt_version) == (judge, first)
    work_off(current)
    assert first_words(sandbox) == ["You are a judge."]


def test_a_model_is_asked_again_in_the_words_of_the_same_version(vendors, judge):
    sandbox = vendors(a=["wrong-schema"])
    work_off(start_batch(BatchOrder(count=1, prompt_version=judge.number), queue=False))
    asked_again = sandbox.calls[1].body["messages"]
    assert asked_again[0]["content"] == "You are a judge."
    assert asked_again[-1]["content"].startswith("The judge says no: - ")


def test_the_preview_of_an_item_is_what_the_vendor_receives(vendors, judge):
    sandbox = vendors(a=["good"])
    order = BatchOrder(count=3, prompt_version=judge.number, instruction="Cite $10 {cases}.", seed=7)
    batch = start_batch(order, queue=False)
    route = find_route("a", "good")
    expected = [body_for(route, preview_item(batch, number).request) for number in (1, 2, 3)]
    work_off(batch)
    received = [call.body for call in sandbox.calls]
    assert sorted(map(str, received)) == sorted(map(str, expected))


def test_an_item_that_is_not_planned_yet_is_previewed_as_it_will_be(vendors):
    vendors(a=["good"])
    batch = start_batch(BatchOrder(count=3, seed=7), queue=False)
    planned = [preview_item(batch, number).request for number in (1, 2, 3)]
    Item.objects.filter(batch=batch).delete()
    assert [preview_item(batch, number).request for number in (1, 2, 3)] == planned


def test_a_batch_that_is_older_than_versions_is_asked_for_in_the_releases_own_words(vendors, judge):
    sandbox = vendors(a=["good"])
    choose_version(judge.number)
    work_off(make_batch(count=1))
    assert first_words(sandbox) == [current_version().parent.texts.system.partition("\n")[0]]


def test_items_of_a_version_that_does_not_fit_this_release_fail_without_a_call_and_say_so(vendors, judge):
    sandbox = vendors(a=["good"])
    content = {**judge.content, "sample": "Write $gone."}
    old = PromptVersion.objects.create(number=3, content=content, digest="of another time")
    batch = work_off(make_batch(count=2, prompt_version=old))
    assert (batch.failed, sandbox.calls) == (2, [])
    reason = "Prompt version 3 does not fit this release: $gone is not known."
    assert set(Item.objects.filter(batch=batch).values_list("failure", flat=True)) == {reason}


def test_the_version_costs_no_query_for_each_item(vendors, judge, django_assert_max_num_queries):
    """It comes with the batch, which a lane reads once."""
    batch = Batch.objects.select_related("prompt_version").get(pk=make_batch(prompt_version=judge).pk)
    with django_assert_max_num_queries(0):
        assert batch.prompt_texts.system == "You are a judge."
