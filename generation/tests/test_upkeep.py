from datetime import timedelta

import pytest
from django.db.models.functions import Now

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_batch
from generation.worker.upkeep import batches_without_lane, wake_paused

pytestmark = pytest.mark.django_db


def test_a_paused_batch_wakes_when_its_time_has_come():
    early = make_batch(status=BatchStatus.PAUSED, wake_at=Now() + timedelta(minutes=1))
    due = make_batch(status=BatchStatus.PAUSED, wake_at=Now() - timedelta(seconds=1))
    assert wake_paused() == [due.pk]
    assert set(Batch.objects.filter(status=BatchStatus.PAUSED)) == {early}


def test_a_batch_that_waits_for_a_route_sleeps_on_while_none_can_work():
    batch = make_batch(status=BatchStatus.PAUSED, wake_at=None)
    assert wake_paused() == []
    assert Batch.objects.get(pk=batch.pk).status == BatchStatus.PAUSED


def test_a_running_batch_on_which_nobody_works_gets_one_lane():
    batch = make_batch(status=BatchStatus.RUNNING, heartbeat_at=Now() - timedelta(minutes=1))
    assert batches_without_lane() == [batch.pk]
    assert batches_without_lane() == []


def test_a_batch_whose_lane_shows_itself_gets_no_other():
    make_batch(status=BatchStatus.RUNNING, heartbeat_at=Now())
    assert batches_without_lane() == []


def test_a_batch_that_is_done_gets_no_lane():
    make_batch(status=BatchStatus.RUNNING, count=1, done=1, heartbeat_at=Now() - timedelta(minutes=1))
    assert batches_without_lane() == []
