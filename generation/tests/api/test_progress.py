"""What one batch tells over the API of its way: progress, pace, troubles, events, failed items."""

from datetime import timedelta

import pytest
from django.utils import timezone

from generation.choices import BatchStatus
from generation.models import Attempt, Batch
from generation.tests.factories import make_batch
from providers.llm.errors import ErrorKind
from providers.tests.api.api_client import error_of
from providers.tests.calling.store.scripted_store import fail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_a_batch_tells_what_happened_to_it(admin_client):
    batch = make_batch(count=2)
    Batch.objects.filter(pk=batch.pk).move_to(BatchStatus.STOPPED, status_reason="enough")
    told = admin_client.get(f"/api/batches/{batch.pk}/events").json()
    assert told["count"] == 2
    assert [event["words"] for event in told["events"]] == [
        "Stopped: enough; 0 of 2 samples made",
        "Ordered: 2 samples",
    ]


def test_a_batch_tells_its_failed_items_with_their_reasons_and_last_calls(api):
    batch = make_batch(count=3, failed=2)
    batch.items.filter(number=1).update(failure="groq/llama: bad_output: no JSON")
    item = batch.items.get(number=1)
    facts = {"batch": batch, "provider": "groq", "model": "llama", "started_at": timezone.now()}
    tokens = {"prompt_tokens": 9, "completion_tokens": 8, "cached_tokens": 7, "reasoning_tokens": 6}
    Attempt.objects.create(item=item, outcome="bad_output", answer="Sorry", **tokens, **facts)
    first, second = api.get(f"/api/batches/{batch.pk}/failed").json()["items"]
    assert (first["number"], first["failure"], first["kind"]) == (1, "groq/llama: bad_output: no JSON", "bad_output")
    assert (first["last_call"]["model"], first["last_call"]["answer"]) == ("llama", "Sorry")
    assert {name: first["last_call"][name] for name in tokens} == tokens
    assert (second["kind"], second["last_call"]) == ("no_call", None)
    narrowed = api.get(f"/api/batches/{batch.pk}/failed?kind=no_call").json()
    assert [item["number"] for item in narrowed["items"]] == [2]
    assert list(error_of(api.get(f"/api/batches/{batch.pk}/failed?kind=bad"))["fields"]) == ["kind"]


@pytest.mark.parametrize("failed", [5, 50])
def test_failed_items_cost_the_same_queries_however_many(api, failed, django_assert_num_queries):
    batch = make_batch(count=failed, failed=failed)
    with django_assert_num_queries(4):
        api.get(f"/api/batches/{batch.pk}/failed?limit=50")


def test_one_batch_tells_its_progress_and_pace(api, django_assert_max_num_queries):
    batch = make_batch(count=10, done=2, failed=1, status=BatchStatus.RUNNING)
    batch.items.filter(number=4).update(retry_at=timezone.now() + timedelta(minutes=1))
    item = batch.items.get(number=1)
    facts = {"batch": batch, "item": item, "provider": "groq", "model": "llama", "outcome": "ok"}
    Attempt.objects.create(started_at=timezone.now() - timedelta(seconds=30), **facts)
    api.get(f"/api/batches/{batch.pk}")  # the configuration is read once
    with django_assert_max_num_queries(9):
        told = api.get(f"/api/batches/{batch.pk}").json()
    assert told["progress"] == {"done": 2, "failed": 1, "in_work": 0, "waiting": 7, "put_back": 1}
    assert told["pace"]["per_minute"] == pytest.approx(2, rel=0.2)
    assert told["forecast"] is None  # no provider could serve it


@pytest.mark.parametrize(("latency_ms", "is_told"), [(0, False), (30_000, True)])
def test_of_a_batch_that_got_nothing_for_a_minute_no_pace_is_told(api, latency_ms, is_told):
    batch = make_batch(count=10, done=1, status=BatchStatus.RUNNING)
    facts = {"batch": batch, "item": batch.items.get(number=1), "provider": "groq", "model": "llama", "outcome": "ok"}
    Attempt.objects.create(started_at=timezone.now() - timedelta(seconds=70), latency_ms=latency_ms, **facts)
    pace = api.get(f"/api/batches/{batch.pk}").json()["pace"]
    assert (pace["per_minute"] is not None) is is_told


def test_one_batch_tells_what_keeps_its_calls_from_leaving_and_what_mends_it(api, groq, own_redis):
    batch = make_batch(count=10, provider="groq", status=BatchStatus.RUNNING)
    fail("groq", "connection: Host not found: nowhere", kind=ErrorKind.CONNECTION)
    (told,) = api.get(f"/api/batches/{batch.pk}").json()["troubles"]
    assert (told["code"], told["scope"], told["kind"]) == ("suspended", "groq", "connection")
    assert (told["at"], told["setting"]) == ("groq", "base_url")
    assert "Host not found: nowhere" in told["words"]
    assert told["advice"].startswith("Check the base URL")
    assert api.post(f"/api/batches/{batch.pk}/stop").json()["troubles"] == []


@pytest.mark.parametrize("part", ["events", "failed"])
def test_parts_of_a_batch_that_is_not_there_are_missing(admin_client, part):
    assert admin_client.get(f"/api/batches/999/{part}").status_code == 404
