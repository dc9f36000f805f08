"""Batches over the API: listed, read, stopped, resumed, retried, and who may."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch
from generation.tests.factories import make_batch
from providers.tests.api.api_client import error_of
from samples.actions import keep_citations
from samples.tests.factories import make_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_the_newest_batch_comes_first_and_count_is_the_whole_number(api):
    made = [make_batch(count=1) for _ in range(3)]

    body = api.get("/api/batches?limit=2").json()

    assert [row["id"] for row in body["batches"]] == [made[2].pk, made[1].pk]
    assert body["count"] == 3


def test_batches_can_be_narrowed_to_a_status(api):
    make_batch(count=1)
    stopped = make_batch(count=1, status=BatchStatus.STOPPED)

    body = api.get("/api/batches?status=stopped").json()

    assert [row["id"] for row in body["batches"]] == [stopped.pk]


@pytest.mark.parametrize("query", ["status=asleep", "colour=red", "limit=0"])
def test_an_unknown_filter_or_value_is_refused_by_name(api, query):
    assert list(error_of(api.get(f"/api/batches?{query}"))["fields"]) == [query.split("=")[0]]


def test_the_list_costs_two_queries_however_long(api, django_assert_num_queries):
    for _ in range(10):
        make_batch(count=1)

    with django_assert_num_queries(2):
        api.get("/api/batches")


def test_a_batch_is_stopped_and_resumed(api):
    batch = make_batch(status=BatchStatus.RUNNING)

    stopped = api.post(f"/api/batches/{batch.pk}/stop")
    assert (stopped.status_code, stopped.json()["status"]) == (200, "stopped")
    assert stopped.json()["finished_at"]

    resumed = api.post(f"/api/batches/{batch.pk}/resume")
    assert (resumed.status_code, resumed.json()["status"]) == (200, "running")
    assert resumed.json()["finished_at"] is None


def test_a_retry_takes_up_the_failed_items(api):
    batch = make_batch(count=3, done=1, failed=2, status=BatchStatus.COMPLETED_WITH_FAILURES)

    body = api.post(f"/api/batches/{batch.pk}/retry").json()

    assert (body["status"], body["generated"], body["failed"]) == ("running", 1, 0)
    assert batch.items.filter(status=ItemStatus.PENDING).count() == 2


@pytest.mark.parametrize("action", ["stop", "resume", "retry"])
def test_what_does_not_fit_the_status_is_a_conflict_and_changes_nothing(api, action):
    batch = make_batch(count=1, done=1, status=BatchStatus.COMPLETED)

    error = error_of(api.post(f"/api/batches/{batch.pk}/{action}"), 409)

    assert error["fields"] == {}
    assert f"Batch {batch.pk}" in error["message"]
    assert Batch.objects.get().status == BatchStatus.COMPLETED


def test_an_action_takes_no_fields(api):
    batch = make_batch(status=BatchStatus.RUNNING)

    error_of(api.post(f"/api/batches/{batch.pk}/stop", {"now": True}))

    assert Batch.objects.get().status == BatchStatus.RUNNING


def test_the_samples_of_a_batch_come_in_the_order_of_its_items(api):
    make_batch(count=2, done=2)
    batch = make_batch(count=3, done=3)

    body = api.get(f"/api/batches/{batch.pk}/samples?limit=2").json()

    assert [row["item_number"] for row in body["samples"]] == [1, 2]
    assert {row["batch"] for row in body["samples"]} == {batch.pk}
    assert body["count"] == 3


@pytest.mark.parametrize(
    ("method", "path"), [("get", ""), ("get", "/samples"), ("post", "/stop"), ("post", "/resume"), ("post", "/retry")]
)
def test_an_unknown_batch_is_not_found(api, method, path):
    for number in (999, 10**30):
        error = error_of(getattr(api, method)(f"/api/batches/{number}{path}"), 404)
        assert error["message"] == f"There is no batch {number}. GET /api/batches lists them."


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("", "add_batch"),
        ("/{pk}/stop", "change_batch"),
        ("/{pk}/resume", "change_batch"),
        ("/{pk}/retry", "change_batch"),
    ],
)
def test_a_write_needs_its_permission(path, permission):
    url = f"/api/batches{path.format(pk=make_batch().pk)}"
    ann = User.objects.create_user("ann")
    client = APIClient()
    client.force_authenticate(ann)
    assert client.post(url, {}).status_code == 403

    ann.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_authenticate(User.objects.get(pk=ann.pk))
    assert client.post(url, {}).status_code != 403


@pytest.mark.parametrize(
    ("path", "permission"), [("", "view_batch"), ("/{pk}", "view_batch"), ("/{pk}/samples", "view_sample")]
)
def test_reading_needs_its_permission(path, permission):
    url = f"/api/batches{path.format(pk=make_batch(count=1, done=1).pk)}"
    assert APIClient().get(url).status_code == 401
    ann = User.objects.create_user("ann")
    client = APIClient()
    client.force_authenticate(ann)
    assert client.get(url).status_code == 403

    ann.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_authenticate(User.objects.get(pk=ann.pk))
    assert client.get(url).status_code == 200


def test_a_batch_shows_its_caps_and_what_it_has_spent_as_numbers(api):
    batch = make_batch(token_cap=1000, tokens=400, cost_cap=Decimal("2.5"), cost=Decimal("0.01234567"))
    body = api.get(f"/api/batches/{batch.pk}").json()
    assert (body["token_cap"], body["tokens"], body["cost_cap"], body["cost"]) == (1000, 400, 2.5, 0.01234567)


@pytest.mark.parametrize(("cap", "shown"), [(5000, 5000), (None, None)])
def test_a_batch_at_its_cap_is_resumed_with_a_raised_one(api, cap, shown):
    batch = make_batch(status=BatchStatus.PAUSED, tokens=900, token_cap=1000, needs_tokens=300, needs_cost=0)
    path = f"/api/batches/{batch.pk}/resume"
    assert "about 300" in error_of(api.post(path), 409)["message"]
    assert list(error_of(api.post(path, {"token_cap": 1100}))["fields"]) == ["token_cap"]

    body = api.post(path, {"token_cap": cap}).json()

    assert (body["status"], body["token_cap"]) == ("running", shown)


@pytest.mark.parametrize("body", [{"token_cap": "5"}, {"token_cap": 0}, {"cost_cap": -1}, {"cost_cap": True}])
def test_a_resume_with_what_is_no_cap_is_refused_by_name_and_changes_nothing(api, body):
    batch = make_batch(status=BatchStatus.STOPPED)
    assert list(error_of(api.post(f"/api/batches/{batch.pk}/resume", body))["fields"]) == list(body)
    assert Batch.objects.get().status == BatchStatus.STOPPED


def test_named_failed_items_are_retried(api):
    batch = make_batch(count=3, failed=3, status=BatchStatus.FAILED)
    path = f"/api/batches/{batch.pk}/retry"
    assert api.post(path, {"items": [1, 3]}).json()["failed"] == 1
    assert "items 1, 3 are not failed" in error_of(api.post(path, {"items": [1, 3]}), 409)["message"]


@pytest.mark.parametrize(
    ("items", "field"), [([], "items"), ("1", "items"), ([0], "items.0"), (["1"], "items.0"), ([1, True], "items.1")]
)
def test_what_names_no_item_is_refused(api, items, field):
    batch = make_batch(count=1, failed=1, status=BatchStatus.FAILED)
    assert list(error_of(api.post(f"/api/batches/{batch.pk}/retry", {"items": items}))["fields"]) == [field]
    assert Batch.objects.get().failed == 1


def test_the_authorities_of_a_batch(api):
    batch = make_batch(count=10, status=BatchStatus.COMPLETED)
    keep_citations([make_sample(batch_id=batch.pk, item_number=number) for number in range(11, 21)])

    body = api.get(f"/api/batches/{batch.pk}/authorities").json()

    assert body["distinct"] == 1
    assert body["frequent"] == [
        {
            "key": "1893 1 qb 256",
            "citation": "Carlill v Carbolic Smoke Ball Co [1893] 1 QB 256",
            "samples": 10,
            "share": 1.0,
        }
    ]
    assert api.get("/api/batches/999999/authorities").status_code == 404
