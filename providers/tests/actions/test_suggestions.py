"""Limits that vendors tell: written down once, suggested where they differ, taken over or dismissed by a person."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.actions.suggestions import MOST
from providers.calling.told_limits import Told
from providers.configuration import limit_lists
from providers.configuration.snapshot import read_version
from providers.models import ConfigurationChange, Model, Provider, ToldLimit
from providers.status.suggestions import suggestions_of
from providers.tests.factories import make_provider, pk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

URL = "http://127.0.0.1:9/v1"
RPM = Told("groq", "llama", "openai", URL, "requests", 60, 30, "headers")
TPM = replace(RPM, unit="tokens", amount=8000)
TPD = replace(RPM, unit="tokens", window_s=86_400, amount=200_000, told_by="body")
INPUT = replace(RPM, unit="input", amount=5000)


@pytest.fixture
def groq():
    return make_provider("groq", models=["llama", "qwen"], base_url=URL, requests_per_minute=25)


def suggested():
    return [
        (each.model_id, each.told.words, each.is_set and each.is_set.words, each.is_lower)
        for each in suggestions_of(Provider.objects.get(pk="groq"))
    ]


def written(owner):
    return [limit_lists.written(row.entry) for row in owner.limits.all()]


# --- written down -----------------------------------------------------------
def test_what_is_told_is_suggested_and_changes_nothing(groq):
    version = read_version()
    actions.note_limits([RPM, TPM])
    groq.refresh_from_db()
    assert (groq.requests_per_minute, groq.tokens_per_minute, read_version()) == (25, None, version)
    assert suggested() == [
        ("", "8,000 tokens per minute", None, True),
        ("", "30 requests per minute", "25 requests per minute", False),
    ]


def test_the_same_is_written_once_and_another_amount_again(groq):
    actions.note_limits([RPM])
    before = ToldLimit.objects.get()
    actions.note_limits([RPM, replace(RPM, told_by="body")])
    assert ToldLimit.objects.get().seen_at == before.seen_at
    actions.note_limits([replace(RPM, amount=10)])
    after = ToldLimit.objects.get()
    assert (after.amount, after.seen_at > before.seen_at) == (10, True)
    assert suggested() == [("", "10 requests per minute", "25 requests per minute", True)]


@pytest.mark.parametrize(
    "elsewhere",
    [{"model_id": "gone"}, {"provider_id": "gone"}, {"base_url": "http://127.0.0.1:9/v2"}, {"adapter": "x"}],
)
def test_what_was_told_elsewhere_is_left_out(groq, elsewhere):
    actions.note_limits([replace(RPM, **elsewhere)])
    assert not ToldLimit.objects.exists()


def test_a_server_that_makes_up_limits_fills_no_table(groq):
    actions.note_limits([replace(RPM, window_s=number) for number in range(1, 3 * MOST)])
    assert ToldLimit.objects.count() == MOST


def test_it_is_forgotten_where_the_account_or_the_model_is_another(groq):
    for change in (
        lambda: actions.set_secrets("groq", api_key="sk-another-0123456789"),
        lambda: actions.forget(pk_of("groq", "llama")),
        lambda: actions.update_provider("groq", {"base_url": "http://127.0.0.1:9/v2"}),
    ):
        actions.note_limits([RPM])
        assert ToldLimit.objects.exists()
        change()
        assert not ToldLimit.objects.exists()


# --- suggesting ---------------------------------------------------------------
def test_what_is_set_already_is_not_suggested(groq):
    by_calendar = {"unit": "tokens", "amount": 200_000, "window": "1 day", "time_zone": "UTC"}
    actions.update_provider("groq", {"requests_per_minute": 30, "limits": [by_calendar]})
    actions.note_limits([RPM, TPD])
    assert suggested() == []


def test_of_models_that_share_a_limit_the_lowest_is_suggested(groq):
    actions.note_limits([RPM, replace(RPM, model_id="qwen", amount=20)])
    assert suggested() == [("", "20 requests per minute", "25 requests per minute", True)]
    [suggestion] = suggestions_of(groq)
    assert suggestion.differs


def test_where_models_have_limits_of_their_own_each_is_suggested_its_own(groq):
    actions.update_provider("groq", {"limits_scope": "model"})
    actions.note_limits([RPM, replace(RPM, model_id="qwen", amount=25)])
    assert suggested() == [("llama", "30 requests per minute", "25 requests per minute", False)]


def test_a_limit_that_is_set_for_the_model_is_what_its_word_is_held_against(groq):
    actions.update_model(pk_of("groq", "llama"), {"requests_per_minute": 40})
    actions.note_limits([RPM])
    assert suggested() == [("llama", "30 requests per minute", "40 requests per minute", True)]


# --- deciding -----------------------------------------------------------------
def test_taking_over_sets_columns_and_rows_and_stands_in_the_trail(groq):
    weekly = {"scope": "account", "unit": "tokens", "amount": 900_000, "window": "1 week", "time_zone": None}
    actions.update_provider("groq", {"limits": [weekly]})
    actions.note_limits([RPM, TPM, TPD, INPUT])
    actions.take_over("groq")
    groq.refresh_from_db()
    assert (groq.requests_per_minute, groq.tokens_per_minute, groq.requests_per_day) == (30, 8000, None)
    daily = {"scope": "account", "unit": "tokens", "amount": 200_000, "window": "1 day", "time_zone": None}
    told = {"scope": "account", "unit": "input", "amount": 5000, "window": "1 minute", "time_zone": None}
    assert sorted(written(groq), key=str) == sorted([weekly, daily, told], key=str)
    change = ConfigurationChange.objects.first()
    assert change is not None
    assert {part["field"] for part in change.parts} == {"requests_per_minute", "tokens_per_minute", "limits"}
    assert suggested() == []


def test_a_limit_by_a_calendar_stays_one(groq):
    by_calendar = {"unit": "tokens", "amount": 500_000, "window": "1 day", "time_zone": "America/Los_Angeles"}
    actions.update_provider("groq", {"limits": [by_calendar]})
    actions.note_limits([TPD])
    actions.take_over("groq")
    assert written(groq) == [{"scope": "account", **by_calendar, "amount": 200_000}]


def test_taking_over_sets_models_whose_limits_are_their_own(groq):
    actions.update_provider("groq", {"limits_scope": "model"})
    actions.note_limits([RPM, TPD, replace(RPM, model_id="qwen", amount=10)])
    actions.take_over("groq")
    llama, qwen = (Model.objects.get(model_id=name) for name in ("llama", "qwen"))
    assert (llama.requests_per_minute, qwen.requests_per_minute) == (30, 10)
    assert [entry["unit"] for entry in written(llama)] == ["tokens"]
    groq.refresh_from_db()
    assert groq.requests_per_minute == 25


def test_what_is_dismissed_comes_back_with_another_amount(groq):
    actions.note_limits([RPM, replace(RPM, model_id="qwen", amount=40)])
    actions.dismiss("groq")
    assert suggested() == []
    actions.note_limits([RPM])
    assert suggested() == []
    actions.note_limits([replace(RPM, amount=20)])
    assert suggested() == [("", "20 requests per minute", "25 requests per minute", True)]


@pytest.mark.parametrize("decide", [actions.take_over, actions.dismiss])
def test_what_has_changed_since_it_was_shown_is_not_decided(groq, decide):
    actions.note_limits([RPM])
    shown = [each.mark for each in suggestions_of(groq)]
    actions.note_limits([replace(RPM, amount=31)])
    with pytest.raises(ValidationError, match="has changed meanwhile"):
        decide("groq", shown)
    assert suggested() == [("", "31 requests per minute", "25 requests per minute", False)]


def test_where_nothing_is_suggested_nothing_is_taken_over(groq):
    with pytest.raises(ValidationError, match="nothing to take over"):
        actions.take_over("groq")
    with pytest.raises(Provider.DoesNotExist):
        actions.take_over("gone")
