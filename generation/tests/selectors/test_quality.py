"""The quality of models, read from the ledger of calls."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from generation.models import Attempt, Item
from generation.selectors import model_quality
from generation.tests.factories import make_batch
from providers.tests.factories import make_provider, pk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    """Enter calls to groq: ``entries("llama", "ok", 3)``."""
    make_provider("groq", models=["llama", "gemma"])
    batch = make_batch(count=1)
    item = Item.objects.get()

    def enter(model, outcome, times=1, *, days_ago=0.0, **more):
        facts = {"item": item, "batch": batch, "provider": "groq", "model": model, "outcome": outcome, **more}
        started_at = timezone.now() - timedelta(days=days_ago)
        Attempt.objects.bulk_create([Attempt(**facts, started_at=started_at) for _ in range(times)])

    return enter


@pytest.fixture
def reader():
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("ann"))
    return client


def test_quality_is_the_share_of_accepted_answers(entries, reader):
    entries("llama", "ok", 3)
    entries("llama", "bad_output")
    body = reader.get("/api/models/quality").json()
    assert body["models"][0] == {
        "id": pk_of("groq", "llama"),
        "provider": "groq",
        "model_id": "llama",
        "answers": 4,
        "accepted": 3,
        "bad_output": 1,
        "quality": 0.75,
        "first_answers": 0,
        "first_pass": None,
        "rules": {},
    }
    assert (body["days"], body["count"]) == (7, 2)


def test_first_pass_is_the_share_of_first_answers_that_were_accepted(entries):
    entries("llama", "ok", 3, is_first_answer=True)
    entries("llama", "bad_output", 1, is_first_answer=True)
    entries("llama", "ok", 5)
    [llama, gemma] = model_quality.model_qualities()
    assert (llama.first_answers, llama.first_pass) == (4, 0.75)
    assert (gemma.first_answers, gemma.first_pass) == (0, None)


def test_broken_rules_are_counted_by_model(entries, reader):
    entries("llama", "bad_output", 2, rules={"words": "it has 3 words", "filler": "it says nothing"})
    entries("llama", "bad_output", rules={"words": "it has 4 words"})
    entries("llama", "bad_output", days_ago=model_quality.DAYS + 0.1, rules={"refusal": "long ago"})
    entries("gemma", "bad_output")
    llama, gemma = (pk_of("groq", model) for model in ("llama", "gemma"))
    assert model_quality.broken_rules() == {llama: {"words": 3, "filler": 2}}
    assert model_quality.broken_rules(gemma) == {}
    told = reader.get("/api/models/quality").json()["models"]
    assert [model["rules"] for model in told] == [{"words": 3, "filler": 2}, {}]


def test_calls_that_brought_no_answer_do_not_count(entries):
    entries("llama", "ok")
    for kind in ("server", "timeout", "rate_limited", "auth"):
        entries("llama", kind, 5)
    assert [(row.answers, row.quality) for row in model_quality.model_qualities()] == [(1, 1.0), (0, None)]


def test_only_the_last_days_count(entries):
    entries("llama", "ok")
    entries("llama", "bad_output", days_ago=model_quality.DAYS + 0.1)
    assert model_quality.model_qualities()[0].quality == 1.0


def test_of_a_long_ledger_only_the_newest_calls_are_read(entries, monkeypatch):
    monkeypatch.setattr(model_quality, "CALLS_READ", 2)
    entries("llama", "bad_output", 3, days_ago=1)
    entries("llama", "ok", 2)
    assert model_quality.model_qualities()[0].answers == 2


def test_it_is_one_query_that_walks_the_index_of_the_ledger(entries, django_assert_num_queries):
    entries("llama", "ok", 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE attempts")
    with django_assert_num_queries(1) as asked:
        model_quality.model_qualities()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "attempts_route" in plan
    assert "Seq Scan on attempts" not in plan


def test_a_model_is_still_found_by_its_number(entries, reader):
    assert reader.get(f"/api/models/{pk_of('groq', 'llama')}").json()["model_id"] == "llama"


def test_it_needs_a_login():
    assert APIClient().get("/api/models/quality").status_code == 401
