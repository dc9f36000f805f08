"""What the home page tells of models that their vendors retired."""

from datetime import date

import pytest
from django.urls import reverse

from legalds.home import retirements
from providers import actions
from providers.models import Model, Provider
from providers.tests.admin.admin_pages import page, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
HOME = reverse("admin:index")
REPLACE = reverse("admin:providers_model_replace")


@pytest.fixture(autouse=True)
def one_day(monkeypatch):
    monkeypatch.setattr(retirements, "today", lambda: date(2026, 11, 28))


@pytest.fixture
def seeded():
    actions.seed({})


def test_the_retired_models_of_all_providers_are_replaced_by_one_click(admin_client, seeded):
    shown = admin_client.get(HOME).context["retirements"]
    assert f"{len(shown.lines)} of your models are retired" in page(admin_client, HOME)
    admin_client.post(REPLACE, {"model": [line.model.pk for line in shown.lines]})
    assert admin_client.get(HOME).context["retirements"].lines == ()
    assert Model.objects.filter(enabled=False).count() == len(shown.lines)
    champions = {provider.pk: str(provider.champion_model) for provider in Provider.objects.all()}
    assert champions == {
        "cerebras": "gpt-oss-120b",
        "mistral": "mistral-large-2512",
        "google": "gemini-2.5-pro",
        "groq": "openai/gpt-oss-120b",
        "ollama": "gpt-oss:120b-cloud",
    }


def test_what_is_not_sure_is_told_and_has_no_button(admin_client, seeded):
    told = {entry.provider.pk: entry for entry in admin_client.get(HOME).context["retirements"].providers}
    assert [line.model.model_id for line in told["mistral"].unsure] == ["mistral-small-2407", "ministral-8b-2410"]
    assert told["google"].headline == "3 retired, 2 ending"


def test_a_provider_that_is_off_is_not_spoken_of(admin_client, seeded):
    for provider in Provider.objects.all():
        actions.set_provider_enabled(provider.pk, False)
    assert admin_client.get(HOME).context["retirements"] is None


def test_where_nothing_is_known_nothing_is_said(admin_client, groq):
    assert "home-retirements" not in page(admin_client, HOME)


def test_who_may_only_look_gets_no_button(seeded):
    html = page(viewer("view_provider"), HOME)
    assert "of your models are retired" in html
    assert REPLACE not in html
