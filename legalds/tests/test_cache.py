"""Whoever writes into Redis runs no code here: nothing is unpickled, and what is no JSON counts as not there."""

import os
import pickle
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads, prepare_accept_content
from redis import Redis

from generation.models import Attempt, Batch, Item
from generation.selectors import obstacles
from generation.selectors.recent_calls import cost_since
from generation.selectors.route_totals import Calls, tally
from generation.selectors.shared_numbers import recall, remember, remembered
from generation.tests.factories import make_attempts
from legalds.celery import app
from legalds.home import views
from providers.routing.explaining.money import Spending
from samples.tests.factories import make_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
NOT_OURS = [b"\x80\x05", b"not json", b"\xff\xfe", b"[" * 100_000, b'{"last_id": "x"}', b"[1, 2]", b"9" * 10_000, b""]


class Payload:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.fixture
def payload(tmp_path):
    """Bytes that make a folder where they are unpickled, and whether they were."""
    made = tmp_path / "unpickled"
    return pickle.dumps(Payload(made)), made.exists


@pytest.fixture
def pages(admin_client, groq, monkeypatch):
    for module, name in ((views, "FRESH_S"), (obstacles, "SOON_S")):
        monkeypatch.setattr(module, name, 600)  # so that nothing fades while a test looks
    batch = Batch.objects.create(count=100, seed=1, finished_at=timezone.now() + timedelta(seconds=1))
    make_attempts(batch, 3, latency_ms=400, cost=Decimal("0.25"))
    make_attempts(batch, 1, outcome="server")
    make_sample(batch_id=batch.pk)
    urls = [reverse("admin:index"), reverse("admin:generation_batch_change", args=[batch.pk])]
    return lambda: [admin_client.get(url).context for url in urls]


def keys(kind=""):
    with Redis.from_url(settings.REDIS_URL) as redis:
        return [key.decode() for key in redis.scan_iter(f"{settings.KEY_PREFIX}:{kind}*")]


def plant(value, names):
    with Redis.from_url(settings.REDIS_URL) as redis:
        for name in names:
            redis.set(name, value)


def told(contexts):
    """What the pages tell, by numbers that no clock moves on."""
    home, batch = contexts
    made = [count for _, count in home["hours"] if count]
    return [home[name] for name in ("tally", "faults")], made, batch["routes"], batch["minutes"]


def test_a_pickle_under_any_key_of_the_cache_is_not_run_and_counts_as_not_there(pages, payload):
    before = told(pages())
    planted = keys("cache")
    assert len(planted) >= 6
    plant(payload[0], planted)
    assert told(pages()) == before
    assert not payload[1]()


def test_a_pickle_under_any_other_key_is_not_run_either(pages, payload):
    pages()
    planted = keys()
    plant(payload[0], planted)
    pages()
    assert not payload[1]()


@pytest.mark.parametrize("value", NOT_OURS, ids=range(len(NOT_OURS)))
def test_what_is_no_value_of_ours_counts_as_not_there(pages, value):
    before = told(pages())
    plant(value, keys("cache:*remembered"))
    assert told(pages()) == before


def test_pages_say_the_same_from_the_cache_as_without_it(pages):
    assert told(pages()) == told(pages())


def test_a_value_that_json_cannot_hold_is_refused_when_it_is_kept():
    with pytest.raises(TypeError):
        cache.set("a", {1, 2})
    with pytest.raises(TypeError):
        cache.set("a", timedelta(seconds=1))


def test_many_are_read_and_counted_as_one_would_be():
    cache.set_many({"a": {"b": [1, 2.5, None, True]}, "n": 1})
    plant(b"\x80\x05", [cache.make_key("c")])
    assert cache.get_many(["a", "c", "none"]) == {"a": {"b": [1, 2.5, None, True]}}
    assert (cache.incr("n"), cache.get("n"), cache.get("c", "default")) == (2, 2, "default")


def test_what_is_kept_comes_back_as_the_same_kind_of_value():
    kept = {"groq": Spending(Decimal("0.10")), "other": Spending(Decimal("1e-6"), 1)}
    remember("costs", dict[str, Spending], kept, 60)
    assert recall("costs", dict[str, Spending]) == kept
    assert remembered("costs", 60, partial(cost_since, timezone.now())) == kept
    assert recall("costs", list[int]) is None


def test_a_tally_counts_on_from_what_the_cache_holds(pages):
    pages()
    item = Item.objects.get()
    counted = tally(item.batch)
    assert counted.calls["groq", "llama", "ok"].cost == Decimal("0.75")
    assert isinstance(counted.calls["groq", "llama", "server"], Calls)
    assert sum(calls.count for calls in counted.calls.values()) == Attempt.objects.count()


@pytest.mark.parametrize("kind", ["application/x-python-serialize", "application/x-yaml", "application/x-msgpack"])
def test_a_worker_takes_messages_in_json_and_nothing_else(payload, kind):
    for accepted in (app.conf.accept_content, app.conf.result_accept_content):
        with pytest.raises(ContentDisallowed):
            loads(payload[0], kind, "binary", accept=prepare_accept_content(accepted))
    assert not payload[1]()


def test_messages_are_written_in_json_and_results_nowhere():
    written = {app.conf[f"{what}_serializer"] for what in ("task", "result", "event")}
    assert written == {"json"}
    assert app.conf.result_backend is None
