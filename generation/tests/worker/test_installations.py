"""Two installations that share one Redis by mistake, under the same prefix: each knows its own."""

import threading
import time
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from redis import Redis

from generation import tasks
from generation.actions import BatchOrder, start_batch
from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.worker.lanes import order, wait_until
from generation.tests.worker.worker_process import celery_worker, environment
from generation.worker.running import pool
from generation.worker.running.inline import work_off
from providers.calling import shared_store


@pytest.fixture
def other_database(transactional_db):
    """The address of a copy of this test's database that is another installation."""
    url = urlsplit(environment()["DATABASE_URL"])
    own, other = url.path.lstrip("/"), f"other_{uuid4().hex[:8]}"
    connections.close_all()
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{other}" TEMPLATE "{own}"'.encode())
        try:
            address = url._replace(path=f"/{other}").geturl()
            with psycopg.connect(address, autocommit=True) as database:
                database.execute("UPDATE configuration_version SET installation = gen_random_uuid()")
            yield address
        finally:
            admin.execute(f'DROP DATABASE "{other}" WITH (FORCE)'.encode())


@pytest.fixture
def not_embedded(settings):
    """A private Redis is nobody else's, and so is not asked."""
    settings.IS_EMBEDDED = False


@pytest.fixture
def foreign(empty_shared_store, transactional_db, not_embedded):
    """Another installation was here first."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.set(f"{settings.KEY_PREFIX}:installation", uuid4().hex)


def reason(batch):
    return Batch.objects.get(pk=batch.pk).status_reason


@pytest.mark.worker
def test_the_worker_of_another_installation_does_not_start_and_the_own_one_does_its_batch(
    vendors, other_database, tmp_path
):
    sandbox = vendors(a=["slow-100ms"])
    batch = start_batch(BatchOrder(count=40))
    log = tmp_path / "other.log"
    with celery_worker(tmp_path / "own.log"):
        wait_until(lambda: sandbox.calls, 60)
        with celery_worker(log, variables={"DATABASE_URL": other_database}) as other:
            assert other.wait(60) == pool.EXIT_CODE
        wait_until(lambda: Batch.objects.get(pk=batch.pk).status == BatchStatus.COMPLETED, 60)
    assert "Set another KEY_PREFIX" in log.read_text()
    assert len(sandbox.calls) == 40


def test_a_message_of_another_installation_is_dropped_and_says_so(vendors, caplog):
    sandbox = vendors(a=["good"])
    batch = start_batch(BatchOrder(count=2), queue=False)
    tasks.work(batch.pk, 0, 0, uuid4().hex)
    assert not sandbox.calls
    assert "Set another KEY_PREFIX" in caplog.text


def test_messages_name_the_installation_that_sent_them(vendors, monkeypatch):
    sandbox, sent = vendors(a=["good"]), []
    monkeypatch.setattr("generation.worker.running.queue.current_app.send_task", lambda name, args: sent.append(args))
    start_batch(BatchOrder(count=2))
    for message in sent:
        tasks.work(*message)
    assert len(sandbox.calls) == 2


def test_no_call_leaves_by_a_store_that_is_another_installations_and_the_batch_says_so(vendors, foreign, in_background):
    sandbox = vendors(a=["good"])
    batch, told = order(1), threading.Event()
    in_background(work_off, batch.pk, deadline=time.monotonic() + 20, is_halted=told.is_set)
    wait_until(lambda: "KEY_PREFIX" in reason(batch), 20)
    told.set()
    assert not sandbox.calls


def test_the_first_that_uses_a_store_has_it(vendors, run_batch, not_embedded):
    vendors(a=["good"])
    assert run_batch(count=1).generated == 1
    assert shared_store.whose_words() == ""


def test_the_scheduler_of_another_installation_does_not_start(vendors, foreign, caplog):
    with pytest.raises(SystemExit):
        pool.require_own_store()
    assert "Set another KEY_PREFIX" in caplog.text


def test_the_home_page_says_whose_store_it_is(foreign, admin_client):
    assert "Set another KEY_PREFIX" in admin_client.get("/admin/").content.decode()
