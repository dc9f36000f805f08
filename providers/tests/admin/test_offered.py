"""The page of what a vendor offers: chosen models are added at the end, all or none."""

import pytest
from django.urls import reverse

from providers import actions
from providers.admin import offered
from providers.models import Model
from providers.sandbox.behaviours import PLAIN
from providers.tests.admin.admin_pages import make_provider, page, viewer
from providers.tests.factories import model_ids

pytestmark = pytest.mark.django_db
URL = reverse("admin:providers_provider_offered", args=["served"])


@pytest.fixture
def served(sandbox):
    make_provider("served", "good", "withdrawn", base_url=sandbox.url, requires_key=False)
    return sandbox


def ask(client):
    response = client.post(URL, {"ask": "1"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_look_at_the_page_asks_nobody(admin_client, served):
    assert "Ask Served for its models" in page(admin_client, URL)
    assert served.calls == []


def choose(client, *model_ids):
    return client.post(URL, {"model": list(model_ids)}, follow=True)


def test_the_page_tells_new_ones_from_those_that_are_here_and_those_that_are_gone(admin_client, served):
    html = ask(admin_client)
    new, here, gone = html.index("Not here yet"), html.index("Here already"), html.index("not offered any more")
    assert new < html.index('value="prose"') < html.index("Probably no chat models") < here
    assert html.index("whisper-sandbox") > html.index("Probably no chat models")
    assert gone < html.rindex("withdrawn")
    assert 'value="good"' not in html


def test_chosen_ones_are_added_at_the_end_of_the_order(admin_client, served):
    html = choose(admin_client, "prose", "fenced").content.decode()
    assert "2 models are added to Served" in html
    assert model_ids("served") == ["good", "withdrawn", "prose", "fenced"]


def test_all_or_none_is_added(admin_client, served):
    html = choose(admin_client, "prose", "good", "with blank").content.decode()
    assert "good: This provider has a model of that id already." in html
    assert "with blank: " in html
    assert model_ids("served") == ["good", "withdrawn"]


def test_choosing_nothing_says_so(admin_client, served):
    assert "Choose at least one model." in choose(admin_client).content.decode()


def test_only_a_provider_without_models_starts_with_ticks_where_they_are_not_too_many(
    admin_client, served, monkeypatch
):
    monkeypatch.setattr(offered, "TICKED_AT_MOST", 50)
    assert " checked>" not in ask(admin_client)
    Model.objects.all().delete()
    html = ask(admin_client)
    assert html.count(" checked>") == len(PLAIN)
    assert " checked>" not in html[html.index("Probably no chat models") :]
    monkeypatch.setattr(offered, "TICKED_AT_MOST", 1)
    assert " checked>" not in ask(admin_client)


def test_a_vendor_that_cannot_be_asked_is_told_in_the_words_of_a_test(admin_client, served):
    actions.set_secrets("served", api_key="sk-planted-0123456789")
    served.state.set_behaviour("401", key="sk-planted-0123456789")
    html = ask(admin_client)
    assert "The key was refused (401)" in html
    assert "planted" not in html


def test_the_page_takes_few_queries_however_many_models(admin_client, served, django_assert_max_num_queries):
    actions.create_models("served", [f"m{n}" for n in range(48)])
    with django_assert_max_num_queries(16):
        ask(admin_client)


def test_who_may_not_add_models_gets_neither_the_page_nor_the_link(served):
    client = viewer("view_provider", "view_model", "change_model")
    assert client.get(URL).status_code == 403
    assert choose(client, "prose").status_code == 403
    assert URL not in page(client, reverse("admin:providers_provider_change", args=["served"]))
    assert served.calls == []
