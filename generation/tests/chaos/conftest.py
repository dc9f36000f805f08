"""Scenarios run in rounds. Each round draws other moments, from a seed that its name tells."""

import os
from random import Random

import pytest

from generation.tests.chaos.site import Site


def pytest_generate_tests(metafunc):
    rounds = range(1, int(os.environ.get("CHAOS_ROUNDS", "1")) + 1)
    names = [f"seed-{os.environ.get('CHAOS_SEED')}-round-{number}" for number in rounds]
    metafunc.parametrize("chance", names, indirect=True, ids=names)


@pytest.fixture
def chance(request):
    return Random(f"{request.param} of {request.function.__name__}")


@pytest.fixture
def site(vendors, chance, tmp_path):
    with Site(vendors, chance, tmp_path) as site:
        yield site
