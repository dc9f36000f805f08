"""A sandbox of vendors for batches: real HTTP, real SDKs, shared store under a prefix of the test's own."""

import time

import pytest
from django.conf import settings
from redis import Redis

from generation.actions import BatchOrder, start_batch
from generation.models import Batch
from generation.worker.lane import lane
from generation.worker.running import inline
from providers import actions
from providers.sandbox.thread import running_sandbox
from providers.tests.factories import make_provider
from samples.quality import checking


@pytest.fixture
def empty_shared_store():
    """Budgets and breakers as if nobody had called yet; the keys are this test run's own."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        keys = list(redis.scan_iter(f"{settings.KEY_PREFIX}:*"))
        if keys:
            redis.delete(*keys)


@pytest.fixture
def rules(monkeypatch):
    """``rules(rule(...))``: these rules of quality, and no other ones."""

    def hold(*held):
        monkeypatch.setattr(checking, "RULES", held)

    hold()
    return hold


@pytest.fixture
def vendors(empty_shared_store, transactional_db, monkeypatch):
    """``vendors(a=["503", "good"], b=["good"])`` makes providers whose models behave as they are called."""
    monkeypatch.setattr(inline, "IDLE_S", 0.2)  # what it leaves time for, other lanes and calls of minutes, is not here
    monkeypatch.setattr(lane, "CAP_PAUSE_S", 0.1)
    with running_sandbox() as sandbox:

        def make(**models_by_provider):
            for provider_id, models in models_by_provider.items():
                timeout_s = 1 if any("hang" in model for model in models) else 30
                make_provider(provider_id, models=models, base_url=sandbox.url, extra_config={"timeout_s": timeout_s})
                actions.set_secrets(provider_id, api_key=f"key-of-{provider_id}")
            return sandbox

        yield make


@pytest.fixture
def run_batch(vendors):
    """Order a batch and work it off in this process; the batch as it then is."""

    def run(count=3, *, timeout_s=30.0, **order):
        batch = start_batch(BatchOrder(count=count, **order), queue=False)
        inline.work_off(batch.pk, deadline=time.monotonic() + timeout_s)
        return Batch.objects.get(pk=batch.pk)

    return run
