"""A lane whose worker must stop, with calls in flight and with a database that is away."""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections

from generation.choices import ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.worker.lanes import order, wait_until
from generation.worker.items import claims, places
from generation.worker.items.places import Place
from generation.worker.lane.lane import run_lane
from generation.worker.results import files, recovery, saving
from providers import actions as provider_actions
from samples.models import Sample


class Halt:
    """A lane in a thread, and the wish that it stops."""

    def __init__(self, batch):
        self.place = places.prepare(batch)[0]
        self.asked, self.is_urgent = threading.Event(), threading.Event()
        self.comes_back: Place | None = None
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._run)

    def start(self):
        self.thread.start()
        return self

    def ask(self):
        self.asked.set()
        started = time.monotonic()
        self.thread.join(60)
        assert not self.thread.is_alive()
        return time.monotonic() - started

    def _run(self):
        try:
            self.comes_back = run_lane(self.place, is_halted=self.asked.is_set, is_urgent=self.is_urgent.is_set)
        except Exception as error:  # noqa: BLE001 - shown to the test
            self.error = error
        finally:
            connections.close_all()


@pytest.fixture
def halt():
    halts = []

    def make(batch):
        halts.append(Halt(batch).start())
        return halts[-1]

    yield make
    for each in halts:
        each.ask()


@pytest.fixture(autouse=True)
def _data_folder(settings, tmp_path):
    settings.LEGALDS_DATA = tmp_path


def leased(batch):
    return Item.objects.filter(batch=batch, status=ItemStatus.LEASED).count()


def test_calls_in_flight_are_waited_for_and_the_rest_goes_back_at_once(vendors, halt):
    sandbox = vendors(a=["slow-5s"])
    provider_actions.update_provider("a", {"extra_config": {"timeout_s": 60}})
    batch = order(60)
    lane = halt(batch)
    wait_until(lambda: len(sandbox.calls) >= 4, timeout_s=60)
    lane.asked.set()
    wait_until(lambda: leased(batch) == len(sandbox.calls), timeout_s=60)
    batch.refresh_from_db()
    assert batch.generated == 0
    lane.ask()
    batch.refresh_from_db()
    assert batch.generated == batch.attempts == len(sandbox.calls) < 60
    assert lane.comes_back == Place(batch.pk, 0, 1)
    assert leased(batch) == 0


def test_after_its_grace_a_call_is_cut_off_and_its_item_handed_back(vendors, halt, settings):
    settings.SHUTDOWN_GRACE_S = 1
    sandbox = vendors(a=["slow-60s"])
    provider_actions.update_provider("a", {"extra_config": {"timeout_s": 90}})
    batch = order(2)
    lane = halt(batch)
    wait_until(lambda: len(sandbox.calls) == 2, timeout_s=60)
    assert lane.ask() < 30
    assert Item.objects.filter(batch=batch, status=ItemStatus.PENDING).count() == 2
    cut_off = Attempt.objects.filter(batch=batch, outcome="connection", detail__contains="shut down")
    assert cut_off.count() == Batch.objects.get(pk=batch.pk).attempts == 2


def test_an_urgent_halt_waits_for_no_call(vendors, halt):
    sandbox = vendors(a=["slow-60s"])
    provider_actions.update_provider("a", {"extra_config": {"timeout_s": 90}})
    batch = order(2)
    lane = halt(batch)
    wait_until(lambda: len(sandbox.calls) == 2, timeout_s=60)
    lane.is_urgent.set()
    assert lane.ask() < 30


def test_a_place_that_is_taken_up_during_a_halt_goes_back_as_it_came(vendors):
    vendors(a=["good"])
    place = places.prepare(order(2))[0]
    assert run_lane(place, is_halted=lambda: True) == place


@pytest.fixture(params=["away", "silent"])
def broken(request, monkeypatch):
    """Saving meets a database that is away, or says nothing until the test is over; and the event that it was tried."""
    tried, over = threading.Event(), threading.Event()

    def save(*args):
        tried.set()
        if request.param == "silent":
            connection.close()  # so that the test's end need not wait for it
            over.wait()
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(saving, "save", save)
        yield tried, patch
        over.set()


def test_results_that_cannot_be_saved_at_a_halt_are_saved_by_the_next_process(vendors, halt, broken):
    sandbox = vendors(a=["good"])
    tried, patch = broken
    batch = order(4)
    lane = halt(batch)
    assert tried.wait(60)
    wait_until(lambda: len(sandbox.calls) == 4, timeout_s=60)
    lane.ask()
    assert files.left()
    patch.undo()
    recovery.take_up()
    batch.refresh_from_db()
    assert (batch.generated, batch.attempts, Sample.objects.count(), len(sandbox.calls)) == (4, 4, 4, 4)


def test_a_bug_in_claiming_costs_no_call_in_flight(vendors, halt, monkeypatch, settings):
    settings.GENERATION_CALLS_PER_LANE = 2
    sandbox = vendors(a=["slow-700ms"])
    claim = claims.claim
    claimed: list[Item] = []

    def breaks_later(*args):
        if claimed:
            raise LookupError("a bug")
        claimed.extend(claim(args[0], args[1], 3))
        return [*claimed]

    monkeypatch.setattr(claims, "claim", breaks_later)
    monkeypatch.setattr("generation.worker.lane.in_work.BITE", 1)
    batch = order(60)
    lane = halt(batch)
    lane.thread.join(60)
    batch.refresh_from_db()
    assert isinstance(lane.error, LookupError)
    assert batch.generated == len(sandbox.calls) >= 2
    assert leased(batch) == 0


def test_items_whose_claim_was_not_confirmed_are_not_held_by_nobody(vendors, halt, monkeypatch):
    vendors(a=["good"])
    claim = claims.claim
    lost: list[Item] = []

    def loses_its_first_answer(*args):
        items = claim(*args)
        if not lost:
            lost.extend(items)
            connection.close()
            raise OperationalError("the connection broke")
        return items

    monkeypatch.setattr(claims, "claim", loses_its_first_answer)
    batch = order(4)
    lane = halt(batch)
    lane.thread.join(60)
    assert lost
    assert Batch.objects.get(pk=batch.pk).generated == 4
