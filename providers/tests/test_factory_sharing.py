"""What the factory hands out is made once for each snapshot."""

import pytest

from providers import actions, factory
from providers.configuration.snapshot import SnapshotKeeper
from providers.factory import LLMProviderFactory
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeper")]
KEY = "sk-planted-0123456789"


@pytest.mark.parametrize("use_db", [True, False])
def test_a_provider_is_made_once_while_nothing_changes(use_db):
    make_provider("groq", models=2)
    first = LLMProviderFactory.get_provider("groq", use_db)
    assert LLMProviderFactory.get_provider("groq", use_db) is first
    assert LLMProviderFactory.get_all_providers(use_db)["groq"] is first


def test_a_change_makes_it_anew():
    make_provider("groq", models=2)
    before = LLMProviderFactory.get_provider("groq")
    actions.update_provider("groq", {"champion_model": "m1"})
    assert (before.models, LLMProviderFactory.get_provider("groq").models) == (("m0", "m1"), ("m1", "m0"))


def test_what_a_caller_does_to_its_answers_is_nobody_elses():
    make_provider("groq", requests_per_minute=25)
    LLMProviderFactory.get_all_providers().clear()
    LLMProviderFactory.get_provider("groq").rate_limits["requests_per_minute"] = 1
    LLMProviderFactory.get_rate_limits("groq").clear()
    assert LLMProviderFactory.get_all_providers()["groq"].rate_limits["requests_per_minute"] == 25


def test_asking_over_and_over_is_one_query_for_each_interval(monkeypatch, django_assert_num_queries):
    make_provider("groq", models=2)
    now = [0.0]
    monkeypatch.setattr(factory, "keeper", SnapshotKeeper(clock=lambda: now[0]))
    LLMProviderFactory.get_provider("groq")
    with django_assert_num_queries(2):
        for millisecond in range(1200):
            now[0] = millisecond / 1000
            LLMProviderFactory.get_provider("groq")


def test_a_new_key_in_the_environment_is_used_at_once(monkeypatch):
    seen = []
    for key in (KEY, "another-0123456789"):
        monkeypatch.setenv("GROQ_API_KEY", key)
        seen.append(factory._route("groq", None, False).provider.api_key)
    assert seen == [KEY, "another-0123456789"]
