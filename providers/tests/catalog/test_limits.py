"""The catalogue may carry limits of any unit and window: seeded as rows, and counted where there is no database."""

import json

import pytest
from django.core.exceptions import ValidationError

from providers import actions, catalog
from providers.models import Model, Provider
from providers.routing.route import chain

A_DAY = {"unit": "tokens", "amount": 200_000, "window": "1 day"}
HOURLY = {"unit": "tokens", "amount": 1_000_000, "window": "1 hour"}


def write(folder, *, of_provider, of_model):
    model = {"model_id": "m", "limits": of_model}
    heads = {"default_model": "m", "champion_model": "m", "models": [model]}
    item = {"id": "groq", "name": "Groq", "base_url": "https://api.example.com/v1", "env_key": "K", **heads}
    (folder / "catalogue.json").write_text(json.dumps({"providers": [{**item, "limits": of_provider}]}))


@pytest.fixture
def forgetful(monkeypatch, tmp_path):
    """A catalogue of a test's own."""
    monkeypatch.setattr(catalog, "CATALOGUE", tmp_path / "catalogue.json")
    catalog.catalogue.cache_clear()
    catalog._with_keys.cache_clear()
    yield tmp_path
    catalog.catalogue.cache_clear()
    catalog._with_keys.cache_clear()


def test_without_a_database_its_limits_cover_the_calls(forgetful):
    write(forgetful, of_provider=[HOURLY, {**A_DAY, "scope": "model"}], of_model=[{**A_DAY, "amount": 7}])
    (route,) = chain(catalog.snapshot({"K": "key"}))
    assert [(bucket.name, bucket.limit) for bucket in route.buckets] == [
        ("groq:tokens:3600", 1_000_000),
        ("groq/m:tokens:86400", 7),
    ]


@pytest.mark.django_db
def test_they_are_seeded_as_rows_and_a_reset_gives_them_back(forgetful):
    write(forgetful, of_provider=[HOURLY], of_model=[A_DAY])
    actions.seed({})
    assert [str(row) for row in Provider.objects.get().limits.all()] == ["1,000,000 tokens per hour"]
    assert [str(row) for row in Model.objects.get().limits.all()] == ["200,000 tokens per day"]
    actions.update_provider("groq", {"limits": [A_DAY]})
    actions.seed({}, reset=["groq"])
    assert [str(row) for row in Provider.objects.get().limits.all()] == ["1,000,000 tokens per hour"]


@pytest.mark.django_db
def test_a_reset_takes_away_what_the_catalogue_does_not_have():
    actions.seed({})
    actions.update_provider("groq", {"limits": [A_DAY]})
    actions.seed({}, reset=["groq"])
    assert not Provider.objects.get(pk="groq").limits.exists()


def test_one_that_is_wrong_is_named(forgetful):
    write(forgetful, of_provider=[{**HOURLY, "window": "soon"}], of_model=[])
    with pytest.raises(ValidationError, match="Limit 1: Give a number and one of second"):
        catalog.catalogue()
