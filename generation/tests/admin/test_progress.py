"""How far a batch is, how fast it goes, and by which routes, on its page."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from generation.choices import BatchStatus, ItemStatus
from generation.models import Item
from generation.tests.admin.batch_pages import LIST, url
from generation.tests.factories import make_attempt, make_batch
from providers.tests.admin.admin_pages import page
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_the_page_counts_attempts_by_route_and_outcome(admin_client):
    batch = make_batch(count=3, status=BatchStatus.RUNNING)
    make_attempt(batch, 1, "server", status_code=503, detail="the server fell over")
    make_attempt(batch, 1, "ok", model="qwen", is_switch=True)
    make_attempt(batch, 2, "ok", model="qwen")
    html = page(admin_client, url("change", batch))
    first, second = admin_client.get(url("live", batch), {"status": "running"}).context["routes"]
    assert (first.model, first.attempts, first.accepted, first.switched_here) == ("qwen", 2, 2, 1)
    assert (second.model, second.faults) == ("llama", (("Server", 1),))
    assert "the server fell over" in html


def test_cached_tokens_and_those_of_thinking_stand_beside_the_others(admin_client):
    batch = make_batch(tokens=90_000, cached_tokens=70_001)
    make_attempt(batch, 1, "ok", cached_tokens=7, reasoning_tokens=3)
    make_attempt(batch, 1, "ok", cached_tokens=2)
    html = page(admin_client, url("change", batch))
    assert [said in html for said in ("70,001 cached", "9 cached", "7 cached", "2 cached", "3 thinking")] == [True] * 5
    assert "0 cached" not in html
    assert "0 thinking" not in html


def test_progress_is_told_by_status(admin_client):
    batch = make_batch(count=10, done=3, failed=2, status=BatchStatus.RUNNING)
    waiting = Item.objects.filter(batch=batch, status=ItemStatus.PENDING)
    lease = {"status": ItemStatus.LEASED, "lease_token": uuid.uuid4(), "leased_until": timezone.now()}
    Item.objects.filter(pk=waiting[0].pk).update(**lease)
    Item.objects.filter(pk=waiting[0].pk).update(retry_at=timezone.now() + timedelta(minutes=1))
    progress = admin_client.get(url("live", batch)).context["progress"]
    assert (progress.done, progress.failed, progress.in_work, progress.waiting, progress.put_back) == (3, 2, 1, 4, 1)


def test_the_pace_gives_the_end_where_no_limit_does(admin_client):
    make_provider("groq", models=1, requires_key=False)
    batch = make_batch(count=30, done=10, status=BatchStatus.RUNNING)
    for number in range(1, 11):
        age = timedelta(minutes=2) if number > 1 else timedelta(seconds=5)
        make_attempt(batch, number, "ok", started_at=timezone.now() - age)
    context = admin_client.get(url("live", batch)).context
    assert context["pace"].per_minute == pytest.approx(5, rel=0.05)
    assert context["forecast"].left.total_seconds() == pytest.approx(240, rel=0.1)
    assert "a minute, done" in page(admin_client, LIST)
    assert context["forecast"].done_at.isoformat(timespec="minutes")[:16] in page(admin_client, LIST)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": BatchStatus.PAUSED}, "waiting for a route that can work"),
        ({"status": BatchStatus.PAUSED, "needs_tokens": 5, "needs_cost": 0}, "waiting for a higher cap"),
        ({"status": BatchStatus.RUNNING}, "not known"),
        ({"status": BatchStatus.COMPLETED}, ""),
    ],
)
def test_of_a_batch_that_has_no_end_in_sight_it_is_said_why(admin_client, fields, said):
    assert admin_client.get(url("live", make_batch(**fields))).context["without_end"] == said


def test_routes_tell_the_latency_of_accepted_answers(admin_client):
    batch = make_batch(count=4)
    for number, latency_ms in enumerate((100, 200, 300), 1):
        make_attempt(batch, number, "ok", latency_ms=latency_ms)
    make_attempt(batch, 4, "timeout", latency_ms=60_000)
    (route,) = admin_client.get(url("live", batch)).context["routes"]
    assert (route.p50_ms, route.p95_ms) == (pytest.approx(200, rel=0.03), pytest.approx(300, rel=0.03))


def test_calls_are_drawn_by_minute_without_gaps(admin_client):
    at = timezone.now().replace(second=0) - timedelta(minutes=4)
    batch = make_batch(count=2, finished_at=at + timedelta(minutes=4))
    make_attempt(batch, 1, "ok", started_at=at)
    make_attempt(batch, 2, "server", started_at=at + timedelta(minutes=2))
    accepted, failed = admin_client.get(url("live", batch)).context["chart"]["series"]
    assert accepted["values"] == [1, 0, 0, 0, 0]
    assert failed["values"] == [0, 0, 1, 0, 0]
