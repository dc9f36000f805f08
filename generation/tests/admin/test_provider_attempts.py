"""The last calls and the quality of answers, on the pages of providers and models."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.admin import provider_attempts
from generation.admin.provider_attempts import SHOWN, last_attempts
from generation.models import Attempt, Item
from generation.tests.factories import make_batch
from providers.tests.admin.admin_pages import page
from providers.tests.factories import make_provider, pk_of

pytestmark = pytest.mark.django_db
PROVIDER = reverse("admin:providers_provider_change", args=["groq"])


@pytest.fixture
def enter():
    """Enter calls: ``enter("llama", "ok", 3)``; each is a minute older than the one before."""
    make_provider("groq", models=["llama", "gemma"])
    batch = make_batch(count=1)
    item = Item.objects.get()

    def calls(model, outcome, times=1, *, provider="groq", **fields):
        now = timezone.now()
        facts = {"item": item, "batch": batch, "provider": provider, "model": model, "outcome": outcome, **fields}
        rows = [Attempt(**facts, started_at=now - timedelta(minutes=age)) for age in range(times)]
        Attempt.objects.bulk_create(rows)
        return batch

    return calls


def model_page(name):
    return reverse("admin:providers_model_change", args=[pk_of("groq", name)])


def test_the_last_calls_come_newest_first_of_all_its_models(enter):
    enter("llama", "ok", 30)
    enter("gemma", "server", 2)
    enter("llama", "ok", 5, provider="other")
    found = last_attempts("groq")
    assert len(found) == SHOWN
    assert [attempt.started_at for attempt in found] == sorted((a.started_at for a in found), reverse=True)
    assert {attempt.provider for attempt in found} == {"groq"}
    assert {attempt.model for attempt in last_attempts("groq", "gemma")} == {"gemma"}


def test_a_call_leads_to_its_batch_while_that_is_there(enter, admin_client):
    batch = enter("llama", "ok")
    url = reverse("admin:generation_batch_change", args=[batch.pk])
    assert url in page(admin_client, PROVIDER)
    batch.delete()
    html = page(admin_client, PROVIDER)
    assert url not in html
    assert "deleted</span>" in html


@pytest.mark.parametrize("times", [5, 50])
def test_they_are_read_in_one_query(enter, times, django_assert_num_queries):
    enter("llama", "ok", times)
    with django_assert_num_queries(1):
        for attempt in last_attempts("groq"):
            assert (attempt.batch_id, attempt.model, attempt.latency_ms) is not None


def test_they_are_found_by_the_index_and_the_ledger_is_not_sorted(enter):
    enter("llama", "ok", 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE attempts")
        cursor.execute("EXPLAIN " + provider_attempts.LAST, {"provider": "groq", "model": None, "shown": SHOWN})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "attempts_route" in plan
    assert "Seq Scan on attempts" not in plan


def test_the_providers_page_shows_them_with_their_batch(admin_client, enter):
    batch = enter("llama", "server", status_code=503, detail="server: try later", latency_ms=1234, prompt_tokens=10)
    html = admin_client.get(PROVIDER).content.decode()
    for told in ("Last calls", "HTTP 503", "try later", "1,234 ms", f"Batch {batch.pk}"):
        assert told in html
    assert reverse("admin:generation_batch_change", args=[batch.pk]) in html


def test_the_models_page_shows_its_own_and_how_good_its_answers_are(admin_client, enter):
    enter("llama", "ok", 9)
    enter("llama", "bad_output")
    enter("gemma", "server", detail="of another")
    html = admin_client.get(model_page("llama")).content.decode()
    assert "90 %" in html
    assert "of another" not in html


def test_without_calls_the_pages_say_so(admin_client, enter):
    assert "No batch has called it yet" in admin_client.get(PROVIDER).content.decode()
    assert "No answer in the last 7 days" in admin_client.get(model_page("llama")).content.decode()


def test_who_may_not_see_batches_sees_no_calls(enter):
    enter("llama", "ok", 3)
    user = User.objects.create_user("viewer", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_provider", "view_model"]))
    client = Client()
    client.force_login(user)
    for url in (PROVIDER, model_page("llama")):
        html = client.get(url).content.decode()
        assert "How it is doing" in html
        assert "Last calls" not in html
