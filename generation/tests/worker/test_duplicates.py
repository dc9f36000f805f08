"""A sample is made but once: what repeats one is a wrong answer of its item, whoever is first."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch
from generation.worker.items import claims
from generation.worker.lane.duplicates import DuplicateCheck
from generation.worker.results import saving
from generation.worker.results.saving import Result
from providers.database import DatabaseAway
from providers.llm.types import Usage
from providers.routing.call import Call
from samples.models import Band, Sample, Signature
from samples.quality.draft import Draft
from samples.tests.quality.duplicates.texts import clone, draft

pytestmark = pytest.mark.django_db


def claimed(*drafts):
    """A running batch, the lease, and a result with each of these drafts."""
    batch, token = make_batch(count=len(drafts), status=BatchStatus.RUNNING), uuid4()
    items = claims.claim(batch, token, len(drafts))
    return batch, token, [Result(item, (call(),), 0, end) for item, end in zip(items, drafts, strict=True)]


def call():
    return Call(uuid4(), "a", "good", datetime.now(UTC), 0.25, usage=Usage(10, 20), status=200)


def saved(*drafts):
    batch, token, results = claimed(*drafts)
    saving.save(batch.pk, token, results)
    batch.refresh_from_db()
    return batch


def test_a_copy_in_another_batch_is_a_wrong_answer_whose_text_is_kept():
    first = saved(draft(1))
    second = saved(draft(1), draft(2))
    assert (second.generated, second.failed, second.attempts) == (1, 0, 2)
    attempt = Attempt.objects.get(item__number=1, batch=second)
    assert attempt.outcome == "bad_output"
    assert f"the same as sample {Sample.objects.of_batch(first.pk).get().pk}" in attempt.detail
    assert json.loads(attempt.answer)["question"] == draft(1).question
    item = Item.objects.get(batch=second, number=1)
    assert (item.status, item.faults, item.sample) == (ItemStatus.PENDING, 1, None)


@pytest.mark.parametrize("copy", [draft(1), clone(draft(1)), replace(draft(1), question=draft(1).question.upper())])
def test_of_two_in_one_group_the_first_is_kept(copy):
    batch = saved(draft(1), copy)
    assert list(Sample.objects.values_list("item_number", flat=True)) == [1]
    assert (batch.generated, Item.objects.get(batch=batch, number=2).faults) == (1, 1)


def test_other_words_about_the_same_facts_pass():
    batch = saved(draft(1), draft(2), draft(3))
    assert batch.generated == 3
    assert Signature.objects.count() == 3
    assert Band.objects.count() == 63


def test_what_was_saved_already_is_no_copy_of_itself():
    batch, token, results = claimed(draft(1))
    for _ in range(2):
        saving.save(batch.pk, token, results)
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, Item.objects.get(batch=batch).status) == (1, 1, ItemStatus.DONE)


def test_a_copy_of_an_item_that_another_lane_holds_changes_nothing_but_the_calls():
    saved(draft(1))
    batch, _, results = claimed(draft(1))
    saving.save(batch.pk, uuid4(), results)
    item = Item.objects.get(batch=batch)
    assert (item.status, item.faults, Attempt.objects.filter(batch=batch).count()) == (ItemStatus.LEASED, 0, 1)


def test_a_copy_that_nobody_looked_for_spoils_no_group():
    """As it is stored by somebody who does not take the lock."""
    saved(draft(1))
    Signature.objects.all().delete()
    Band.objects.all().delete()
    batch, token, results = claimed(draft(1), draft(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("samples.duplicates.saving.first_of", lambda drafts: [None] * len(drafts))
        saving.save(batch.pk, token, results)
    batch.refresh_from_db()
    assert (batch.generated, batch.failed, batch.attempts) == (1, 0, 2)
    assert Item.objects.get(batch=batch, number=1).faults == 1


def test_with_the_check_switched_off_everything_is_stored_and_nobody_has_looked_at_it(settings):
    settings.CHECK_DUPLICATES = False
    assert saved(draft(1), draft(1)).generated == 2
    assert list(Sample.objects.values_list("text_hash", flat=True)) == [None, None]


@pytest.mark.django_db(transaction=True)
def test_eight_lanes_at_once_keep_one_of_each_pair_and_lose_no_answer():
    """Every pair is written by two lanes, in opposite orders."""
    pairs, lanes = 40, 8
    drafts = [draft(number) for number in range(pairs)]
    mine = [[*drafts[lane % 4 :: 4]] for lane in range(lanes)]
    groups = [claimed(*(group if lane < 4 else map(clone, group[::-1]))) for lane, group in enumerate(mine)]
    start = threading.Barrier(lanes)

    def save(group):
        try:
            start.wait(10)
            saving.save(group[0].pk, *group[1:])
        finally:
            connection.close()

    with ThreadPoolExecutor(lanes) as pool:
        list(pool.map(save, groups))
    assert Sample.objects.count() == pairs
    assert Attempt.objects.filter(outcome="bad_output").exclude(answer="").count() == pairs
    assert Item.objects.filter(status=ItemStatus.PENDING, faults=1).count() == pairs
    assert sum(Batch.objects.values_list("generated", flat=True)) == pairs


class Asked:
    """A lane's database that answers when it is told to; ``groups`` are the drafts that it was asked about."""

    def __init__(self, error=None):
        self.groups: list[list[Draft]] = []
        self.error = error
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def ask(self, function, drafts):
        self.groups.append(drafts)
        self.asked.set()
        await self.go_on.wait()
        if self.error:
            raise self.error
        return [None] * len(drafts)


def look_up(database, drafts, *, cut_off=False):
    async def look():
        check = DuplicateCheck(database)
        looks = [asyncio.create_task(check.look_up(each)) for each in drafts]
        await database.asked.wait()
        if cut_off:
            for each in looks:
                each.cancel()
        else:
            database.go_on.set()
        found = await asyncio.gather(*looks)
        await check.close()
        return found

    return asyncio.run(look())


def test_drafts_that_wait_are_counted_for_their_items_have_no_call_under_way():
    async def look():
        database = Asked()
        check = DuplicateCheck(database)
        looks = [asyncio.create_task(check.look_up(draft(number))) for number in range(3)]
        await database.asked.wait()
        waiting = check.waiting
        database.go_on.set()
        await asyncio.gather(*looks)
        return waiting, check.waiting

    assert asyncio.run(look()) == (3, 0)


def test_drafts_that_come_together_are_looked_up_together():
    database = Asked()
    look_up(database, [draft(1), draft(2), draft(3)])
    assert database.groups == [[draft(1), draft(2), draft(3)]]


@pytest.mark.parametrize("error", [DatabaseAway("gone"), ValueError("a bug")])
def test_where_nobody_can_look_the_draft_goes_on_to_be_saved(error):
    assert look_up(Asked(error), [draft(1)]) == [()]


def test_a_draft_that_is_cut_off_while_it_is_looked_up_goes_on_to_be_saved():
    assert look_up(Asked(), [draft(1)], cut_off=True) == [()]


def test_a_draft_that_repeats_a_sample_is_told_so_before_it_is_saved(run_batch, vendors):
    """A model that answers the same to everything: it is told once, and the item then fails by its own budget."""
    vendors(a=["good"])
    first = run_batch(count=1, seed=7)
    second = run_batch(count=1, seed=7)
    [rejected, asked_again] = Attempt.objects.filter(batch=second).order_by("pk")
    assert first.generated == second.generated == 1
    assert "whose question begins" in rejected.detail
    assert rejected.answer != ""
    assert asked_again.outcome == "ok"
