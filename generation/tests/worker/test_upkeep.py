from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.utils import timezone
from redis import RedisError

from generation import actions
from generation.actions import batches
from generation.choices import BatchStatus
from generation.models import Batch, Item, Lane
from generation.tests.factories import make_batch
from generation.worker.items import places
from generation.worker.running import processes, upkeep
from generation.worker.running.upkeep import wake_paused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_processes_and_small_shares(settings, monkeypatch):
    settings.GENERATION_CALLS_PER_LANE = 1
    monkeypatch.setattr(processes, "count", lambda: 3)


@pytest.fixture
def queued(monkeypatch):
    """The lanes that are sent to the broker."""
    sent: list[tuple[int, int]] = []

    def note(places):
        sent.extend((place.batch_id, place.slot) for place in places)

    for module in (batches, upkeep):
        monkeypatch.setattr(module, "queue_lanes", note)
    return sent


def test_a_paused_batch_wakes_when_its_time_has_come():
    early = make_batch(status=BatchStatus.PAUSED, wake_at=Now() + timedelta(minutes=1))
    due = make_batch(status=BatchStatus.PAUSED, wake_at=Now() - timedelta(seconds=1))
    assert wake_paused() == [due.pk]
    assert set(Batch.objects.filter(status=BatchStatus.PAUSED)) == {early}


def test_a_batch_that_waits_for_a_route_sleeps_on_while_none_can_work():
    batch = make_batch(status=BatchStatus.PAUSED, wake_at=None)
    assert wake_paused() == []
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.PAUSED


def test_a_place_that_nobody_comes_to_is_sent_for_once():
    batch = make_batch(status=BatchStatus.RUNNING)
    Lane.objects.create(batch=batch, slot=0)
    assert [place.slot for place in places.send_for(batch.pk, 1)] == [0]
    assert places.send_for(batch.pk, 1) == []


def test_a_place_is_held_by_one_lane_at_a_time():
    batch = make_batch(status=BatchStatus.RUNNING)
    place = places.prepare(batch)[0]
    first, second = uuid4(), uuid4()
    next_round = places.take(place, first)
    assert next_round is not None
    assert places.take(next_round, second) is None
    places.leave(first, comes_back=False)
    assert places.take(next_round, second)


def test_a_copy_of_a_message_is_dropped_once_its_round_is_over():
    place = places.prepare(make_batch(status=BatchStatus.RUNNING))[0]
    token = uuid4()
    places.take(place, token)
    places.leave(token, comes_back=True)
    assert places.take(place, uuid4()) is None


def test_the_place_of_a_dead_lane_is_sent_for():
    batch = make_batch(status=BatchStatus.RUNNING)
    dead = {"lease_token": uuid4(), "seen_at": timezone.now() - timedelta(seconds=30)}
    Lane.objects.create(batch=batch, slot=0, **dead)
    assert [place.slot for place in places.send_for(batch.pk, 1)] == [0]


def test_resuming_again_and_again_queues_no_place_twice(django_capture_on_commit_callbacks, queued):
    batch = make_batch(count=10, status=BatchStatus.STOPPED)
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            actions.resume_batch(batch.pk)
        actions.stop_batch(batch.pk)
    assert sorted(queued) == [(batch.pk, slot) for slot in range(3)]


def test_a_batch_with_nothing_left_to_do_is_ended_and_gets_no_lane(queued):
    batch = make_batch(status=BatchStatus.RUNNING, count=1, done=1)
    Lane.objects.create(batch=batch, slot=0)
    upkeep.keep_up()
    batch.refresh_from_db()
    assert (batch.status, queued) == (BatchStatus.COMPLETED, [])


def test_upkeep_sends_for_every_empty_place_that_a_process_is_there_for(queued):
    batch = make_batch(count=5, status=BatchStatus.RUNNING)
    Lane.objects.bulk_create([Lane(batch=batch, slot=slot) for slot in range(5)])
    upkeep.keep_up()
    assert queued == [(batch.pk, 0), (batch.pk, 1), (batch.pk, 2)]


def test_a_running_batch_gets_a_place_for_each_process_that_is_added(queued, monkeypatch):
    batch = make_batch(count=10, status=BatchStatus.RUNNING)
    places.prepare(batch)
    monkeypatch.setattr(processes, "count", lambda: 5)
    upkeep.keep_up()
    assert queued == [(batch.pk, 3), (batch.pk, 4)]


def test_a_batch_gets_no_more_places_than_its_open_items_are_worth(settings):
    settings.GENERATION_CALLS_PER_LANE = 300
    batch = make_batch(count=40, done=15, status=BatchStatus.RUNNING)
    assert len(places.prepare(batch)) == 2


def test_no_batch_gets_more_places_than_the_settings_allow(settings):
    settings.GENERATION_LANES = 2
    assert len(places.prepare(make_batch(count=10, status=BatchStatus.RUNNING))) == 2


def test_nobody_is_sent_to_a_batch_that_a_process_works_off_by_itself(queued):
    batch = make_batch(status=BatchStatus.RUNNING)
    own = Lane.objects.create(batch=batch, slot=places.OWN_SLOT, seen_at=timezone.now())
    upkeep.keep_up()
    assert queued == []
    places.desert(places.Place(batch.pk, own.slot, own.round))
    upkeep.keep_up()
    assert queued == [(batch.pk, 0), (batch.pk, 1), (batch.pk, 2)]


def test_an_item_that_must_wait_for_itself_is_no_work_yet():
    batch = make_batch(status=BatchStatus.RUNNING, count=1)
    Item.objects.filter(batch=batch).update(retry_at=timezone.now() + timedelta(minutes=1))
    assert upkeep.batches_with_work() == []
    Item.objects.filter(batch=batch).update(retry_at=timezone.now() - timedelta(seconds=1))
    assert upkeep.batches_with_work() == [batch.pk]


def test_a_batch_that_is_not_planned_whole_has_work():
    batch = make_batch(status=BatchStatus.RUNNING, count=1, done=1)
    Batch.objects.filter(pk=batch.pk).update(count=5)
    assert upkeep.batches_with_work() == [batch.pk]


def test_upkeep_has_its_turn_once_in_a_while(queued):
    cache.delete("upkeep")
    batch = make_batch(status=BatchStatus.RUNNING)
    for slot in range(2):
        Lane.objects.create(batch=batch, slot=slot)
        batch.count = slot + 1
        batch.save(update_fields=["count"])
        upkeep.keep_up_in_turn()
    assert queued == [(batch.pk, 0)]


def test_with_redis_away_everybody_has_a_turn(queued, monkeypatch):
    def away(*args, **kwargs):
        raise RedisError("away")

    monkeypatch.setattr(cache, "add", away)
    batch = make_batch(status=BatchStatus.RUNNING)
    for slot in range(2):
        Lane.objects.create(batch=batch, slot=slot)
        batch.count = slot + 1
        batch.save(update_fields=["count"])
        upkeep.keep_up_in_turn()
    assert queued == [(batch.pk, 0), (batch.pk, 1)]
