from typing import Any

import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.calling import shared_store
from providers.models import Model, Provider, ProviderConfig
from providers.tests.factories import make_model, make_provider, model_ids, pk_of, provider_ids

pytestmark = pytest.mark.django_db
KEY = "sk-planted-0123456789"
NEW = {"id": "groq", "name": "Groq", "base_url": "https://api.groq.com/openai/v1"}


@pytest.fixture
def cleared(monkeypatch, django_capture_on_commit_callbacks):
    """What the breaker was told to forget, for the actions that ``cleared(...)`` runs."""

    def run(action: Any, *args: Any, **values: Any) -> list[str]:
        told: list[str] = []
        monkeypatch.setattr(shared_store, "clear", told.append)
        monkeypatch.setattr(
            shared_store, "clear_model", lambda provider_id, model_id: told.append(f"{provider_id}/{model_id}")
        )
        with django_capture_on_commit_callbacks(execute=True):
            action(*args, **values)
        return told

    return run


def messages(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    return {name: " ".join(texts) for name, texts in error.value.message_dict.items()}


def test_a_provider_is_appended_with_plain_values():
    make_provider("first")
    provider = actions.create_provider({**NEW, "requests_per_minute": 25, "limits_scope": "model"})
    assert (provider.order, provider.requests_per_minute, provider.adapter) == (1, 25, "openai")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("colour", "red", "Unknown field 'colour'. Known: id, order, name"),
        ("name", 7, "Give a string"),
        ("name", "", "Give a name"),
        ("name", "a\x00b", "NUL character. Remove it"),
        ("name", "\ud800", "half a character"),
        ("id", "all", "reserved"),
        ("id", "ALL", "reserved"),
        ("id", "Stats", "reserved"),
        ("id", "two words", "letters"),
        ("id", "", "Give an id"),
        ("adapter", "cohere", "Choose one of: openai, mistral"),
        ("limits_scope", "galaxy", "Choose one of: account, model"),
        ("pacing", "rushed", "Choose one of: window, smooth"),
        ("max_concurrency", 0, "at least 1"),
        ("base_url", "ftp://host/v1", "http://"),
        ("base_url", "HTTP://host/v1", "must start with http:// or https:// in lower case"),
        ("base_url", "https://user:secret@host/v1", "http://"),
        ("base_url", "https://host/v1\n", "http://"),
        ("base_url", "https://host:99999/v1", "port"),
        ("enabled", "yes", "true or false"),
        ("enabled", None, "true or false"),
        ("requests_per_minute", "25", "whole number or null"),
        ("requests_per_minute", True, "whole number or null"),
        ("requests_per_minute", 2.5, "whole number or null"),
        ("requests_per_minute", 0, "at least 1"),
        ("tokens_per_minute", -5, "at least 1"),
        ("requests_per_day", 10**12, "2147483647"),
        ("extra_config", [], "JSON object"),
        ("extra_config", {"a": float("nan")}, "JSON object"),
        ("extra_config", {"a": ["\x00"]}, "NUL character. Remove it"),
        ("extra_config", {"\ud800": 1}, "half a character"),
        ("extra_config", {"a": {1, 2}}, "JSON object"),
        ("extra_config", {"timeout_s": "soon"}, "timeout_s"),
        ("extra_config", {"headers": ["a"]}, "headers"),
        ("extra_config", {"headers": {"Authorization": "Bearer x"}}, "encrypted"),
        ("extra_config", {"API-Key": "x"}, "secret"),
        ("default_model", 5, "model id as text"),
        ("champion_model", "none-such", "no model of this provider"),
    ],
)
def test_a_wrong_value_of_a_provider_is_refused_by_field_and_nothing_is_written(field, value, words):
    with pytest.raises(ValidationError) as error:
        actions.create_provider({**NEW, field: value})
    assert words in messages(error)[field]
    assert not Provider.objects.exists()


def test_a_taken_id_is_refused():
    make_provider("groq")
    with pytest.raises(ValidationError) as error:
        actions.create_provider(NEW)
    assert "exists already" in messages(error)["id"]


@pytest.mark.parametrize("twin", ["Groq", "GROQ"])
def test_letter_case_makes_no_new_id(twin):
    make_provider("groq")
    with pytest.raises(ValidationError) as error:
        actions.create_provider({**NEW, "id": twin})
    assert "'groq' exists already, and letter case makes no new id" in messages(error)["id"]
    assert provider_ids() == ["groq"]


def test_a_text_that_only_spells_a_nul_character_is_kept():
    kept = {"pattern": r"[^\u0000]", "list": [r"\\u0000"]}
    provider = actions.create_provider({**NEW, "extra_config": kept})
    provider.refresh_from_db()
    assert provider.extra_config == kept


def test_what_is_no_object_is_refused():
    with pytest.raises(ValidationError, match="object"):
        actions.create_provider(["name"])  # type: ignore[arg-type]


def test_an_update_changes_the_named_fields_only():
    make_provider("groq", requests_per_minute=25)
    Provider.objects.filter(pk="groq").update(name="Changed in between")
    provider = actions.update_provider("groq", {"tokens_per_minute": 100})
    provider.refresh_from_db()
    assert (provider.name, provider.requests_per_minute, provider.tokens_per_minute) == ("Changed in between", 25, 100)


def test_the_id_of_a_provider_stays():
    make_provider("groq")
    actions.update_provider("groq", {"id": "groq", "name": "Same"})
    with pytest.raises(ValidationError) as error:
        actions.update_provider("groq", {"id": "other"})
    assert "cannot change" in messages(error)["id"]


def test_champion_and_default_are_given_as_model_ids():
    make_provider("groq", models=2)
    provider = actions.update_provider("groq", {"default_model": "m0", "champion_model": "m1"})
    assert (str(provider.default_model), str(provider.champion_model)) == ("m0", "m1")
    assert actions.update_provider("groq", {"champion_model": None}).champion_model is None


@pytest.mark.parametrize("provider_id", ["nobody", "", "a\x00b"])
def test_an_unknown_provider_is_not_there(provider_id):
    for action in (actions.delete_provider, lambda name: actions.update_provider(name, {}), actions.set_secrets):
        with pytest.raises(Provider.DoesNotExist):
            action(provider_id)


def test_a_deleted_provider_takes_models_and_secrets_along_and_leaves_no_gap():
    for name in ("a", "b", "c"):
        make_provider(name, models=2)
    actions.set_secrets("b", api_key=KEY)
    actions.update_provider("b", {"champion_model": "m1", "default_model": "m0"})
    actions.delete_provider("b")
    assert provider_ids() == ["a", "c"]
    assert (Model.objects.count(), ProviderConfig.objects.count()) == (4, 0)


def test_a_deleted_champion_leaves_none_and_no_gap():
    make_provider("groq", models=3)
    actions.update_provider("groq", {"champion_model": "m1"})
    actions.delete_model(pk_of("groq", "m1"))
    assert Provider.objects.get().champion_model is None
    assert model_ids("groq") == ["m0", "m2"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("provider", "other", "Unknown field 'provider'"),
        ("model_id", "with blank", "without spaces"),
        ("model_id", "m\n", "without spaces"),
        ("model_id", "m0", "already"),
        ("max_tokens", 0, "1"),
        ("context_window", "big", "whole number"),
        ("is_thinking_model", 1, "true or false"),
        ("input_price", "0.1", "number"),
        ("input_price", float("nan"), "number"),
        ("input_price", float("inf"), "number"),
        ("output_price", -1, "0"),
        ("requests_per_day", -1, "at least 1"),
        ("extra_config", {"extra_body": 5}, "extra_body"),
        ("fallback_priority", "first", "whole number"),
    ],
)
def test_a_wrong_value_of_a_model_is_refused_by_field_and_nothing_is_written(field, value, words):
    make_provider("groq", models=1)
    with pytest.raises(ValidationError) as error:
        actions.create_model("groq", {"model_id": "new", field: value})
    assert words in messages(error)[field]
    assert model_ids("groq") == ["m0"]


def test_a_price_is_what_was_written():
    model = make_model(make_provider(), input_price=0.1)
    model.refresh_from_db()
    assert str(model.input_price) == "0.100000"


def test_a_model_that_is_not_there_is_said_so():
    for action in (actions.delete_model, lambda pk: actions.update_model(pk, {})):
        with pytest.raises(Model.DoesNotExist):
            action(10**30)


@pytest.mark.parametrize("pasted", [KEY, f"  {KEY}\n", f"\r\n{KEY}\t"])
def test_a_pasted_key_is_stored_bare(pasted):
    make_provider("groq")
    row = actions.set_secrets("groq", api_key=pasted)
    row.refresh_from_db()
    assert (row.api_key, row.api_key_last4, row.key_set_at is not None) == (KEY, KEY[-4:], True)


@pytest.mark.parametrize("key", ["sk-planted two", "sk-planted\nsecond", "sk-plantéd", 5, "sk-planted\x00", "x" * 5000])
def test_a_key_that_is_none_is_refused_without_repeating_it(key):
    make_provider("groq")
    with pytest.raises(ValidationError) as error:
        actions.set_secrets("groq", api_key=key)
    assert messages(error)["api_key"]
    assert str(key) not in str(error.value)
    assert not ProviderConfig.objects.exists()


@pytest.mark.parametrize("empty", [None, "", "  \n"])
def test_an_empty_key_removes_the_stored_one_and_leaves_the_rest(empty):
    make_provider("groq")
    actions.set_secrets("groq", api_key=KEY, config={"a": 1})
    actions.set_secrets("groq", api_key=empty)
    row = ProviderConfig.objects.get()
    assert (row.api_key, row.api_key_fingerprint, row.key_set_at, row.config) == (None, "", None, {"a": 1})


@pytest.mark.parametrize("config", [[], "text", {"a": float("nan")}, {"a": "\x00"}, {"headers": {"X": "a\nb"}}])
def test_a_malformed_secret_config_is_refused(config):
    make_provider("groq")
    with pytest.raises(ValidationError) as error:
        actions.set_secrets("groq", config=config)
    assert messages(error)["config"]


@pytest.mark.parametrize(
    "changes",
    [{"base_url": "http://127.0.0.1:10/v1"}, {"adapter": "mistral"}, {"enabled": True}, {"requires_key": False}],
)
def test_what_makes_calls_go_elsewhere_closes_the_breaker(changes, cleared):
    make_provider("groq", enabled=False)
    assert cleared(actions.update_provider, "groq", changes) == ["groq"]


@pytest.mark.parametrize("changes", [{"name": "Other"}, {"requests_per_minute": 5}, {"enabled": False}])
def test_other_changes_leave_the_breaker_alone(changes, cleared):
    make_provider("groq")
    assert cleared(actions.update_provider, "groq", changes) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"context_window": 4096}, 1), ({"extra_config": {"extra_body": {"top_p": 1}}}, 1), ({"display_name": "x"}, 0)],
)
def test_a_model_that_is_asked_otherwise_is_no_longer_suspended(changes, expected, cleared):
    make_provider("groq", models=["llama"])
    assert cleared(actions.update_model, pk_of("groq", "llama"), changes) == ["groq/llama"] * expected


def test_a_key_and_a_model_switched_on_close_the_breaker(cleared):
    make_provider("groq", models=1)
    pk = pk_of("groq", "m0")
    assert cleared(actions.set_secrets, "groq", api_key=KEY) == ["groq"]
    assert cleared(actions.set_model_enabled, pk, False) == []
    assert cleared(actions.set_model_enabled, pk, True) == ["groq"]


def test_a_store_that_is_away_does_not_stop_an_action(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    make_provider("groq", models=1)
    shared_store.clear("groq")
    assert "suspensions of groq, groq/m0 stay" in caplog.text


def test_an_order_given_moves_the_provider_and_is_clamped():
    for name in ("a", "b", "c"):
        make_provider(name)
    assert actions.update_provider("c", {"order": 0}).order == 0
    assert actions.update_provider("c", {"order": 99}).order == 2
    actions.create_provider({"id": "d", "name": "D", "base_url": "http://d", "order": 1})
    assert provider_ids() == ["a", "d", "b", "c"]
