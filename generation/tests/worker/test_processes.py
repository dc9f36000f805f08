"""How many processes there are: as many as live workers say, by Redis's clock."""

from functools import partial

import pytest
from redis import Redis

from generation.worker.results import files
from generation.worker.running import processes, shutdown, timer


@pytest.fixture(autouse=True)
def _nobody(empty_shared_store, settings):
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


class Consumer:
    """As much of Celery's as the timer needs: ``again`` does what it has to do every few seconds."""

    hostname = "celery@here"

    def __init__(self, processes):
        self.timer, self.pool = self, self
        self.num_processes = processes
        self.steps = []

    def call_repeatedly(self, _seconds, function, arguments=()):
        self.steps.append(partial(function, *arguments))
        return self

    def cancel(self):
        self.steps.clear()

    def again(self):
        for step in self.steps:
            step()


def test_a_worker_says_again_and_again_how_many_it_has_until_it_stops(monkeypatch):
    monkeypatch.setattr(timer, "queue_tick", lambda: None)
    consumer = Consumer(2)
    step = timer.WorkerTimer(consumer)
    step.start(consumer)
    assert processes.count() == 2
    consumer.num_processes = 3
    consumer.again()
    step.stop(consumer)  # the connection to the broker broke
    step.start(consumer)
    assert processes.count() == 3
    monkeypatch.setattr(shutdown, "requested", lambda: True)
    consumer.again()
    step.stop(consumer)
    assert processes.count() == 4


def test_two_workers_of_one_name_count_as_two(monkeypatch):
    monkeypatch.setattr(timer, "queue_tick", lambda: None)
    for _ in range(2):
        consumer = Consumer(3)
        timer.WorkerTimer(consumer).start(consumer)
    assert processes.count() == 6


def test_an_idle_worker_asks_for_upkeep_once_a_process_of_its_machine_has_died(monkeypatch, settings, tmp_path):
    settings.LEGALDS_DATA = tmp_path
    ticks = []
    monkeypatch.setattr(timer, "queue_tick", lambda: ticks.append(True))
    step = timer.WorkerTimer(Consumer(1))
    file = files.Growing("a")
    file.append(b"an answer")
    step._look()
    assert ticks == []
    file.close(keep=True)
    for _ in range(2):
        step._look()
    assert ticks == [True]
