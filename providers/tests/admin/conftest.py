"""Every page shows what the shared store holds against its rows."""

import pytest


@pytest.fixture(autouse=True)
def own_redis(own_redis):
    """For each test of this folder."""
