"""How many processes there are: as many as live workers say, by Redis's clock."""

import pytest
from redis import Redis

from generation.worker.running import processes


@pytest.fixture(autouse=True)
def _nobody(shared_state, settings):
    settings.CELERY_WORKER_CONCURRENCY = 4


def test_those_of_all_workers_count():
    processes.announce("a", 2)
    processes.announce("b", 3)
    processes.announce("a", 2)
    assert processes.count() == 5


def test_a_worker_that_stops_takes_its_own_back():
    processes.announce("a", 2)
    processes.announce("b", 3)
    processes.take_back("b")
    assert processes.count() == 2


def test_what_nobody_repeats_fades(settings):
    processes.announce("dead", 7)
    processes.announce("alive", 2)
    with Redis.from_url(settings.REDIS_URL) as redis:
        (key,) = redis.scan_iter(f"{settings.KEY_PREFIX}:*:dead")
        assert 0 < redis.ttl(key) <= processes.FADES_S
        redis.pexpire(key, 1)
        while redis.exists(key):
            pass
        assert processes.count() == 2
        assert redis.smembers(f"{settings.KEY_PREFIX}:workers") == {b"alive"}


def test_while_nobody_has_said_anything_there_are_as_many_as_one_worker_has():
    assert processes.count() == 4


def test_so_there_are_while_redis_is_away(settings):
    processes.announce("a", 2)
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    processes.announce("b", 3)
    processes.take_back("a")
    assert processes.count() == 4
