"""Scenarios run in rounds. Each round draws other moments, from a seed that its name tells."""

import os
from random import Random

import pytest

from generation.tests.chaos.disk import small_disk
from generation.tests.chaos.site import Site


def pytest_generate_tests(metafunc):
    rounds = range(1, int(os.environ.get("CHAOS_ROUNDS", "1")) + 1)
    names = [f"seed-{os.environ.get('CHAOS_SEED')}-round-{number}" for number in rounds]
    metafunc.parametrize("chance", names, indirect=True, ids=names)


@pytest.fixture
def chance(request):
    return Random(f"{request.param} of {request.function.__name__}")


@pytest.fixture
def disk(transactional_db):
    """To be asked for before ``site``, whose processes must have ended when it goes."""
    with small_disk() as disk:
        yield disk


@pytest.fixture
def site(vendors, chance, tmp_path, settings):
    """With few calls at once, so that a batch has a middle to be struck in."""
    settings.GENERATION_LANES = 3
    settings.GENERATION_CALLS_PER_LANE = 16
    with Site(vendors, chance, tmp_path) as site:
        yield site
