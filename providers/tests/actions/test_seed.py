import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from providers import actions
from providers.catalog import CATALOGUE, catalogue, snapshot
from providers.models import ConfigurationVersion, Model, Provider, ProviderConfig
from providers.tests.factories import make_model, make_provider, model_ids, pk_of, provider_ids

pytestmark = pytest.mark.django_db
ORDER = ["cerebras", "mistral", "google", "groq", "ollama"]
KEY = "gsk-planted-0123456789"


def test_five_providers_and_34_models_are_seeded_in_the_catalogues_order():
    actions.seed({})
    written = {name: model_ids(name) for name in provider_ids()}
    wanted = json.loads(CATALOGUE.read_text())["providers"]
    assert list(written) == ORDER
    assert written == {item["id"]: [model["model_id"] for model in item["models"]] for item in wanted}
    assert Model.objects.count() == 34


def test_every_fact_of_the_catalogue_is_in_its_row():
    actions.seed({})
    for item in json.loads(CATALOGUE.read_text())["providers"]:
        row = Provider.objects.get(pk=item["id"])
        heads = {"default_model": str(row.default_model), "champion_model": str(row.champion_model)}
        for name in item.keys() - {"models", "env_key", "limits"}:
            assert heads.get(name, getattr(row, name)) == item[name]
        assert row.limits.count() == len(item.get("limits", []))
        for model in item["models"]:
            stored = Model.objects.get(provider=row, model_id=model["model_id"])
            assert {**model, **{name: getattr(stored, name) for name in model.keys() - {"limits"}}} == model
            assert stored.limits.count() == len(model.get("limits", []))
            assert (stored.input_price, stored.output_price) == (None, None)


def test_only_google_limits_each_model_by_itself():
    actions.seed({})
    assert list(Provider.objects.filter(limits_scope="model").values_list("pk", flat=True)) == ["google"]


def test_the_vendor_that_enforces_by_the_second_is_paced_evenly():
    actions.seed({})
    assert list(Provider.objects.filter(pacing="smooth").values_list("pk", flat=True)) == ["mistral"]
    assert [entry.id for entry in snapshot({}).providers if entry.is_smooth] == ["mistral"]


def test_a_reset_gives_pacing_and_ceiling_back():
    actions.seed({})
    actions.update_provider("mistral", {"pacing": "window", "max_concurrency": 1})
    actions.seed({}, reset=["mistral"])
    mistral = Provider.objects.get(pk="mistral")
    assert (mistral.pacing, mistral.max_concurrency) == ("smooth", None)


def test_keys_come_from_the_environment_and_are_never_overwritten():
    actions.seed({"GROQ_API_KEY": f" {KEY}\n"})
    done = actions.seed({"GROQ_API_KEY": "gsk-another-0123456789", "MISTRAL_API_KEY": "late-0123456789"})
    assert ProviderConfig.objects.get(pk="groq").api_key == KEY
    assert ProviderConfig.objects.get(pk="mistral").api_key == "late-0123456789"
    assert {row.provider_id: row.key for row in done}["groq"] == "stored one kept"


def test_a_key_that_is_none_is_said_so_and_the_rest_is_seeded():
    done = actions.seed({"GROQ_API_KEY": "two words"})
    assert {row.provider_id: row.key for row in done}["groq"] == "none, what GROQ_API_KEY holds is no key"
    assert Provider.objects.count() == 5


def test_seeding_again_writes_nothing():
    actions.seed({"GROQ_API_KEY": KEY})
    before = ConfigurationVersion.objects.get().version
    actions.seed({"GROQ_API_KEY": KEY})
    assert ConfigurationVersion.objects.get().version == before


def test_what_a_person_has_changed_stays():
    actions.seed({})
    actions.update_provider("groq", {"requests_per_minute": 1, "enabled": False, "champion_model": None})
    actions.delete_model(pk_of("groq", "gemma2-9b-it"))
    actions.update_provider("ollama", {"order": 0})
    actions.delete_provider("mistral")
    actions.seed({})
    groq = Provider.objects.get(pk="groq")
    assert (groq.requests_per_minute, groq.enabled, groq.champion_model) == (1, False, None)
    assert "gemma2-9b-it" not in model_ids("groq")
    assert provider_ids() == ["ollama", "cerebras", "google", "groq", "mistral"]


def test_a_reset_gives_back_the_catalogue_and_keeps_key_place_and_own_models():
    actions.seed({"GROQ_API_KEY": KEY})
    actions.update_provider("groq", {"name": "Mine", "enabled": False, "champion_model": None})
    actions.delete_model(pk_of("groq", "gemma2-9b-it"))
    make_model("groq", "mine", fallback_priority=0)
    actions.update_provider("groq", {"order": 0})
    actions.seed({}, reset=["groq"])
    groq = Provider.objects.get(pk="groq")
    wanted = next(entry.provider for entry in catalogue() if entry.provider.id == "groq")
    assert (groq.name, groq.enabled, str(groq.champion_model)) == ("Groq", True, wanted.champion_model)
    assert model_ids("groq") == [*(model.model_id for model in wanted.models), "mine"]
    assert (provider_ids()[0], ProviderConfig.objects.get().api_key) == ("groq", KEY)


def test_a_provider_of_ones_own_stays_first():
    make_provider("mine")
    actions.seed({})
    assert provider_ids() == ["mine", *ORDER]


def test_a_reset_of_an_unknown_provider_names_the_known_ones():
    with pytest.raises(ValidationError, match=r"nobody.*cerebras, google"):
        actions.seed({}, reset=["nobody"])
    with pytest.raises(CommandError, match="nobody") as error:
        call_command("seed_providers", reset=["nobody"])
    assert error.value.returncode == 2


def test_a_dry_run_shows_a_table_and_writes_nothing(capsys, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    call_command("seed_providers", dry_run=True)
    shown = capsys.readouterr().out
    assert "groq" in shown
    assert "9 models created" in shown
    assert "stored from GROQ_API_KEY" in shown
    assert KEY not in shown
    assert not Provider.objects.exists()


def test_the_catalogue_serves_as_a_configuration_with_keys_from_the_environment():
    served = snapshot({"GROQ_API_KEY": KEY})
    keys = {entry.id: entry.api_key for entry in served.providers}
    assert (served.source, list(keys)) == ("catalog", ORDER)
    assert keys == {name: KEY if name == "groq" else None for name in ORDER}
