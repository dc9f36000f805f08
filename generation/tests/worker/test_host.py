"""A process with more than one lane: guests are batches for which no other process was free."""

import threading

import pytest
from django.db import OperationalError

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.tests.worker.lanes import order, wait_until
from generation.worker.items import places
from generation.worker.items.places import Place
from generation.worker.running import host as hosts
from generation.worker.running.host import Host
from providers.routing.limits.urgency import Urgency


@pytest.fixture
def queued(monkeypatch):
    """The places that are sent to the broker."""
    sent: list[Place] = []
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


class Lanes:
    """Stand for all lanes of a process: each looks for guests until the test ends it.

    ``waiting`` is who waits, ``urgent`` who does so urgently.
    """

    def __init__(self):
        self.waiting = []
        self.urgent = []
        self.began = []
        self.ends = {}
        self.seconds = {}
        self.errors = {}
        self.over = threading.Event()
        self.threads = []

    def begin(self, host):
        """The lane of batch 1, in a process that is this host's."""
        self.threads.append(threading.Thread(target=host.work, args=[Place(1, 0, 0)]))
        self.threads[-1].start()
        return self.threads[-1]

    def find(self, besides, *, urgency):
        waiting = self.urgent + (self.waiting if urgency < Urgency.URGENT else [])
        return [place for place in waiting if place.batch_id not in besides]

    def run(self, place, *, claim_for_s, look_for_guests, **_):
        self.began.append(place.batch_id)
        self.seconds[place.batch_id] = claim_for_s
        if error := self.errors.get(place.batch_id):
            raise error
        end = self.ends.setdefault(place.batch_id, threading.Event())
        while not end.wait(0.01) and not self.over.is_set():
            look_for_guests()
        self.waiting = [other for other in self.waiting if other.batch_id != place.batch_id]
        return Place(place.batch_id, place.slot, place.round + 1)


@pytest.fixture
def lanes(monkeypatch, queued):
    lanes = Lanes()
    monkeypatch.setattr(hosts, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(hosts, "run_lane", lanes.run)
    monkeypatch.setattr(places, "waiting", lanes.find)
    yield lanes
    lanes.waiting = lanes.urgent = []
    lanes.over.set()
    for thread in lanes.threads:
        thread.join(60)
        assert not thread.is_alive()


def test_a_process_takes_in_a_few_and_another_one_when_one_of_them_leaves(lanes, monkeypatch):
    monkeypatch.setattr(hosts, "GUESTS", 2)
    lanes.waiting = [Place(batch_id, 0, 0) for batch_id in (2, 3, 4)]
    host = Host()
    thread = lanes.begin(host)
    wait_until(lambda: len(lanes.began) == 3)
    assert sorted(lanes.began) == [1, 2, 3]
    lanes.ends[2].set()
    wait_until(lambda: len(lanes.began) == 4)
    assert lanes.began[-1] == 4
    for end in lanes.ends.values():
        end.set()
    thread.join(30)
    assert not thread.is_alive()


def test_for_an_urgent_batch_there_is_a_seat_where_all_others_are_taken(lanes, monkeypatch):
    monkeypatch.setattr(hosts, "GUESTS", 1)
    lanes.waiting = [Place(2, 0, 0), Place(3, 0, 0)]
    lanes.begin(Host())
    wait_until(lambda: len(lanes.began) == 2)
    lanes.urgent = [Place(4, 0, 0), Place(5, 0, 0)]
    wait_until(lambda: len(lanes.began) == 3)
    assert sorted(lanes.began) == [1, 2, 4]


def test_a_process_works_on_until_its_last_guest_has_left_whom_guests_let_in_too(lanes, queued):
    host = Host()
    thread = lanes.begin(host)
    wait_until(lambda: 1 in lanes.ends)
    lanes.waiting = [Place(2, 0, 0)]
    wait_until(lambda: 2 in lanes.ends)
    lanes.ends[1].set()
    wait_until(lambda: queued == [Place(1, 0, 1)])  # its own place is queued at once
    lanes.waiting = [Place(3, 0, 0)]
    wait_until(lambda: 3 in lanes.ends)
    lanes.ends[2].set()
    assert thread.is_alive()
    lanes.ends[3].set()
    thread.join(30)
    assert sorted(place.batch_id for place in queued) == [1, 2, 3]


@pytest.mark.parametrize("error", [OperationalError("away"), LookupError("a bug")], ids=repr)
def test_what_ends_a_guest_does_not_end_its_host(lanes, queued, error):
    lanes.errors[2] = error
    lanes.waiting = [Place(2, 0, 0)]
    thread = lanes.begin(Host())
    wait_until(lambda: lanes.began.count(2) > 1)
    assert thread.is_alive()
    lanes.ends[1].set()
    thread.join(30)
    assert queued == [Place(1, 0, 1)]


def test_a_guest_may_work_as_long_as_its_host_has_left_or_a_short_while(lanes, monkeypatch):
    lanes.waiting = [Place(2, 0, 0)]
    monkeypatch.setattr(hosts, "LONGEST_S", 50.0)
    lanes.begin(Host())
    wait_until(lambda: 2 in lanes.seconds)
    monkeypatch.setattr(hosts, "LONGEST_S", 1.0)
    lanes.begin(Host())
    wait_until(lambda: lanes.began.count(2) == 2)
    assert (lanes.seconds[2], lanes.began.count(1)) == (hosts.LEAST_S, 2)


def test_nobody_is_taken_in_during_a_halt_or_after_the_last_lane_has_left(lanes):
    lanes.waiting = [Place(2, 0, 0)]
    halted = Host(is_halted=lambda: True)
    thread = lanes.begin(halted)
    wait_until(lambda: 1 in lanes.ends)
    lanes.ends[1].set()
    thread.join(30)
    Host().look()
    assert lanes.began == [1]
