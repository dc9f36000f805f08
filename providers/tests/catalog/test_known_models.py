"""What is known of models: whose they are, how they stand on a day, and what took their place."""

import json
from datetime import date

import pytest

from providers.catalog import catalogue
from providers.catalog.known_models import KNOWN, Standing, known_model, models_of_today, successor, vendor_at
from providers.catalog.prices import known_price
from providers.catalog.today import catalogue_of_today, model_values

TODAY = date(2026, 11, 28)


def test_every_seeded_model_is_known_with_source_and_date():
    for entry in catalogue():
        for model in entry.provider.models:
            known = known_model(entry.provider.id, model.model_id)
            assert known is not None, model.model_id
            assert known.source
            assert known.as_at <= TODAY


def test_some_twenty_five_of_the_seeded_models_are_retired():
    known = [known_model(entry.provider.id, model.model_id) for entry in catalogue() for model in entry.provider.models]
    standings = [entry.standing(TODAY) for entry in known if entry]
    assert (len(standings), standings.count(Standing.RETIRED), standings.count(Standing.ENDING)) == (34, 25, 2)


def test_what_ends_on_a_day_has_ended_on_it():
    pro = known_model("google", "gemini-2.5-pro")
    assert pro is not None
    days = (date(2026, 11, 30), date(2026, 12, 1))
    assert [pro.standing(day) for day in days] == [Standing.ENDING, Standing.RETIRED]


@pytest.mark.parametrize(
    ("vendor", "model_id", "found"),
    [
        ("groq", "llama-3.3-70b-versatile", "openai/gpt-oss-120b"),
        ("google", "gemini-2.0-flash", "gemini-3.5-flash-lite"),  # by way of one that ends soon itself
        ("groq", "mixtral-8x7b-32768", None),
        ("groq", "openai/gpt-oss-120b", None),
        ("groq", "nobody's", None),
    ],
)
def test_a_successor_is_one_that_is_served(vendor, model_id, found):
    known = successor(vendor, model_id, TODAY)
    assert (known.model_id if known else None) == found


def test_every_successor_is_known_itself():
    models = json.loads(KNOWN.read_text())["models"]
    for vendor, listed in models.items():
        for facts in listed.values():
            assert facts.get("replaced_by") is None or facts["replaced_by"] in listed, vendor


def test_a_vendor_is_told_by_its_address_alone():
    assert vendor_at("https://api.groq.com/openai/v1/") == "groq"
    assert vendor_at("http://127.0.0.1:9/v1") is None
    assert vendor_at("https://api.openai.com/v1") is None
    assert known_model(None, "llama-3.3-70b-versatile") is None


def test_todays_catalogue_has_the_vendors_of_the_seed_and_no_retired_model():
    today = catalogue_of_today(TODAY)
    assert [entry.provider.id for entry in today] == [entry.provider.id for entry in catalogue()]
    for entry in today:
        provider = entry.provider
        assert provider.models
        assert provider.champion_model == provider.models[0].model_id
        for known in models_of_today(provider.id):
            assert known.standing(TODAY) is Standing.CURRENT


def test_prices_are_those_of_the_day_and_of_no_other_model():
    assert known_price("google", "gemini-4-argon", TODAY).input == 2
    assert known_price("google", "gemini-4-argon", date(2026, 12, 1)).input == 4
    assert known_price("google", "gemini-2.5-pro", TODAY).dearer_above == 200_000
    assert not known_price("google", "gemini-4-argon-preview", TODAY).is_priced
    assert not known_price("mistral", "mistral-large-latest", TODAY).is_priced
    assert not known_price(None, "gpt-oss-120b", TODAY).is_priced


def test_a_new_model_gets_what_is_known_of_it():
    values = model_values("cerebras", "gpt-oss-120b", TODAY)
    assert {name: str(value) for name, value in values.items()} == {
        "context_window": "65536",  # of the free tier, which is less than the model's
        "supports_json_schema": "True",
        "input_price": "0.35",
        "output_price": "0.75",
    }
    assert model_values("cerebras", "unheard-of", TODAY) == {}
