"""A second provider for another key: the same in every column but its own, right after the first, or nothing."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import actions
from providers.configuration.change_words import summary
from providers.configuration.snapshot import load
from providers.models import ConfigurationChange, Model, Provider, ProviderConfig, Reroute
from providers.tests.factories import make_model, make_provider, pk_of, provider_ids

pytestmark = pytest.mark.django_db

KEY = "gsk_planted-secret-1234"
OTHER = "gsk_planted-secret-5678"
HEADERS = {"headers": {"X-Org": "one"}}
OWN = {"id", "name", "order", "created_at", "updated_at"}
POINTERS = {"provider", "default_model", "champion_model"}


@pytest.fixture
def groq():
    """Nothing of it is as usual."""
    make_provider(
        "groq",
        name="Groq",
        base_url="https://api.example.com/v1",
        limits_scope="model",
        pacing="smooth",
        max_concurrency=9,
        requests_per_minute=30,
        tokens_per_minute=6000,
        requests_per_day=1000,
        extra_config={"timeout_s": 20},
    )
    prices = {"input_price": 1, "cached_input_price": Decimal("0.1"), "output_price": 2}
    sizes = {"max_tokens": 800, "context_window": 9000, "requests_per_minute": 5}
    make_model("groq", "llama", display_name="Llama", supports_json_schema=True, **prices, **sizes)
    make_model("groq", "qwen", enabled=False, is_thinking_model=True, extra_config={"extra_body": {"top_k": 5}})
    Model.objects.filter(model_id="qwen").update(adaptations={"temperature": "omitted"})
    actions.update_provider("groq", {"champion_model": "qwen", "default_model": "llama"})
    actions.set_secrets("groq", api_key=KEY, config=HEADERS)
    make_provider("mistral")
    return Provider.objects.get(pk="groq")


def columns(row):
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in OWN | POINTERS or (field.name == "name" and isinstance(row, Model))
    }


def test_it_is_the_same_in_every_column_with_the_same_models_in_the_same_order(groq):
    second = Provider.objects.get(pk=actions.duplicate_provider("groq", api_key=OTHER).pk)
    assert columns(second) == columns(groq)
    first_models, models = (list(Model.objects.filter(provider=row)) for row in (groq, second))
    assert list(map(columns, models)) == list(map(columns, first_models))
    assert (second.champion_model, second.default_model) == (models[1], models[0])


def test_it_stands_right_after_the_first_under_its_own_name_with_the_other_key(groq):
    second = actions.duplicate_provider("groq", api_key=f" {OTHER}\n")
    assert (second.pk, second.name) == ("groq-2", "Groq 2")
    assert provider_ids() == ["groq", "groq-2", "mistral"]
    keys = {entry.id: entry.api_key for entry in load().providers}
    assert keys == {"groq": KEY, "groq-2": OTHER, "mistral": None}


def test_secret_settings_stay_with_their_account_and_others_may_be_given(groq):
    actions.duplicate_provider("groq", api_key=OTHER)
    actions.duplicate_provider("groq", api_key=f"{OTHER}9", config={"headers": {"X-Org": "two"}})
    stored = {row.pk: row.config for row in ProviderConfig.objects.all()}
    assert stored == {"groq": HEADERS, "groq-2": None, "groq-3": {"headers": {"X-Org": "two"}}}


def test_who_answers_in_place_of_a_model_is_seen_anew(groq):
    actions.note_answer("groq", "llama", "gemma")
    actions.duplicate_provider("groq", api_key=OTHER)
    assert [reroute.model_id for reroute in Reroute.objects.all()] == [pk_of("groq", "llama")]


@pytest.mark.parametrize(
    ("first", "name", "taken", "expected"),
    [
        ("groq", "Groq", [], ("groq-2", "Groq 2")),
        ("groq", "Groq", ["groq-2", "GROQ-3"], ("groq-4", "Groq 4")),
        ("groq-2", "Groq 2", ["groq"], ("groq-3", "Groq 3")),
        ("groq-2", "Our second", [], ("groq-3", "Our second 3")),
        ("llama-2024", "Llama 2024", [], ("llama-2024-2", "Llama 2024 2")),
        ("x" * 50, "N" * 100, [], ("x" * 48 + "-2", "N" * 98 + " 2")),
    ],
)
def test_names_go_on_counting(first, name, taken, expected):
    assert actions.suggested_names(Provider(id=first, name=name), [first, *taken]) == expected


@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        ({"api_key": KEY}, "api_key", "Groq has this key already"),
        ({"api_key": f"  {KEY}"}, "api_key", "Groq has this key already"),
        ({"api_key": "  "}, "api_key", "Give the other key"),
        ({"api_key": None}, "api_key", "Give the other key"),
        ({"api_key": "two words"}, "api_key", "Copy it again"),
        ({"api_key": 5}, "api_key", "as text"),
        ({"api_key": OTHER, "new_id": "mistral"}, "id", "exists already"),
        ({"api_key": OTHER, "new_id": "GROQ"}, "id", "exists already"),
        ({"api_key": OTHER, "new_id": "a b"}, "id", ""),
        ({"api_key": OTHER, "name": "x" * 101}, "name", ""),
        ({"api_key": OTHER, "config": {"headers": 5}}, "config", "headers"),
    ],
)
def test_what_is_refused_is_named_and_leaves_nothing(groq, wanted, field, said):
    changes = ConfigurationChange.objects.count()
    with pytest.raises(ValidationError) as refusal:
        actions.duplicate_provider("groq", **wanted)
    assert said in " ".join(refusal.value.message_dict[field])
    assert KEY not in str(refusal.value)
    assert (provider_ids(), Model.objects.count()) == (["groq", "mistral"], 2)
    assert ConfigurationChange.objects.count() == changes


def test_a_key_that_another_copy_has_is_refused_and_one_of_another_vendor_is_not(groq):
    actions.duplicate_provider("groq", api_key=OTHER)
    with pytest.raises(ValidationError, match="Groq 2 has this key already"):
        actions.duplicate_provider("groq", api_key=OTHER)
    actions.set_secrets("mistral", api_key="shared-by-accident-1")
    actions.duplicate_provider("groq", api_key="shared-by-accident-1")
    assert provider_ids() == ["groq", "groq-3", "groq-2", "mistral"]


def test_what_looks_like_a_secret_in_extra_settings_is_not_spread(groq):
    Model.objects.filter(model_id="qwen").update(extra_config={"extra_body": {"api_key": "sk-planted-0123456789"}})
    with pytest.raises(ValidationError, match=r"qwen: .*looks like a secret") as refusal:
        actions.duplicate_provider("groq", api_key=OTHER)
    assert "sk-planted" not in str(refusal.value)
    assert provider_ids() == ["groq", "mistral"]


def test_a_provider_that_is_not_there_is_said(groq):
    with pytest.raises(Provider.DoesNotExist):
        actions.duplicate_provider("nobody", api_key=OTHER)


def test_the_trail_tells_of_what_it_is_a_copy_and_of_the_key_no_more_than_of_others(groq):
    start = ConfigurationChange.objects.latest("pk").pk
    actions.duplicate_provider("groq", api_key=OTHER)
    rows = ConfigurationChange.objects.filter(pk__gt=start).order_by("pk")
    assert [(row.subject, row.provider, row.model_id, row.deed) for row in rows] == [
        ("provider", "groq-2", "", "created"),
        ("model", "groq-2", "llama", "created"),
        ("model", "groq-2", "qwen", "created"),
        ("secrets", "groq-2", "", "key_set"),
    ]
    parts = {entry["field"]: entry["to"] for entry in rows[0].parts}
    assert (parts["copy_of"], parts["champion_model"], parts["name"]) == ("groq", "qwen", "Groq 2")
    assert "5678" in summary(rows[3])
    assert OTHER not in str([row.parts for row in rows])


def test_it_takes_the_same_statements_however_many_models(groq):
    def statements(key):
        with CaptureQueriesContext(connection) as queries:
            actions.duplicate_provider("groq", api_key=key)
        return len(queries)

    few = statements(OTHER)
    for number in range(20):
        make_model("groq", f"m{number}")
    assert statements(f"{OTHER}9") == few


def test_limits_beyond_the_columns_are_copied_for_the_account_and_for_each_model(groq):
    actions.update_provider("groq", {"limits": [{"unit": "tokens", "amount": 9, "window": "1 week"}]})
    first = Model.objects.filter(provider="groq").order_by("fallback_priority")[0]
    actions.update_model(first.pk, {"limits": [{"unit": "input", "amount": 7, "window": "1 minute"}]})
    second = actions.duplicate_provider("groq", api_key=OTHER)
    copy = Model.objects.get(provider=second, model_id=first.model_id)
    assert [str(limit) for limit in second.limits.all()] == ["9 tokens per week"]
    assert [str(limit) for limit in copy.limits.all()] == ["7 input tokens per minute"]
