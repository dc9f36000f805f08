"""Retired models are replaced: in their places, all or none, and nothing of theirs is lost."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.actions.replacing import in_words, replacements_of
from providers.models import ConfigurationChange, Model, Provider
from providers.status.standings import standings
from providers.tests.factories import make_model, make_provider, model_ids, pk_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
GROQ = "https://api.groq.com/openai/v1"
MISTRAL = "https://api.mistral.ai"
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/openai/"


def facts(*pks):
    return {str(model): model.enabled for model in Model.objects.filter(pk__in=pks)}


def heads(provider_id):
    provider = Provider.objects.get(pk=provider_id)
    return str(provider.champion_model), str(provider.default_model)


def test_the_successor_takes_place_and_championship_and_the_retired_one_is_kept_behind_it():
    make_provider("mine", models=["own", "mistral-large-2411", "codestral-2508"], base_url=MISTRAL)
    actions.update_model(pk_of("mine", "mistral-large-2411"), {"requests_per_minute": 7, "display_name": "Large"})
    actions.update_provider("mine", {"champion_model": "mistral-large-2411", "default_model": "codestral-2508"})
    (done,) = actions.replace_models(None, TODAY)
    assert model_ids("mine") == ["own", "mistral-large-2512", "mistral-large-2411", "codestral-2508"]
    assert heads("mine") == ("mistral-large-2512", "codestral-2508")
    new, old = Model.objects.get(model_id="mistral-large-2512"), Model.objects.get(pk=done.model.pk)
    assert (new.enabled, new.requests_per_minute, str(new.input_price), new.context_window) == (
        True,
        None,
        "0.500000",
        262144,
    )
    assert (old.enabled, old.requests_per_minute, old.display_name) == (False, 7, "Large")


def test_a_successor_that_is_here_stays_where_it_is_and_two_may_have_the_same_one():
    names = ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-20b", "openai/gpt-oss-120b"]
    make_provider("groq", models=names, base_url=GROQ)
    actions.update_provider("groq", {"champion_model": names[0]})
    done = actions.replace_models(None, TODAY)
    assert [entry.successor_id for entry in done] == ["openai/gpt-oss-120b", "openai/gpt-oss-20b"]
    assert model_ids("groq") == names
    assert list(Model.objects.enabled().values_list("model_id", flat=True)) == names[2:]
    assert heads("groq")[0] == "openai/gpt-oss-120b"
    assert in_words(done[0]) == (
        "llama-3.3-70b-versatile: switched off; openai/gpt-oss-120b takes its place and becomes champion"
    )


def test_one_that_a_person_switched_off_stays_off():
    make_provider("groq", models=["llama-3.3-70b-versatile", "openai/gpt-oss-120b", "own"], base_url=GROQ)
    actions.set_model_enabled(pk_of("groq", "openai/gpt-oss-120b"), False)
    (done,) = actions.replace_models(None, TODAY)
    assert list(Model.objects.enabled().values_list("model_id", flat=True)) == ["own"]
    assert "which is here, off, and stays off" in in_words(done)


def test_where_nothing_is_known_to_take_its_place_it_is_switched_off_alone():
    make_provider("groq", models=["mixtral-8x7b-32768", "own"], base_url=GROQ)
    actions.update_provider("groq", {"champion_model": "mixtral-8x7b-32768"})
    (done,) = actions.replace_models(None, TODAY)
    assert (done.successor_id, done.heads) == (None, ())
    assert facts(done.model.pk) == {"mixtral-8x7b-32768": False}


def test_what_is_not_sure_ends_soon_or_is_elsewhere_is_left_alone():
    make_provider("groq", models=["llama-3.1-70b-versatile"], base_url=GROQ)
    make_provider("google", models=["gemini-2.5-pro"], base_url=GOOGLE)
    make_provider("proxy", models=["llama-3.3-70b-versatile"])
    make_provider("off", models=["llama-3.3-70b-versatile"], base_url=GROQ, enabled=False)
    with pytest.raises(ValidationError, match="No model is known to be retired for sure"):
        actions.replace_models(None, TODAY)
    assert all(Model.objects.values_list("enabled", flat=True))


def test_one_that_ends_soon_is_replaced_where_it_is_named():
    make_provider("google", models=["gemini-2.5-pro", "own"], base_url=GOOGLE)
    actions.replace_models([pk_of("google", "gemini-2.5-pro")], TODAY)
    assert model_ids("google") == ["gemini-3.8-flash", "gemini-2.5-pro", "own"]
    assert Model.objects.get(model_id="gemini-3.8-flash").supports_json_schema


def test_named_models_are_replaced_all_or_none():
    make_provider("groq", models=["llama-3.3-70b-versatile", "openai/gpt-oss-20b"], base_url=GROQ)
    wanted = [pk_of("groq", name) for name in ("llama-3.3-70b-versatile", "openai/gpt-oss-20b")]
    before = ConfigurationChange.objects.count()
    with pytest.raises(ValidationError, match=f"not known to end for sure: {wanted[1]}"):
        actions.replace_models(wanted, TODAY)
    assert facts(*wanted) == dict.fromkeys(("llama-3.3-70b-versatile", "openai/gpt-oss-20b"), True)
    assert (model_ids("groq"), ConfigurationChange.objects.count()) == (
        ["llama-3.3-70b-versatile", "openai/gpt-oss-20b"],
        before,
    )


def test_it_is_in_the_audit_trail_and_can_be_taken_back():
    make_provider("groq", models=["llama-3.3-70b-versatile"], base_url=GROQ)
    before = ConfigurationChange.objects.count()
    (done,) = actions.replace_models(None, TODAY)
    trail = ConfigurationChange.objects.all()[: ConfigurationChange.objects.count() - before]
    assert {(change.model_id, change.deed) for change in trail} == {
        ("openai/gpt-oss-120b", "created"),
        ("llama-3.3-70b-versatile", "switched_off"),
    }
    actions.set_model_enabled(done.model.pk, True)
    actions.set_model_enabled(pk_of("groq", "openai/gpt-oss-120b"), False)
    assert list(Model.objects.enabled()) == [done.model]


def test_what_will_happen_is_what_happens():
    provider = make_provider("groq", models=["llama-3.3-70b-versatile", "llama-3.1-8b-instant"], base_url=GROQ)
    make_model(provider, "own")
    own = list(Model.objects.filter(provider=provider))
    planned = replacements_of(standings(provider, own, None, TODAY), own)
    assert [in_words(entry) for entry in planned] == [in_words(entry) for entry in actions.replace_models(None, TODAY)]
