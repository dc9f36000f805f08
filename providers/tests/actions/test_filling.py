"""What is known is filled in where nothing stands, and nothing is overwritten."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.models import Limit, Model, Provider
from providers.tests.factories import make_model, make_provider

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
GROQ = "https://api.groq.com/openai/v1"


def limits(provider_id):
    row = Provider.objects.get(pk=provider_id)
    return row.limits_scope, row.requests_per_minute, row.tokens_per_minute, row.requests_per_day, row.max_concurrency


def test_the_limits_of_the_free_tier_fill_an_empty_row():
    make_provider("groq", base_url=GROQ)
    actions.fill_in("groq", TODAY, limits=True)
    assert limits("groq") == ("model", 30, 8000, 1000, None)
    assert [(row.scope, str(row)) for row in Limit.objects.all()] == [("model", "200,000 tokens per day")]


@pytest.mark.parametrize(("scope", "found"), [("model", (7, 8000, 1000)), ("account", (7, None, None))])
def test_a_persons_limit_stays_and_decides_for_whom_the_others_hold(scope, found):
    own = [{"scope": "account", "unit": "tokens", "amount": 9, "window": "1 day"}]
    make_provider("groq", base_url=GROQ, requests_per_minute=7, limits_scope=scope, limits=own)
    if scope == "model":
        actions.fill_in("groq", TODAY, limits=True)
    else:
        with pytest.raises(ValidationError, match="nothing to fill in"):
            actions.fill_in("groq", TODAY, limits=True)
    assert limits("groq") == (scope, *found, None)
    assert [str(row) for row in Limit.objects.all()] == ["9 tokens per day"]


def test_models_at_once_are_the_providers_ceiling():
    make_provider("ollama", base_url="https://ollama.com/v1", requests_per_minute=60)
    actions.fill_in("ollama", TODAY, limits=True)
    assert limits("ollama") == ("account", 60, None, None, 1)


def test_prices_and_windows_are_filled_in_and_half_a_price_is_somebodys_own():
    provider = make_provider("groq", base_url=GROQ)
    make_model(provider, "openai/gpt-oss-120b", context_window=9000)
    make_model(provider, "openai/gpt-oss-20b", input_price=Decimal("0.5"))
    make_model(provider, "own")
    done = actions.fill_in("groq", TODAY, facts=True)
    assert set(done.models) == {"openai/gpt-oss-120b", "openai/gpt-oss-20b"}
    rows = Model.objects.order_by("fallback_priority").values_list("input_price", "output_price", "context_window")
    assert list(rows) == [
        (Decimal("0.15"), Decimal("0.6"), 9000),
        (Decimal("0.5"), None, 131072),
        (None, None, None),
    ]


def test_of_another_address_nothing_is_known():
    make_provider("groq", models=["openai/gpt-oss-120b"])
    with pytest.raises(ValidationError, match="nothing to fill in"):
        actions.fill_in("groq", TODAY, limits=True, facts=True)
