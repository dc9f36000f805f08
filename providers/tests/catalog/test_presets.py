"""The vendors that a new provider can start from, and what is said of addresses and keys that look wrong."""

import pytest

from providers import actions
from providers.catalog import catalogue, presets
from providers.configuration import limit_lists
from providers.connection.address_hints import address_hints

FIVE = {"cerebras", "mistral", "google", "groq", "ollama"}
OTHERS = {"openai", "openrouter", "together", "deepseek", "fireworks", "xai", "nvidia"}
LOCAL = {"ollama-local", "lm-studio", "vllm", "llama-cpp"}


def card(preset_id):
    found = presets.preset(preset_id)
    assert found is not None
    return found


def test_the_vendors_are_these_and_each_is_there_once():
    assert [entry.id for entry in presets.presets()].count("groq") == 1
    assert {entry.id for entry in presets.presets()} == FIVE | OTHERS | LOCAL


def test_the_five_of_the_catalogue_are_as_the_catalogue_has_them():
    for entry in catalogue():
        known, told = card(entry.provider.id), entry.provider
        values = known.values
        assert (known.name, known.base_url, values["adapter"]) == (told.name, told.base_url, told.adapter)
        assert (values["pacing"] == "smooth", values["limits_scope"] == "model") == (
            told.is_smooth,
            told.limits_are_per_model,
        )
        assert values["requests_per_minute"] == told.limits.requests_per_minute
        assert values["tokens_per_minute"] == told.limits.tokens_per_minute
        assert values["limits"] == [limit_lists.written(limit) for limit in told.limits.others]


@pytest.mark.django_db
@pytest.mark.parametrize("preset_id", sorted(FIVE | OTHERS | LOCAL))
def test_every_preset_makes_a_provider_as_it_is(preset_id):
    entry = card(preset_id)
    assert actions.create_provider(entry.values).requires_key is (preset_id not in LOCAL)
    assert address_hints(entry.base_url, entry.values["adapter"], requires_key=True) == []
    assert entry.base_url.startswith("http://127.0.0.1:" if preset_id in LOCAL else "https://")


def test_an_id_that_is_taken_gets_a_number():
    groq = card("groq")
    assert presets.suggested(groq, [])["id"] == "groq"
    assert presets.suggested(groq, ["GROQ", "groq-2"])["id"] == "groq-3"
    assert presets.suggested(groq, ["groq"])["name"] == "Groq 2"


@pytest.mark.parametrize(
    ("key", "vendor"),
    [
        ("gsk_abc", "Groq"),
        ("sk-or-v1-abc", "OpenRouter"),
        ("csk-abc", "Cerebras"),
        ("AIzaSyabc", "Google AI Studio"),
        ("sk-ant-abc", "Anthropic"),
        ("sk-proj-abc", "OpenAI"),
        ("sk-abc", None),
        ("abc", None),
    ],
)
def test_a_key_is_known_by_how_it_begins(key, vendor):
    assert presets.vendor_of_key(key) == vendor


@pytest.mark.parametrize(
    ("key", "base_url", "vendor"),
    [
        ("gsk_abc", "https://api.groq.com/openai/v1", None),
        ("gsk_abc", "https://api.cerebras.ai/v1", "Groq"),
        ("gsk_abc", "https://proxy.example.com/v1", "Groq"),
        ("sk-abc", "https://api.deepseek.com/v1", None),
        ("gsk_abc", "http://127.0.0.1:8000/v1", None),
    ],
)
def test_a_key_that_goes_to_another_vendor_is_noticed(key, base_url, vendor):
    assert presets.misplaced_key(key, base_url) == vendor


@pytest.mark.parametrize(
    ("base_url", "adapter", "told"),
    [
        ("https://api.example.com/v1", "openai", ""),
        ("https://api.example.com/v1/chat/completions", "openai", "https://api.example.com/v1 is probably right"),
        ("https://api.example.com/v1/models/", "openai", "https://api.example.com/v1 is probably right"),
        ("https://api.example.com", "openai", "try https://api.example.com/v1"),
        ("https://api.example.com", "mistral", ""),
        ("https://api.example.com/v1/", "openai", "slash"),
        ("https://api.groq.com/v1", "openai", "Groq's base URL is https://api.groq.com/openai/v1"),
        ("http://llm.example.com/v1", "openai", "unencrypted"),
        ("http://192.168.1.9:8000/v1", "openai", ""),
        ("http://gpu-box:8000/v1", "openai", ""),
    ],
)
def test_mistakes_in_an_address_are_pointed_out(base_url, adapter, told):
    hints = " ".join(address_hints(base_url, adapter, requires_key=True))
    assert told in hints
    assert bool(told) == bool(hints)
