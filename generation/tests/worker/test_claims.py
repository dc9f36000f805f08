"""Claims, leases and endings on PostgreSQL, with real second connections where two lanes meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.tests.factories import make_batch
from generation.worker.items import batches, claims
from generation.worker.running.upkeep import EXPIRATIONS_MAX, hand_back_expired

pytestmark = pytest.mark.django_db


def expire(batch):
    Item.objects.filter(batch=batch).update(leased_until=Now() - timedelta(seconds=1))


def test_a_claim_leases_the_first_pending_items():
    batch = make_batch(count=5, status=BatchStatus.RUNNING)
    items = claims.claim(batch, uuid4(), 3)
    assert [item.number for item in items] == [1, 2, 3]
    assert Item.objects.filter(batch=batch, status=ItemStatus.LEASED).count() == 3


def test_nothing_is_claimed_of_a_batch_that_does_not_run():
    batch = make_batch(count=5, status=BatchStatus.STOPPED)
    assert claims.claim(batch, uuid4(), 3) == []


@pytest.mark.django_db(transaction=True)
def test_lanes_that_claim_at_once_never_share_an_item():
    batch = make_batch(count=60, status=BatchStatus.RUNNING)

    def lane(_):
        try:
            return [item.pk for _ in range(5) for item in claims.claim(batch, uuid4(), 4)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        claimed = [pk for pks in pool.map(lane, range(4)) for pk in pks]
    assert len(claimed) == len(set(claimed)) == 60


def test_an_expired_lease_is_handed_back():
    batch = make_batch(count=1, status=BatchStatus.RUNNING)
    claims.claim(batch, uuid4(), 1)
    expire(batch)
    assert hand_back_expired() == 1
    item = Item.objects.get(batch=batch)
    assert (item.status, item.lease_token, item.expirations) == (ItemStatus.PENDING, None, 1)


def test_a_renewed_lease_is_not_handed_back():
    batch, token = make_batch(count=1, status=BatchStatus.RUNNING), uuid4()
    claims.claim(batch, token, 1)
    expire(batch)
    assert claims.renew(token) == 1
    assert hand_back_expired() == 0


def test_an_item_that_outlives_its_workers_again_and_again_fails():
    batch = make_batch(count=1, status=BatchStatus.RUNNING)
    for _ in range(EXPIRATIONS_MAX):
        claims.claim(batch, uuid4(), 1)
        expire(batch)
        hand_back_expired()
    batch.refresh_from_db()
    assert (Item.objects.get(batch=batch).status, batch.failed, batch.status) == (
        ItemStatus.FAILED,
        1,
        BatchStatus.FAILED,
    )


@pytest.mark.parametrize(
    ("done", "failed", "end"),
    [
        (2, 0, BatchStatus.COMPLETED),
        (1, 1, BatchStatus.COMPLETED_WITH_FAILURES),
        (0, 2, BatchStatus.FAILED),
    ],
)
def test_a_batch_ends_as_what_its_items_say(done, failed, end):
    batch = make_batch(count=2, status=BatchStatus.RUNNING, done=done, failed=failed)
    assert batches.finish_if_done(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.finished_at is None) == (end, False)


def test_a_batch_with_open_items_does_not_end():
    batch = make_batch(count=2, status=BatchStatus.RUNNING, done=1)
    assert not batches.finish_if_done(batch.pk)


def test_a_stopped_batch_stays_stopped():
    batch = make_batch(count=1, status=BatchStatus.STOPPED, done=1)
    assert not batches.finish_if_done(batch.pk)
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.STOPPED


def test_what_is_handed_back_can_be_claimed_by_others_and_what_is_kept_can_not():
    batch, token = make_batch(count=3, status=BatchStatus.RUNNING), uuid4()
    kept = claims.claim(batch, token, 3)[0]
    assert claims.hand_back(token, keeping={kept.pk}) == 2
    assert [item.number for item in claims.claim(batch, uuid4(), 3)] == [2, 3]


def test_nothing_of_another_lease_is_handed_back():
    batch = make_batch(count=3, status=BatchStatus.RUNNING)
    claims.claim(batch, uuid4(), 3)
    assert claims.hand_back(uuid4()) == 0


def test_a_claimed_item_is_whole():
    batch, token = make_batch(count=1, status=BatchStatus.RUNNING), uuid4()
    item = claims.claim(batch, token, 1)[0]
    assert (item.status, item.lease_token, item.get_deferred_fields()) == (ItemStatus.LEASED, token, set())
    assert item.leased_until is not None
    assert item.leased_until - timezone.now() > timedelta(seconds=15)


def test_an_item_that_must_wait_for_itself_is_not_claimed():
    batch = make_batch(count=2, status=BatchStatus.RUNNING)
    batch.items.filter(number=1).update(retry_at=Now() + timedelta(minutes=1))
    batch.items.filter(number=2).update(retry_at=Now() - timedelta(minutes=1))
    assert [item.number for item in claims.claim(batch, uuid4(), 2)] == [2]
