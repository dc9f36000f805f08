import copy
import pickle

import pytest
from django.core.exceptions import ValidationError

from providers import actions
from providers.models import Model, Provider, ProviderConfig
from providers.secrecy.fingerprint import fingerprint, last_four
from providers.tests.factories import make_model, make_provider

pytestmark = pytest.mark.django_db
KEY = "sk-planted-0123456789"


def test_saving_a_key_by_name_keeps_last_four_and_fingerprint_right():
    make_provider("groq")
    row = actions.set_secrets("groq", api_key=KEY)
    row.api_key = "sk-another-987654"
    row.save(update_fields=["api_key"])
    row.refresh_from_db()
    assert (row.api_key_last4, row.api_key_fingerprint) == ("7654", fingerprint("sk-another-987654"))


def test_saving_a_row_whose_key_was_not_loaded_keeps_last_four():
    make_provider("groq")
    actions.set_secrets("groq", api_key=KEY)
    ProviderConfig.objects.defer("api_key").get().save()
    assert ProviderConfig.objects.get().api_key_last4 == KEY[-4:]


def test_a_row_without_a_key_is_legal():
    make_provider("groq")
    row = actions.set_secrets("groq", config={"a": 1})
    assert not row.has_key


@pytest.mark.parametrize("shown", [repr, str])
def test_a_config_shows_nothing_of_its_key(shown):
    make_provider("groq")
    assert "planted" not in shown(actions.set_secrets("groq", api_key=KEY))


def test_a_pickled_config_carries_no_key_and_reads_it_when_asked():
    make_provider("groq")
    row = actions.set_secrets("groq", api_key=KEY)
    pickled = pickle.dumps(row)
    assert KEY.encode() not in pickled
    assert pickle.loads(pickled).api_key == KEY
    assert copy.copy(row).api_key == KEY


def test_a_short_key_has_no_last_four():
    assert last_four("shortkey") == ""
    assert last_four(KEY) == "6789"


def test_a_champion_of_another_provider_is_refused():
    groq, other = make_provider("groq"), make_provider("other")
    groq.champion_model = make_model(other)
    with pytest.raises(ValidationError, match="another provider"):
        groq.full_clean()


def test_details_take_four_queries_and_no_secret(django_assert_num_queries):
    for name in ("a", "b"):
        make_provider(name, models=3)
        actions.set_secrets(name, api_key=KEY)
    with django_assert_num_queries(4):
        seen = [
            (provider.config.api_key_last4, list(provider.models.all())) for provider in Provider.objects.with_details()
        ]
    assert len(seen) == 2
    assert "api_key" in Provider.objects.with_details()[0].config.get_deferred_fields()


def test_enabled_models_are_on_at_providers_that_are_on():
    make_provider("off", models=1, enabled=False)
    make_model(make_provider("on", models=1), "dead", enabled=False)
    assert [model.model_id for model in Model.objects.enabled()] == ["m0"]
    assert [provider.pk for provider in Provider.objects.enabled()] == ["on"]
