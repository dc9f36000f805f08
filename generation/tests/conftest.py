"""A sandbox of vendors for batches: real HTTP, real SDKs, shared state under a prefix of the test's own."""

import time

import pytest
from django.conf import settings
from redis import Redis

from generation.actions import BatchOrder, start_batch
from generation.models import Batch
from generation.worker.inline import work_off
from providers import actions
from providers.sandbox.thread import running_sandbox
from providers.snapshot import keeper
from providers.tests.factories import make_provider


@pytest.fixture
def shared_state():
    """Budgets and breakers as if nobody had called yet; the keys are this test run's own."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        keys = list(redis.scan_iter(f"{settings.KEY_PREFIX}:*"))
        if keys:
            redis.delete(*keys)


@pytest.fixture
def vendors(shared_state, transactional_db):
    """``vendors(a=["503", "good"], b=["good"])`` makes providers whose models behave as they are called."""
    keeper.forget()
    with running_sandbox() as sandbox:

        def make(**models_by_provider):
            for provider_id, models in models_by_provider.items():
                make_provider(provider_id, models=models, base_url=sandbox.url, extra_config={"timeout_s": 1})
                actions.set_secrets(provider_id, api_key=f"key-of-{provider_id}")
            return sandbox

        yield make


@pytest.fixture
def run_batch(vendors):
    """Order a batch and work it off in this process; the batch as it then is."""

    def run(count=3, *, timeout_s=30.0, **order):
        batch = start_batch(BatchOrder(count=count, **order), queue=False)
        work_off(batch.pk, deadline=time.monotonic() + timeout_s)
        return Batch.objects.get(pk=batch.pk)

    return run
