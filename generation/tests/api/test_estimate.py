"""``POST /api/batches/estimate`` and ``manage.py generate --dry-run``: told, and nothing written."""

import json

import pytest
from django.core.management import CommandError, call_command

from generation.models import Batch
from providers.tests.factories import make_model, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groq(own_redis):
    make_provider("groq", requires_key=False, requests_per_minute=30, requests_per_day=1_000)
    make_model("groq", "llama", input_price=0.5, output_price=0.8)


def test_the_api_tells_spread_start_and_estimate_and_writes_nothing(api):
    response = api.post("/api/batches/estimate", {"count": 5_000, "jurisdiction": "eu", "token_cap": 1_000_000})
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["spread"]["jurisdictions"] == [{"id": "eu", "name": "European Union", "count": 5_000}]
    assert (body["spread"]["topics"], body["spread"]["fewest_per_topic"]) == (10, 500)
    assert (body["starts_with"], body["passed_over"]) == ({"provider": "groq", "model": "llama"}, [])
    estimate = body["estimate"]
    assert estimate["limited_by"] == "1,000 requests per day of Groq"
    assert 5 <= estimate["days"] <= 7
    assert estimate["seconds"]["low"] < estimate["seconds"]["high"]
    assert 0 < estimate["cost"]["low"] < estimate["cost"]["high"]
    assert estimate["token_cap"]["is_sure"]
    assert (estimate["cost_cap"], estimate["calls"], estimate["unpriced"]) == (None, 0, [])
    assert estimate["routes"] == [{"provider": "groq", "model": "llama", "share": 1.0}]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("order", "field"),
    [({"count": 0}, "count"), ({"count": 1, "topic": "nope"}, "topics"), ({"count": 1, "provider": "x"}, "provider")],
)
def test_the_api_refuses_what_an_order_would_be_refused_for(api, order, field):
    asked, ordered = (api.post(path, order) for path in ("/api/batches/estimate", "/api/batches"))
    assert (asked.status_code, ordered.status_code) == (400, 400)
    assert asked.json()["error"] == ordered.json()["error"]
    assert field in json.dumps(asked.json())


def test_the_command_tells_it_in_lines(capsys):
    call_command("generate", "--count", "5000", "--dry-run", "--cost-cap", "0.5")
    told = capsys.readouterr().out
    assert "Starts with Groq: llama." in told
    assert "limited by 1,000 requests per day of Groq" in told
    assert "The cost cap is reached after about" in told
    assert "Topics: 75 topics, 66 or 67 each." in told
    assert not Batch.objects.exists()


def test_the_command_tells_it_as_json_too(capsys):
    call_command("generate", "--count", "10", "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["starts_with"] == {"provider": "groq", "model": "llama"}
    assert told["spread"]["count"] == 10


def test_the_command_refuses_what_an_order_would_be_refused_for(capsys):
    with pytest.raises(CommandError, match="topics: There is no topic 'nope'"):
        call_command("generate", "--count", "1", "--topic", "nope", "--dry-run")
