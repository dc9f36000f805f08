"""GET /api/routes/explain."""

import pytest
from django.contrib.auth.models import Permission, User

from providers import actions
from providers.tests.api.api_client import KEY, error_of, logged_in, make_provider
from providers.tests.calling.store.scripted_store import count_trips, fail, open_store, wait_urgently

pytestmark = pytest.mark.django_db
URL = "/api/routes/explain"


@pytest.fixture
def two():
    make_provider("groq", models=("fast", "good"), requires_key=False)
    make_provider("mistral", models=("large",))
    actions.set_secrets("mistral", api_key=KEY)
    open_store()


def test_the_order_is_told_with_what_is_next(api, two):
    body = api.get(URL).json()
    assert body["next"] == "groq/fast"
    assert [(row["place"], row["verdict"]) for row in body["routes"]] == [(1, "next"), (2, "follows"), (3, "follows")]
    assert KEY not in str(body)


def test_a_skipped_route_says_why_and_until_when(api, two):
    fail("groq", "auth: revoked")
    body = api.get(URL).json()
    assert body["next"] == "mistral/large"
    (reason,) = body["routes"][0]["reasons"]
    assert (reason["code"], reason["scope"], reason["setting"]) == ("suspended", "groq", "api_key")
    assert reason["until"].endswith("Z")


def test_the_order_asked_for_decides(api, two):
    body = api.get(URL, {"provider": "mistral", "when_full": "spill", "tokens": "100", "schema": "false"}).json()
    assert body["next"] == "mistral/large"
    assert api.get(URL, {"priced_only": "true"}).json()["next"] is None


def test_a_more_urgent_call_that_waits_stands_in_the_way_of_the_others_alone(api, two):
    wait_urgently("groq")
    normal, urgent = (api.get(URL, {"urgency": word, "when_full": "spill"}).json() for word in ("normal", "urgent"))
    (reason,) = normal["routes"][0]["reasons"]
    assert (normal["next"], urgent["next"]) == ("mistral/large", "groq/fast")
    assert (reason["code"], reason["wait_s"]) == ("busy", None)
    assert reason["words"].endswith("lets a more urgent batch go first")


@pytest.mark.parametrize(
    ("query", "field", "remedy"),
    [
        ({"provider": "nope"}, "provider", "Known: groq, mistral."),
        ({"model": "nope"}, "model", "Known: fast, good, large."),
        ({"provider": "mistral", "model": "fast"}, "model", "Known: large."),
        ({"when_full": "never"}, "when_full", "auto, stay, spill"),
        ({"urgency": "now"}, "urgency", "low, normal, urgent"),
        ({"tokens": "0"}, "tokens", "from 1 to 10,000,000"),
        ({"tokens": "many"}, "tokens", "from 1 to 10,000,000"),
        ({"schema": "perhaps"}, "schema", "true or false"),
        ({"modle": "fast"}, "modle", "Use: provider, model"),
    ],
)
def test_a_wrong_question_names_its_field_and_the_remedy(api, two, query, field, remedy):
    assert remedy in error_of(api.get(URL, query))["fields"][field][0]


def test_it_needs_the_permission_to_view_providers(two):
    user = User.objects.create_user("reader")
    assert logged_in(user).get(URL).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_provider"))
    assert logged_in(User.objects.get(pk=user.pk)).get(URL).status_code == 200


def test_without_redis_the_configuration_alone_is_told(api, two, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    body = api.get(URL).json()
    assert (body["next"], body["wait_s"]) == ("groq/fast", None)
    assert "Redis is away" in body["unknown"]


def test_before_the_first_call_redis_holds_nothing(api):
    make_provider("groq", models=("fast",), requires_key=False)
    assert "Redis holds no data yet" in api.get(URL).json()["unknown"]


@pytest.mark.parametrize("count", [5, 50])
def test_it_takes_one_trip_and_as_many_queries_for_many_providers(
    api, count, monkeypatch, django_assert_max_num_queries
):
    for number in range(count):
        make_provider(f"p{number}", models=("a", "b"), requires_key=False, requests_per_minute=5)
    open_store()
    trips = count_trips(monkeypatch)
    with django_assert_max_num_queries(6):
        body = api.get(URL).json()
    assert trips == ["outlook"]
    assert len(body["routes"]) == 2 * count


def test_a_change_is_seen_at_once(api, two):
    assert api.get(URL).json()["next"] == "groq/fast"
    actions.set_provider_enabled("groq", False)
    assert api.get(URL).json()["next"] == "mistral/large"
