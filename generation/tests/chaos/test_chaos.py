"""Processes and servers die in the middle of a batch, at random moments. It ends whole, and nothing is paid twice but
what was in flight when a worker died.

``make chaos`` runs each scenario in several rounds.
"""

import signal
import time
from threading import Timer

import pytest
from django.conf import settings

from generation.tests.chaos.clock import JumpingClock
from generation.tests.chaos.invariants import assert_replaced_once
from generation.tests.chaos.servers import (
    crash_postgres,
    fail_redis_over,
    lose_redis,
    make_postgres_read_only,
    redeliver_lanes,
)
from generation.tests.chaos.site import COUNT
from generation.worker.results import files

pytestmark = pytest.mark.chaos

HOUR_S = 3600
STOPS_WITHIN_S = 20


def test_beside_a_killed_worker_another_does_its_items(site, chance):
    crew = [site.start_worker(), site.start_worker(has_beat=False)]
    batch = site.order()
    site.reach_the_middle(batch)
    in_flight = site.strike(chance.choice(crew))
    site.goes_on(batch)
    site.ends_whole(batch, paid_twice_at_most=in_flight)


def test_a_lone_worker_without_the_scheduler_takes_over_from_a_killed_one(site):
    first = site.start_worker()
    batch = site.order()
    site.reach_the_middle(batch)
    in_flight = site.strike(first)
    site.start_worker(has_beat=False)
    site.goes_on(batch)
    site.ends_whole(batch, paid_twice_at_most=in_flight)


def test_the_places_of_a_killed_worker_are_free_soon_though_its_calls_might_have_taken_long(site):
    site.allow_at_once(settings.GENERATION_CALLS_PER_LANE)
    first = site.start_worker()
    batch = site.order()
    site.reach_the_middle(batch)
    in_flight = site.strike(first)
    site.start_worker()
    site.goes_on(batch)
    site.ends_whole(batch, paid_twice_at_most=in_flight)


def test_after_all_processes_were_killed_and_started_again_the_batch_goes_on(site):
    address = site.start_web()
    for has_beat in (True, False):
        site.start_worker(has_beat=has_beat)
    batch = site.order_at(address)
    site.reach_the_middle(batch)
    in_flight = site.strike(*site.processes)
    site.start_worker()
    site.start_web()
    site.goes_on(batch)
    site.ends_whole(batch, paid_twice_at_most=in_flight)


def test_redis_comes_back_without_its_data(site, chance):
    site.start_worker()
    site.start_worker(has_beat=False)
    batch = site.order()
    site.reach_the_middle(batch)
    lose_redis(away_s=chance.uniform(0, 5))
    site.ends_whole(batch)


def test_redis_comes_back_without_its_data_and_no_limit_is_exceeded(site, chance):
    site.limit(requests_per_minute=COUNT * 3 // 4)
    site.start_worker()
    batch = site.order()
    site.reach_the_middle(batch)
    lose_redis(away_s=chance.uniform(0, 5))
    site.ends_whole(batch)
    assert "limited" not in {call.behaviour for call in site.sandbox.calls}


def test_redis_fails_over_and_workers_come_back_by_themselves(site, chance):
    workers = [site.start_worker(), site.start_worker(has_beat=False)]
    batch = site.order()
    site.reach_the_middle(batch)
    fail_redis_over(away_s=chance.uniform(5, 10))
    site.goes_on(batch)
    site.ends_whole(batch)
    assert [worker.poll() for worker in workers] == [None, None]


def test_postgres_is_read_only_for_a_while(site, chance):
    site.start_worker()
    site.start_worker(has_beat=False)
    batch = site.order()
    site.reach_the_middle(batch)
    make_postgres_read_only(for_s=chance.uniform(5, 10))
    site.ends_whole(batch)


def test_the_disk_is_full_for_a_while(disk, site, chance):
    site.start_worker()
    batch = site.order()
    site.reach_the_middle(batch)
    disk.fill()
    time.sleep(chance.uniform(5, 10))
    disk.free()
    site.ends_whole(batch)
    assert site.answered() == COUNT


def test_postgres_crashes_and_comes_back(site, chance):
    site.start_worker()
    site.start_worker(has_beat=False)
    batch = site.order()
    site.reach_the_middle(batch)
    crash_postgres(chance.choice([signal.SIGKILL, signal.SIGQUIT]), away_s=chance.uniform(0, 5))
    site.ends_whole(batch)


def test_items_whose_answers_are_rejected_are_replaced_once_though_their_worker_is_killed(site, chance):
    site.reject(per_cent=40)
    crew = [site.start_worker(), site.start_worker(has_beat=False)]
    batch = site.order(item_budget=1)
    redeliver_lanes(chance.randint(1, 3))
    site.reach_the_middle(batch)
    site.strike(chance.choice(crew))
    site.goes_on(batch)
    assert_replaced_once(site.ends(batch))


def test_a_lane_that_is_delivered_several_times_at_once_works_once(site, chance):
    batch = site.order()
    assert redeliver_lanes(chance.randint(1, 3)) > 0
    site.start_worker(processes=3)
    site.start_worker(processes=3, has_beat=False)
    site.reach_the_middle(batch)
    assert redeliver_lanes(chance.randint(1, 3)) > 0
    site.ends_whole(batch)
    assert site.most_calls_at_once() <= settings.GENERATION_LANES * settings.GENERATION_CALLS_PER_LANE


def test_a_worker_whose_clock_jumps_harms_nobody(site, chance, tmp_path):
    clock = JumpingClock(tmp_path)
    batch = site.order()
    for variables in (clock.variables, None):  # one process each, and so a lane in each
        site.start_worker(processes=1, variables=variables)
    site.reach_the_middle(batch)
    for jump in chance.sample([HOUR_S, -HOUR_S], 2):
        clock.jump(jump)
        time.sleep(chance.uniform(0.1, 0.6))
    site.ends_whole(batch)


def test_a_worker_that_is_told_to_stop_loses_nothing(site):
    first = site.start_worker()
    batch = site.order()
    site.reach_the_middle(batch)
    first.terminate()
    first.wait(STOPS_WITHIN_S)
    site.start_worker()
    site.goes_on(batch)
    site.ends_whole(batch)


def test_a_worker_that_must_stop_while_postgres_is_away_loses_nothing(site):
    worker = site.start_worker()
    batch = site.order()
    site.reach_the_middle(batch)
    Timer(1, worker.terminate).start()
    crash_postgres(signal.SIGQUIT, away_s=STOPS_WITHIN_S)
    assert worker.poll() is not None, "PostgreSQL was back before the worker had stopped"
    assert files.left()
    site.start_worker()
    site.goes_on(batch)
    site.ends_whole(batch)
    assert not files.left()
