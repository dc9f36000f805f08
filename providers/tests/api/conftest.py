"""Every answer tells what the shared store holds against its rows."""

import pytest

from providers.tests.api.api_client import make_provider


@pytest.fixture(autouse=True)
def own_redis(own_redis):
    """For each test of this folder."""


@pytest.fixture
def groq():
    return make_provider("groq", models=("fast", "good", "cheap"))
