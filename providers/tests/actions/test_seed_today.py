"""``seed_providers --current``: today's models, with known prices and the limits of the free tiers."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from providers import actions
from providers.models import Limit, Model, Provider
from providers.tests.actions.test_seed import ORDER
from providers.tests.factories import make_provider, model_ids, provider_ids

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)


def limits(provider_id):
    row = Provider.objects.get(pk=provider_id)
    return row.limits_scope, row.requests_per_minute, row.tokens_per_minute, row.requests_per_day, row.max_concurrency


def test_todays_models_are_seeded_for_the_same_vendors_in_the_same_order():
    actions.seed({}, today=TODAY)
    assert provider_ids() == ORDER
    assert model_ids("groq") == ["openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b"]
    groq = Provider.objects.get(pk="groq")
    assert (str(groq.champion_model), groq.base_url) == ("openai/gpt-oss-120b", "https://api.groq.com/openai/v1")
    first = Model.objects.get(provider=groq, fallback_priority=0)
    assert (first.input_price, first.output_price, first.context_window) == (Decimal("0.15"), Decimal("0.6"), 131072)


def test_the_limits_are_those_of_the_free_tiers_and_none_without_an_amount():
    actions.seed({}, today=TODAY)
    assert {name: limits(name) for name in ORDER} == {
        "cerebras": ("account", 5, 90000, None, None),
        "mistral": ("account", None, None, None, None),
        "google": ("model", None, None, None, None),
        "groq": ("model", 30, 8000, 1000, None),
        "ollama": ("account", None, None, None, 1),
    }


def test_limits_without_a_column_are_rows():
    actions.seed({}, today=TODAY)
    assert {(row.provider_id, row.scope, str(row)) for row in Limit.objects.all()} == {
        ("groq", "model", "200,000 tokens per day"),
        ("cerebras", "account", "30,000 uncached tokens per minute"),
        ("cerebras", "account", "1,000,000 tokens per hour"),
        ("cerebras", "account", "1,000,000 tokens per day"),
    }


def test_a_price_that_is_not_known_is_none():
    actions.seed({}, today=TODAY)
    assert set(Model.objects.filter(provider="ollama").values_list("input_price", "output_price")) == {(None, None)}


def test_a_provider_that_is_there_is_left_alone_and_what_it_lacks_is_told():
    make_provider("groq", models=["own", "openai/gpt-oss-20b"], requests_per_minute=7)
    done = {row.provider_id: row for row in actions.seed({}, today=TODAY)}
    assert (done["groq"].provider, done["groq"].lacking) == (
        "kept as it is",
        ("openai/gpt-oss-120b", "qwen/qwen3.8-27b"),
    )
    assert (model_ids("groq"), limits("groq")[1]) == (["own", "openai/gpt-oss-20b"], 7)
    assert done["cerebras"].lacking == ()


def test_the_command_tells_which_limits_are_set_and_which_cannot_be(capsys):
    call_command("seed_providers", current=True)
    shown = capsys.readouterr().out
    assert "prices from genai-prices 0.2.3" in shown
    assert "groq: 30 requests a minute and model; " in shown
    assert "; 200,000 tokens a day and model\n" in shown
    assert "ollama: 1 model at once; not set: GPU time" in shown
    assert "mistral: not set: requests a second: amount not published" in shown
    assert "GPU time in 5 hours, which cannot be counted here" in shown


def test_without_the_flag_the_list_is_that_of_the_seed(capsys):
    call_command("seed_providers")
    assert Model.objects.count() == 34
    assert "free tiers" not in capsys.readouterr().out
