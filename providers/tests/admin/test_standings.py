"""What pages tell of retired models, and the buttons for it."""

from datetime import date

import pytest
from django.urls import reverse

from providers import actions
from providers.admin import standings
from providers.models import Model, Provider
from providers.tests.admin.admin_pages import MODELS, change_url, make_provider, model, order_of, page, viewer

pytestmark = pytest.mark.django_db
GROQ = "https://api.groq.com/openai/v1"
REPLACE = reverse("admin:providers_model_replace")
RETIRED = "llama-3.3-70b-versatile"
RIGHTS = ("change_model", "add_model", "change_provider", "view_provider")


@pytest.fixture(autouse=True)
def one_day(monkeypatch):
    monkeypatch.setattr(standings, "today", lambda: date(2026, 11, 28))
    monkeypatch.setattr("providers.admin.panels.standing_panel.today", lambda: date(2026, 11, 28))


@pytest.fixture
def vendor():
    return make_provider("mine", RETIRED, "llama-3.1-70b-versatile", "own", base_url=GROQ)


def test_the_providers_page_tells_what_is_retired_and_what_replacing_it_means(admin_client, vendor):
    html = page(admin_client, change_url(vendor))
    assert "1 of your models is retired." in html
    assert "retired on 16 August 2026: switched off; openai/gpt-oss-120b is added in its place" in html
    assert "Probably retired, but that is not sure." in html
    assert "200,000 tokens a day and model" in html


def test_one_click_replaces_them_and_tells_how_to_take_it_back(admin_client, vendor):
    answer = admin_client.post(REPLACE, {"provider": "mine", "model": [model(RETIRED).pk]}, follow=True)
    assert answer.redirect_chain[-1][0] == change_url(vendor)
    (message,) = answer.context["messages"]
    assert str(message).startswith("1 model is replaced. llama-3.3-70b-versatile: switched off;")
    assert "switch it on again" in str(message)
    assert order_of("mine") == ["openai/gpt-oss-120b", RETIRED, "llama-3.1-70b-versatile", "own"]
    assert "is retired." not in page(admin_client, change_url(vendor))


@pytest.mark.parametrize("sent", [{}, {"model": "x"}, {"model": "9" * 30}, {"model": "1"}])
def test_what_is_no_such_model_is_refused(admin_client, vendor, sent):
    answer = admin_client.post(REPLACE, sent, follow=True)
    (message,) = answer.context["messages"]
    assert "Nothing was replaced" in str(message)
    assert answer.redirect_chain[-1][0] == reverse("admin:index")


@pytest.mark.parametrize("lacking", RIGHTS[:3])
def test_who_may_not_replace_gets_no_button(vendor, lacking):
    client = viewer(*(right for right in RIGHTS if right != lacking))
    assert REPLACE not in page(client, change_url(vendor))
    assert client.post(REPLACE, {"model": [model(RETIRED).pk]}).status_code == 403
    assert Model.objects.get(model_id=RETIRED).enabled


def test_the_limits_of_the_free_tier_are_offered_and_filled_in(admin_client, vendor):
    url = reverse("admin:providers_provider_fill", args=["mine"])
    assert url in page(admin_client, change_url(vendor))
    answer = admin_client.post(url, {"limits": "1"}, follow=True)
    assert "Filled in: 5 of its limits" in str(next(iter(answer.context["messages"])))
    assert Provider.objects.get().requests_per_minute == 30
    answer = admin_client.post(url, {"limits": "1"}, follow=True)
    assert "nothing to fill in" in str(next(iter(answer.context["messages"])))


def test_a_models_page_tells_what_is_known_of_it(admin_client, vendor):
    actions.create_model("mine", {"model_id": "openai/gpt-oss-20b"})
    html = page(admin_client, change_url(model(RETIRED)))
    assert "It is retired on 16 August 2026." in html
    assert "as of 27 November 2026" in html
    html = page(admin_client, change_url(model("openai/gpt-oss-20b")))
    assert "$0.075 a million tokens of prompt, $0.3 of answer" in html
    assert "Apache-2.0" in html
    assert "What is known of it" not in page(admin_client, change_url(model("own")))


def test_the_list_marks_what_is_retired_for_sure(admin_client, vendor):
    html = page(admin_client, MODELS)
    assert html.count("retired") == 1


def test_what_is_new_and_gone_at_the_vendor_is_told(admin_client, vendor):
    actions.note_list("mine", GROQ, ["qwen-8"], is_seen=True)
    actions.note_list("mine", GROQ, ["qwen-8", "qwen-9"], is_seen=False)
    html = page(admin_client, change_url(vendor))
    assert "Not in the vendor's list any more" in html.replace("&#x27;", "'")
    assert "qwen-9" in html
    assert "qwen-8</span>" not in html


def test_a_provider_of_which_nothing_is_known_has_no_such_panel(admin_client):
    assert "What is known of its models" not in page(admin_client, change_url(make_provider("other", "m")))
