"""Redis back without its data: what was called before still counts."""

from collections import Counter

from django.conf import settings
from redis import Redis

from providers import actions


def lose_data():
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete(*redis.scan_iter(f"{settings.KEY_PREFIX}:*"))


def test_the_calls_of_the_day_are_counted_anew_from_the_attempts(vendors, run_batch):
    sandbox = vendors(a=["good"], b=["fenced"])
    actions.update_provider("a", {"requests_per_day": 3})
    run_batch(count=2)
    lose_data()
    run_batch(count=4)
    assert Counter(call.key for call in sandbox.calls) == {"key-of-a": 3, "key-of-b": 3}


def test_limits_per_minute_rest_and_the_batch_goes_on_elsewhere(vendors, run_batch):
    sandbox = vendors(a=["good"], b=["fenced"])
    actions.update_provider("a", {"requests_per_minute": 100})
    run_batch(count=2)
    lose_data()
    batch = run_batch(count=3)
    assert batch.generated == 3
    assert Counter(call.key for call in sandbox.calls) == {"key-of-a": 2, "key-of-b": 3}
