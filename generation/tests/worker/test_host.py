"""A process with more than one lane: guests are batches for which no other process was free."""

import threading

import pytest

from generation import actions
from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item, Lane
from generation.tests.worker.lanes import order, wait_until
from generation.worker.items import places
from generation.worker.running import host as hosts
from generation.worker.running.host import Host


@pytest.fixture
def queued(monkeypatch):
    """The places that are sent to the broker."""
    sent = []
    monkeypatch.setattr(hosts, "queue_lanes", sent.extend)
    return sent


@pytest.fixture
def big(vendors, in_background, settings, queued):
    """A batch that holds the only process: its first calls take longer than any test. ``halt`` ends it."""
    settings.SHUTDOWN_GRACE_S = 0
    vendors(slow=["slow-60s"], fast=["good"])
    batch = order(500, provider="slow", when_full="stay")
    batch.halt = threading.Event()
    in_background(Host(is_halted=batch.halt.is_set).work, places.prepare(batch)[0])
    wait_until(lambda: in_work(batch), 60)
    yield batch
    batch.halt.set()


def in_work(batch):
    return Item.objects.filter(batch=batch, status=ItemStatus.LEASED).exists()


def start(count, provider="fast"):
    """A batch whose places are queued, and nobody comes."""
    batch = order(count, provider=provider, when_full="stay")
    places.prepare(batch)
    return batch


def status(batch):
    return Batch.objects.get(pk=batch.pk).status


def test_a_batch_for_which_no_process_is_free_is_done_beside_another_one(big):
    small = start(5)
    wait_until(lambda: status(small) == BatchStatus.COMPLETED, 60)
    assert small.samples_count() if hasattr(small, "samples_count") else True
    assert (Batch.objects.get(pk=small.pk).generated, status(big)) == (5, BatchStatus.RUNNING)
    assert Batch.objects.get(pk=big.pk).generated == 0


def test_a_halt_reaches_guests_and_every_place_is_queued_again(big, queued, in_background):
    guest = start(500, "slow")
    wait_until(lambda: in_work(guest), 60)
    big.halt.set()
    wait_until(lambda: len(queued) == 2, 60)
    assert {place.batch_id for place in queued} == {big.pk, guest.pk}
    assert not in_work(big)
    assert not in_work(guest)
