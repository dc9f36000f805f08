"""Batches through the API, worked off by a real worker process over a real broker."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.functions import Now
from rest_framework.test import APIClient

from generation.actions import BatchOrder, start_batch
from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item, Lane
from generation.tests.worker.worker_process import calls_in_flight, celery_worker, kill
from generation.worker.items import batches, claims, places
from generation.worker.running import processes
from providers import actions as provider_actions
from samples.models import Sample

pytestmark = pytest.mark.worker


@pytest.fixture
def api(vendors):
    client = APIClient()
    client.force_authenticate(get_user_model().objects.create_superuser("boss"))
    return client


def ended(api, batch_id, timeout_s=60):
    deadline = time.monotonic() + timeout_s
    while True:
        batch = api.get(f"/api/batches/{batch_id}").json()
        if batch["status"] not in ("pending", "running", "paused"):
            return batch
        assert time.monotonic() < deadline, batch
        time.sleep(0.1)


def test_a_worker_finishes_a_batch_that_was_started_through_the_api(vendors, api, tmp_path):
    vendors(a=["503", "good"], b=["good"])
    with celery_worker(tmp_path / "worker.log"):
        batch = ended(api, api.post("/api/batches", {"count": 30}).json()["id"])
    assert (batch["status"], batch["generated"], batch["failed"]) == ("completed", 30, 0)
    assert api.get(f"/api/batches/{batch['id']}/samples").json()["count"] == 30


def test_a_worker_that_is_told_to_stop_hands_back_what_it_cannot_finish(vendors, api, tmp_path):
    sandbox = vendors(a=["slow-60s"])
    provider_actions.update_provider("a", {"extra_config": {"timeout_s": 90}})
    batch_id = api.post("/api/batches", {"count": 4}).json()["id"]
    with celery_worker(tmp_path / "worker.log", variables={"SHUTDOWN_GRACE_S": "2"}) as worker:
        while not sandbox.calls:
            time.sleep(0.05)
        worker.terminate()
        worker.wait(20)
    assert Item.objects.filter(batch_id=batch_id, status=ItemStatus.PENDING).count() == 4


def test_a_batch_begins_beside_one_whose_calls_hold_the_only_process(vendors, api, tmp_path):
    """Whose worker says how many processes it has, as long as it runs."""
    sandbox = vendors(a=["slow-60s"], b=["good"])
    provider_actions.update_provider("a", {"extra_config": {"timeout_s": 90}})
    big = api.post("/api/batches", {"count": 1000, "provider": "a", "when_full": "stay"}).json()["id"]
    with celery_worker(tmp_path / "worker.log", processes=1, has_beat=False, variables={"SHUTDOWN_GRACE_S": "1"}):
        while not sandbox.calls:
            time.sleep(0.05)
        small = ended(api, api.post("/api/batches", {"count": 5, "provider": "b"}).json()["id"])
        beside = api.get(f"/api/batches/{big}").json()
        assert processes.count() == 1
    assert processes.count() == settings.CELERY_WORKER_CONCURRENCY
    assert (small["status"], small["generated"]) == ("completed", 5)
    assert (beside["status"], beside["generated"]) == ("running", 0)  # its first calls are still under way


def let_leases_run_out():
    """What dead workers hold, as it is when their time is over."""
    Item.objects.filter(status=ItemStatus.LEASED).update(leased_until=Now() - timedelta(seconds=1))
    Lane.objects.filter(lease_token__isnull=False).update(seen_at=Now() - timedelta(minutes=1))


def test_after_a_kill_another_worker_finishes_the_batch_and_doubles_nothing(vendors, api, tmp_path):
    sandbox = vendors(a=["slow-200ms"])
    batch_id = api.post("/api/batches", {"count": 150}).json()["id"]
    with celery_worker(tmp_path / "first.log") as worker:
        while Batch.objects.get(pk=batch_id).generated < 20:
            time.sleep(0.05)
        kill(worker)
    in_flight = calls_in_flight("a")
    let_leases_run_out()
    with celery_worker(tmp_path / "second.log"):
        batch = ended(api, batch_id, 90)
    numbers = list(Sample.objects.of_batch(batch_id).values_list("item_number", flat=True))
    assert (batch["status"], numbers) == ("completed", list(range(1, 151)))
    assert batch["attempts"] == Attempt.objects.filter(batch=batch_id).count()
    assert len(sandbox.calls) <= 150 + in_flight
    assert batch["attempts"] >= 150


def test_a_lone_worker_without_the_scheduler_takes_up_what_a_dead_one_left(vendors, tmp_path):
    vendors(a=["good"])
    batch = start_batch(BatchOrder(count=10), queue=False)
    dead = uuid4()
    places.take(places.prepare(batch)[0], dead)
    batches.open_batch(batch.pk)
    claims.claim(batch, dead, 4)
    let_leases_run_out()
    with celery_worker(tmp_path / "worker.log", has_beat=False):
        deadline = time.monotonic() + 30
        while Batch.objects.get(pk=batch.pk).status != BatchStatus.COMPLETED:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert Batch.objects.get(pk=batch.pk).generated == 10
