"""Batches over the API: ordered, watched, stopped, resumed, retried, read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from rest_framework.test import APIClient

from generation.choices import BatchStatus, ItemStatus
from generation.models import Attempt, Batch, Item
from generation.tests.factories import make_batch
from providers.llm.errors import ErrorKind
from providers.tests.calling.store.scripted_store import fail
from providers.tests.factories import make_model, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


@pytest.fixture
def user():
    return User.objects.create_superuser("root")


@pytest.fixture
def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def groq():
    make_provider("groq", models=["good"], requires_key=False)


def error_of(response, status=400):
    assert response.status_code == status, response.content
    return response.json()["error"]


def test_an_order_makes_a_batch_with_its_items(api, user, groq):
    response = api.post("/api/batches", {"count": 3, "provider": "groq", "model": "good", "seed": 7})

    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["status"], body["count"], body["generated"], body["failed"]) == ("pending", 3, 0, 0)
    assert (body["attempts"], body["tokens"], body["switches"]) == (0, 0, 0)
    assert (body["provider"], body["model"], body["seed"], body["item_budget"]) == ("groq", "good", 7, 6)
    assert (body["started_at"], body["finished_at"], body["wake_at"]) == (None, None, None)
    assert Item.objects.filter(batch_id=body["id"]).count() == 3
    assert Batch.objects.get().created_by == user


def test_an_order_keeps_what_was_asked_for(api, groq):
    asked = {
        "jurisdictions": ["uk"],
        "topics": ["Breach of Contract"],
        "difficulties": ["basic", "expert"],
        "sample_types": ["case_analysis"],
        "instruction": "Use recent cases.",
        "item_budget": 2,
    }

    body = api.post("/api/batches", {"count": 2, **asked}).json()

    assert {name: body[name] for name in asked} == asked
    assert api.get(f"/api/batches/{body['id']}").json() == body


def test_a_mix_may_be_one_word_and_may_be_named_in_the_singular(api, groq):
    order = {"count": 1, "jurisdictions": "uk", "topic": "Breach of Contract", "difficulty": ["basic"]}

    body = api.post("/api/batches", order).json()

    assert body["jurisdictions"] == ["uk"]
    assert body["topics"] == ["Breach of Contract"]
    assert body["difficulties"] == ["basic"]


def test_null_and_empty_ask_for_nothing_in_particular(api, groq):
    order: dict[str, object] = {
        "count": 1,
        "provider": None,
        "model": "",
        "topics": [],
        "sample_types": None,
        "seed": None,
    }

    response = api.post("/api/batches", order)

    assert response.status_code == 201, response.content
    assert response.json()["topics"] == response.json()["sample_types"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": -5}, "count"),
        ({"count": 10_000_000}, "count"),
        ({"count": 100_001}, "count"),
        ({"count": "5"}, "count"),
        ({"count": 2.5}, "count"),
        ({"count": True}, "count"),
        ({"count": None}, "count"),
        ({"provider": "nope"}, "provider"),
        ({"provider": 5}, "provider"),
        ({"model": "nope"}, "model"),
        ({"topics": ["Astrology"]}, "topics"),
        ({"topics": [5]}, "topics.0"),
        ({"topics": {"a": 1}}, "topics"),
        ({"topic": "Astrology"}, "topics"),
        ({"topic": "Breach of Contract", "topics": []}, "topic"),
        ({"jurisdictions": ["mars"]}, "jurisdictions"),
        ({"difficulties": ["impossible"]}, "difficulties"),
        ({"sample_types": ["poem"]}, "sample_types"),
        ({"item_budget": 0}, "item_budget"),
        ({"seed": -1}, "seed"),
        ({"instruction": 5}, "instruction"),
        ({"when_full": "run"}, "when_full"),
        ({"when_full": ""}, "when_full"),
        ({"token_cap": 0}, "token_cap"),
        ({"token_cap": 1.5}, "token_cap"),
        ({"cost_cap": 0}, "cost_cap"),
        ({"cost_cap": "2"}, "cost_cap"),
        ({"cost_cap": 2}, "cost_cap"),
        ({"confirm": "yes"}, "confirm"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_order_is_refused_by_name_and_makes_nothing(api, groq, changes, field):
    error = error_of(api.post("/api/batches", {"count": 1, **changes}))

    assert list(error["fields"]) == [field]
    assert error["message"].startswith(f"{field}: ")
    assert not Batch.objects.exists()


def test_an_order_without_a_count_is_refused(api, groq):
    assert list(error_of(api.post("/api/batches", {}))["fields"]) == ["count"]


def test_without_a_usable_provider_the_remedy_is_named(api):
    assert "No provider is on" in error_of(api.post("/api/batches", {"count": 1}))["fields"]["provider"][0]


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


def test_an_order_may_cap_the_spending_and_say_what_to_do_where_a_route_is_full(api, groq):
    make_model("groq", "priced", input_price=1, output_price=2)
    order = {"count": 1, "when_full": "stay", "token_cap": 9000, "cost_cap": 0.1}
    body = api.post("/api/batches", order).json()
    assert {name: body[name] for name in order} == order
    assert Batch.objects.get().cost_cap == Decimal("0.1")


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
    Attempt.objects.create(item=item, outcome="bad_output", answer="Sorry", **facts)
    first, second = api.get(f"/api/batches/{batch.pk}/failed").json()["items"]
    assert (first["number"], first["failure"], first["kind"]) == (1, "groq/llama: bad_output: no JSON", "bad_output")
    assert (first["last_call"]["model"], first["last_call"]["answer"]) == ("llama", "Sorry")
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
    with django_assert_max_num_queries(5):
        told = api.get(f"/api/batches/{batch.pk}").json()
    assert told["progress"] == {"done": 2, "failed": 1, "in_work": 0, "waiting": 7, "put_back": 1}
    assert told["pace"]["per_minute"] == pytest.approx(2, rel=0.2)
    assert told["pace"]["seconds_left"] == pytest.approx(210, rel=0.2)


@pytest.mark.parametrize(("latency_ms", "is_told"), [(0, False), (30_000, True)])
def test_of_a_batch_that_got_nothing_for_a_minute_no_pace_is_told(api, latency_ms, is_told):
    batch = make_batch(count=10, done=1, status=BatchStatus.RUNNING)
    facts = {"batch": batch, "item": batch.items.get(number=1), "provider": "groq", "model": "llama", "outcome": "ok"}
    Attempt.objects.create(started_at=timezone.now() - timedelta(seconds=70), latency_ms=latency_ms, **facts)
    pace = api.get(f"/api/batches/{batch.pk}").json()["pace"]
    assert [value is not None for value in pace.values()] == [is_told, is_told]


def test_one_batch_tells_what_keeps_its_calls_from_leaving_and_what_mends_it(api, groq, own_redis):
    batch = make_batch(count=10, provider="groq", status=BatchStatus.RUNNING)
    fail("groq", "connection: Host not found: nowhere", kind=ErrorKind.CONNECTION)
    (told,) = api.get(f"/api/batches/{batch.pk}").json()["troubles"]
    assert (told["code"], told["scope"], told["kind"]) == ("suspended", "groq", "connection")
    assert (told["at"], told["setting"]) == ("groq", "base_url")
    assert "Host not found: nowhere" in told["words"]
    assert told["advice"].startswith("Check the base URL")
    assert api.post(f"/api/batches/{batch.pk}/stop").json()["troubles"] == []


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


@pytest.mark.parametrize("part", ["events", "failed"])
def test_parts_of_a_batch_that_is_not_there_are_missing(admin_client, part):
    assert admin_client.get(f"/api/batches/999/{part}").status_code == 404
