"""The trail of changes over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers import actions
from providers.models import ConfigurationChange
from providers.tests.api.api_client import KEY, error_of, make_provider, model_pk

pytestmark = pytest.mark.django_db


def changes(api, query=""):
    response = api.get(f"/api/changes{query}")
    assert response.status_code == 200, response.content
    return response.json()["changes"]


def test_a_change_is_told_in_words_and_by_its_fields(api, groq):
    api.patch("/api/providers/groq", {"requests_per_minute": 30})
    api.patch("/api/providers/groq", {"requests_per_minute": 60})
    newest = changes(api)[0]
    assert {name: newest[name] for name in ("actor", "way", "subject", "provider", "model", "deed", "summary")} == {
        "actor": "root",
        "way": "api",
        "subject": "provider",
        "provider": "groq",
        "model": None,
        "deed": "changed",
        "summary": "requests per minute 30 -> 60",
    }
    assert newest["details"] == [{"field": "requests_per_minute", "from": 30, "to": 60}]


def test_a_key_shows_its_last_four_only(api, groq):
    api.put("/api/providers/groq/config", {"api_key": KEY})
    api.put("/api/providers/groq/config", {"api_key": f"{KEY}-abcd"})
    told = api.get("/api/changes").content.decode()
    assert [row["summary"] for row in changes(api)[:2]] == ["key replaced: ...1234 -> ...abcd", "key set: ...1234"]
    assert KEY[:-4] not in told


def test_the_list_is_narrowed_by_provider_model_person_and_action(api, groq):
    make_provider("mistral", models=["large"])
    api.post(f"/api/models/{model_pk('good')}/toggle")
    assert {row["provider"] for row in changes(api, "?provider=mistral")} == {"mistral"}
    assert len(changes(api, "?model=good")) == len(changes(api, f"?model={model_pk('good')}")) == 2
    assert [row["summary"] for row in changes(api, "?actor=root")] == ["switched off"]
    assert [row["model_id"] for row in changes(api, "?deed=switched_off")] == ["good"]
    assert changes(api, "?model=none-of-that-name") == []


def test_since_takes_a_time_and_a_day(api, groq):
    today = timezone.now().date()
    later = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(changes(api, f"?since={today}")) == 4
    assert changes(api, f"?since={later}") == []


@pytest.mark.parametrize(("query", "field"), [("since=soon", "since"), ("deed=eaten", "deed"), ("who=x", "who")])
def test_a_filter_that_makes_no_sense_is_refused(api, query, field):
    assert field in error_of(api.get(f"/api/changes?{query}"))["fields"]


def test_the_list_comes_in_pages_and_cannot_be_written(api, groq):
    assert len(changes(api, "?limit=2")) == 2
    assert api.get("/api/changes?limit=2").json()["count"] == 4
    for method in ("post", "put", "delete"):
        error_of(getattr(api, method)("/api/changes"), 405)


def test_the_list_costs_two_queries_however_long(api, groq, django_assert_num_queries):
    for number in range(50):
        actions.update_provider("groq", {"requests_per_minute": number + 1})
    assert ConfigurationChange.objects.count() > 50
    with django_assert_num_queries(2):
        changes(api, "?limit=500")
