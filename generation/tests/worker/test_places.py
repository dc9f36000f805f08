"""Whom a process takes in beside its own lane, and when a lane makes room."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from generation.choices import BatchStatus
from generation.models import Lane
from generation.tests.factories import make_batch
from generation.worker.items import places
from generation.worker.items.places import Place
from providers.routing.limits.urgency import Urgency

pytestmark = pytest.mark.django_db

NOBODY: set[int] = set()


def queue(batch, slot=0, *, seconds=1):
    """A place that was queued so long ago."""
    Lane.objects.create(batch=batch, slot=slot, round=7, seen_at=Now() - timedelta(seconds=seconds))
    return Place(batch.pk, slot, 7)


def work(batch, slot=0):
    Lane.objects.create(batch=batch, slot=slot, lease_token=uuid4(), seen_at=Now())


def running(**fields):
    return make_batch(count=1, status=BatchStatus.RUNNING, **fields)


def test_places_wait_from_when_a_free_process_would_have_come():
    queue(running(), seconds=-60)  # however long the test takes
    place = queue(running())
    assert places.waiting(NOBODY) == [place]


def test_batches_on_which_nobody_works_go_first_then_those_that_have_waited_longest():
    served = running()
    work(served)
    places_of_it = queue(served, 1, seconds=9)
    later, sooner = queue(running(), seconds=2), queue(running(), seconds=5)
    assert places.waiting(NOBODY) == [sooner, later, places_of_it]


def test_the_most_urgent_batch_goes_first_and_can_be_asked_for_alone():
    patient, usual = queue(running(urgency=Urgency.LOW), seconds=9), queue(running(), seconds=5)
    hurried = running(urgency=Urgency.URGENT)
    work(hurried)
    urgent = queue(hurried, 1)
    assert places.waiting(NOBODY) == [urgent, usual, patient]
    assert places.waiting(NOBODY, urgency=Urgency.URGENT) == [urgent]


def test_of_each_batch_one_place_waits_and_none_of_those_that_the_process_works_on():
    known, other = running(), running()
    queue(known)
    longest = queue(other, 1, seconds=5)
    queue(other, 0)
    assert places.waiting({known.pk}) == [longest]


@pytest.mark.parametrize("status", [BatchStatus.PAUSED, BatchStatus.STOPPED, BatchStatus.COMPLETED])
def test_places_of_batches_that_are_not_to_be_worked_on_do_not_wait(status):
    queue(make_batch(count=1, status=status))
    assert places.waiting(NOBODY) == []


def test_the_place_of_a_process_that_works_a_batch_off_by_itself_is_its_own():
    queue(running(), places.OWN_SLOT)
    assert places.waiting(NOBODY) == []


def test_a_batch_is_left_out_where_it_waits_for_long_and_nobody_works_on_it():
    served = running()
    work(served)
    queue(served, 1, seconds=30)
    queue(running(), seconds=-60)
    assert not places.is_a_batch_left_out()
    queue(running(), seconds=30)
    assert places.is_a_batch_left_out()
