"""A lane's beat: leases are renewed, a stop is obeyed, and what has changed is taken up, whatever the database does."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from generation.actions import set_urgency
from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_batch
from generation.worker.items import batches, claims, places
from generation.worker.items.batches import BatchState
from generation.worker.lane import beat as beats
from generation.worker.lane.beat import Beat
from generation.worker.lane.observer import LaneObserver, Recovered
from generation.worker.lane.routes import LaneRoutes
from generation.worker.results import news
from generation.worker.running import upkeep
from providers.configuration.snapshot import keeper
from providers.database import DatabaseAway
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.limits.urgency import Urgency

RUNNING = BatchState(BatchStatus.RUNNING, "", 7, 2, (None, None))
ROUNDS = 3


class Parts:
    """Of a lane: each notes what it is told. The database answers with ``state``; its first answers are ``faults``."""

    def __init__(self, state, *faults):
        self.state, self.faults = state, list(faults)
        self.asked, self.told = [], []
        self.over = asyncio.Event()
        self.observer = LaneObserver()
        self.store = self.adapting = self.told_limits = self
        self.news = ()
        self.chain = ()
        self.open_items = self.lanes = 0
        self.changes = False
        self.surplus = []

    async def ask(self, function, *args, **kwargs):
        self.asked.append(function)
        if self.asked.count(batches.state_of) > ROUNDS:
            self.over.set()
        if self.faults:
            raise self.faults.pop(0)
        return self.state if function == batches.state_of else None

    def take_up(self, snapshot, state):
        return self.changes

    def disperse(self):
        self.told.append("disperse")

    def look_again(self):
        self.told.append("look again")

    def stop(self):
        self.told.append("stop")

    def waiting(self):
        return []

    def let_go(self):
        return self.surplus

    def look_for_guests(self):
        raise AssertionError("only the database's thread looks")

    async def look(self, *args):
        return None

    async def tell(self, *args):
        return None

    def __len__(self):
        return 1


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(beats, "BEAT_S", 0.0)
    monkeypatch.setattr(beats, "RENEW_S", -1.0)
    monkeypatch.setattr(upkeep, "keep_up_in_turn", lambda: None)


def beaten(state, *faults, prepare=lambda parts: None):
    """The parts of a lane after some rounds of its beat."""

    async def main():
        parts: Any = Parts(state, *faults)  # it stands for all of them
        prepare(parts)
        beat = Beat(
            Batch(pk=1), uuid4(), parts, parts, parts, parts.observer, parts, parts, parts.stop, parts.look_for_guests
        )
        beating = asyncio.create_task(beat.go_on())
        await parts.over.wait()
        beating.cancel()
        await asyncio.wait([beating])
        beat.close()
        return parts

    return asyncio.run(main())


def test_a_lane_that_lives_renews_its_leases_and_claims_again():
    parts = beaten(RUNNING)
    assert min(parts.asked.count(places.show), parts.asked.count(claims.renew)) >= ROUNDS
    assert set(parts.told) == {"look again"}
    assert (parts.open_items, parts.lanes) == (RUNNING.open_items, RUNNING.lanes)


@pytest.mark.parametrize(
    "state", [None, BatchState(BatchStatus.STOPPED, "", 7, 2, (None, None))], ids=["gone", "stopped"]
)
def test_a_batch_that_does_not_run_any_more_stops_the_lane_which_holds_on_to_what_is_in_flight(state):
    parts = beaten(state)
    assert "stop" in parts.told
    assert claims.renew in parts.asked


def test_what_changes_sends_everybody_in_line_to_look_for_his_way_anew():
    def change(parts):
        parts.changes = True

    assert "disperse" in beaten(RUNNING, prepare=change).told


def test_what_is_more_than_the_lanes_share_is_let_go():
    def claim_ahead(parts):
        parts.surplus = [3, 4]

    assert claims.let_go in beaten(RUNNING, prepare=claim_ahead).asked
    assert claims.let_go not in beaten(RUNNING).asked


def test_whoever_waits_for_a_host_is_looked_for():
    parts = beaten(RUNNING)
    assert parts.look_for_guests in parts.asked


def test_news_is_written_down():
    def note(parts):
        parts.observer.notes.append(Recovered("a"))

    assert news.write in beaten(RUNNING, prepare=note).asked


@pytest.mark.parametrize("fault", [DatabaseAway("away"), ValueError("a bug")], ids=repr)
def test_the_beat_goes_on_after_a_fault(fault):
    parts = beaten(RUNNING, fault, fault)
    assert claims.renew in parts.asked


@pytest.mark.django_db
def test_routes_are_the_same_object_until_something_changes(monkeypatch):
    provider = ProviderEntry("a", "A", "openai", "http://x", requires_key=False, models=(ModelEntry("m"),))
    first, second = Snapshot(1, (provider,)), Snapshot(2, ())
    monkeypatch.setattr(keeper, "current", lambda **_: first)
    batch = make_batch(status=BatchStatus.RUNNING)
    routes = LaneRoutes(batch)
    before = routes.chain
    assert not routes.take_up(first, RUNNING)
    assert routes.chain is before
    assert routes.take_up(second, RUNNING)
    assert routes.chain == ()
    capped = BatchState(BatchStatus.RUNNING, "", 7, 2, (None, Decimal(1)))
    assert routes.take_up(first, capped)
    assert (batch.cost_cap, routes.chain) == (Decimal(1), ())  # its prices are not known


@pytest.mark.django_db
def test_a_changed_urgency_is_taken_up_and_everybody_looks_anew(monkeypatch):
    snapshot = Snapshot(1, (ProviderEntry("a", "A", "openai", "http://x", requires_key=False),))
    monkeypatch.setattr(keeper, "current", lambda **_: snapshot)
    batch = make_batch(status=BatchStatus.RUNNING)
    routes = LaneRoutes(batch)
    set_urgency(batch.pk, "urgent")
    state = batches.state_of(batch.pk)
    assert state is not None
    assert routes.take_up(snapshot, state)
    assert batch.urgency == Urgency.URGENT
    assert not routes.take_up(snapshot, state)
