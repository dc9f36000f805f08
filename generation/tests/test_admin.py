"""The admin of batches: starting, watching, stopping, resuming, retrying."""

import uuid

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch
from providers import actions

pytestmark = pytest.mark.django_db

ADD = reverse("admin:generation_batch_add")
LIST = reverse("admin:generation_batch_changelist")


@pytest.fixture(autouse=True)
def own_redis(settings):
    settings.KEY_PREFIX = f"{settings.KEY_PREFIX}-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def local():
    values = {"id": "local", "name": "Local", "base_url": "http://127.0.0.1:1/v1", "requires_key": False}
    actions.create_provider(values)
    return actions.create_model("local", {"model_id": "good"})


def url(name, batch):
    return reverse(f"admin:generation_batch_{name}", args=[batch.pk])


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def make_attempt(batch, number, outcome, **fields):
    facts = {"provider": "groq", "model": "llama", "prompt_tokens": 10, "completion_tokens": 5, "latency_ms": 100}
    item = Item.objects.get(batch=batch, number=number)
    facts |= {"item": item, "batch": batch, "outcome": outcome, "started_at": timezone.now()}
    return Attempt.objects.create(**(facts | fields))


def viewer(*codenames):
    user = User.objects.create_user("viewer", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def test_a_batch_is_started_with_what_was_asked_for(admin_client, admin_user, local):
    asked = {"count": 3, "provider": "local", "model": "good", "jurisdictions": ["uk"], "instruction": "Be brief."}
    response = admin_client.post(ADD, asked)
    batch = Batch.objects.get()
    assert response.url == url("change", batch)
    assert (batch.count, batch.provider, batch.jurisdictions) == (3, "local", ["uk"])
    assert (batch.instruction, batch.created_by) == ("Be brief.", admin_user)
    assert batch.items.count() == 3


def test_what_the_action_refuses_is_shown_at_its_field(admin_client, local):
    response = admin_client.post(ADD, {"count": 200_000})
    assert "count" in response.context["adminform"].form.errors
    assert "must be confirmed" in response.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("count", 0), ("count", "x"), ("provider", "nobody"), ("topics", ["No such"]), ("jurisdictions", ["mars"])],
)
def test_an_order_that_makes_no_sense_is_refused_at_its_field(admin_client, local, field, value):
    response = admin_client.post(ADD, {"count": 3, field: value})
    assert field in response.context["adminform"].form.errors
    assert not Batch.objects.exists()


def test_without_a_usable_provider_the_form_says_so(admin_client):
    response = admin_client.post(ADD, {"count": 3})
    assert "No provider is on and has its key" in response.content.decode()


def test_who_may_only_look_starts_nothing(local):
    client = viewer("view_batch")
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"count": 3}).status_code == 403


def test_the_page_shows_what_was_asked_for_and_how_far_it_is(admin_client):
    batch = make_batch(count=4, done=1, failed=1, status=BatchStatus.RUNNING, topics=["Breach of Contract"])
    html = page(admin_client, url("change", batch))
    assert "1 of 4, 1 failed" in html
    assert "Breach of Contract" in html


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


def test_failed_items_are_shown_with_their_reason(admin_client):
    batch = make_batch(count=3, done=2, failed=1, status=BatchStatus.COMPLETED_WITH_FAILURES)
    Item.objects.filter(status=ItemStatus.FAILED).update(failure="Six answers without a <citation>.")
    assert "Six answers without a &lt;citation&gt;." in page(admin_client, url("change", batch))


def test_the_page_refreshes_itself_only_while_the_batch_is_active(admin_client):
    assert "every 2s" in page(admin_client, url("change", make_batch(status=BatchStatus.RUNNING)))
    assert "every 2s" not in page(admin_client, url("change", make_batch(status=BatchStatus.STOPPED)))


def test_the_fragment_asks_for_the_whole_page_once_the_status_has_moved_on(admin_client):
    batch = make_batch(status=BatchStatus.RUNNING)
    assert "HX-Refresh" not in admin_client.get(url("live", batch), {"status": "running"})
    assert admin_client.get(url("live", batch), {"status": "pending"})["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (BatchStatus.PENDING, {"stop"}),
        (BatchStatus.RUNNING, {"stop", "retry"}),
        (BatchStatus.PAUSED, {"stop", "resume", "retry"}),
        (BatchStatus.STOPPED, {"resume"}),
        (BatchStatus.COMPLETED_WITH_FAILURES, {"retry"}),
        (BatchStatus.FAILED, {"retry"}),
        (BatchStatus.COMPLETED, set()),
    ],
)
def test_only_what_can_be_done_has_a_button(admin_client, status, buttons):
    batch = make_batch(count=3, status=status, failed=1 if "retry" in buttons else 0)
    html = page(admin_client, url("change", batch))
    assert {name for name in ("stop", "resume", "retry") if f'action="{url(name, batch)}"' in html} == buttons


def test_stop_and_resume_go_through_the_actions(admin_client):
    batch = make_batch(status=BatchStatus.RUNNING)
    admin_client.post(url("stop", batch))
    assert Batch.objects.get().status == BatchStatus.STOPPED
    admin_client.post(url("resume", batch))
    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_retry_takes_up_the_failed_items(admin_client):
    batch = make_batch(count=3, done=2, failed=1, status=BatchStatus.COMPLETED_WITH_FAILURES)
    admin_client.post(url("retry", batch))
    assert not Item.objects.filter(status=ItemStatus.FAILED).exists()


def test_what_cannot_be_done_is_said_and_changes_nothing(admin_client):
    batch = make_batch(status=BatchStatus.COMPLETED)
    response = admin_client.post(url("stop", batch), follow=True)
    assert "cannot be stopped" in response.content.decode()
    assert Batch.objects.get().status == BatchStatus.COMPLETED


@pytest.mark.parametrize("name", ["stop", "resume", "retry"])
def test_nothing_is_done_by_a_get_or_without_permission(admin_client, name):
    batch = make_batch(status=BatchStatus.RUNNING)
    assert admin_client.get(url(name, batch)).status_code == 405
    assert viewer("view_batch").post(url(name, batch)).status_code == 403
    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_who_may_only_look_sees_the_page_without_buttons():
    batch = make_batch(status=BatchStatus.RUNNING)
    assert url("stop", batch) not in page(viewer("view_batch"), url("change", batch))


def test_page_and_list_ask_as_much_for_a_large_batch_as_for_a_small_one(admin_client, django_assert_max_num_queries):
    batch = make_batch(count=40, failed=30, status=BatchStatus.RUNNING)
    for number in range(1, 31):
        make_attempt(batch, number, "bad_output")
    with django_assert_max_num_queries(8):
        page(admin_client, url("change", batch))
    with django_assert_max_num_queries(6):
        page(admin_client, LIST)


def test_a_batch_that_is_not_there_is_said_to_be_missing(admin_client):
    assert admin_client.get(reverse("admin:generation_batch_live", args=[999])).status_code == 404
    assert admin_client.get(reverse("admin:generation_batch_change", args=[999])).status_code == 302
