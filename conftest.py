"""Fixtures that tests of several packages ask for."""

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from providers.configuration.snapshot import keeper
from providers.sandbox.thread import RunningSandbox, running_sandbox
from providers.tests.admin.admin_pages import make_provider
from providers.tests.api.api_client import logged_in


@pytest.fixture(autouse=True)
def no_snapshot():
    """What one test has read of its configuration is nothing to another, whose versions may have the same numbers."""
    keeper.forget()


@pytest.fixture
def own_redis(settings):
    """Keys of the test's own: what one test holds against a provider, or remembers of it, is nothing to another."""
    settings.KEY_PREFIX = f"{settings.KEY_PREFIX}-{uuid.uuid4().hex[:8]}"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"{settings.KEY_PREFIX}:cache"}}


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def groq():
    return make_provider("groq", "llama", "qwen", "gemma")


@pytest.fixture
def api():
    return logged_in(User.objects.create_superuser("root"))
