"""The admin of providers and models: what it shows, what it never shows, and that every write is an action."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from providers import actions
from providers.admin.requests import GONE
from providers.choices import AuditAction
from providers.configuration import audit
from providers.models import Model, Provider, ProviderConfig
from providers.tests.admin.admin_pages import (
    KEY,
    MODELS,
    PROVIDERS,
    change_url,
    form_of,
    make_provider,
    model,
    order_of,
    page,
    press,
    viewer,
)

pytestmark = pytest.mark.django_db


def post(client, name, body):
    return press(client, reverse(f"admin:{name}"), body)


# --- moving -----------------------------------------------------------------


def test_a_model_dropped_above_another_is_saved_at_once(admin_client, groq):
    answer = post(admin_client, "providers_model_move", {"id": model("gemma").pk, "before": model("llama").pk})
    assert answer.json()["message"] == "gemma moved above llama."
    assert order_of("groq") == ["gemma", "llama", "qwen"]


def test_a_move_tells_where_every_row_of_the_group_stands_now(admin_client, groq):
    answer = post(admin_client, "providers_model_move", {"id": model("llama").pk, "after": model("qwen").pk})
    places = {str(model(name).pk): place for place, name in enumerate(["qwen", "llama", "gemma"])}
    assert answer.json()["positions"] == places


def test_ids_may_come_as_the_texts_that_the_page_holds(admin_client, groq):
    body = {"id": str(model("qwen").pk), "before": str(model("llama").pk)}
    assert post(admin_client, "providers_model_move", body).status_code == 200
    assert order_of("groq") == ["qwen", "llama", "gemma"]


def test_a_provider_moves_too(admin_client, groq):
    make_provider("mistral")
    assert post(admin_client, "providers_provider_move", {"id": "mistral", "before": "groq"}).status_code == 200
    assert list(Provider.objects.values_list("pk", flat=True)) == ["mistral", "groq"]


def test_a_move_next_to_another_providers_model_is_a_conflict(admin_client, groq):
    make_provider("other", "foreign")
    answer = post(admin_client, "providers_model_move", {"id": model("llama").pk, "after": model("foreign").pk})
    assert answer.status_code == 409
    assert order_of("groq") == ["llama", "qwen", "gemma"]


def test_a_move_next_to_a_row_that_vanished_is_a_conflict(admin_client, groq):
    gone = model("qwen").pk
    actions.delete_model(gone)
    assert post(admin_client, "providers_model_move", {"id": model("llama").pk, "after": gone}).status_code == 409


def test_a_move_of_a_row_that_vanished_is_a_conflict_with_a_remedy(admin_client, groq):
    gone = model("qwen").pk
    actions.delete_model(gone)
    answer = post(admin_client, "providers_model_move", {"id": gone, "after": model("llama").pk})
    assert answer.status_code == 409
    assert answer.json() == {"message": GONE, "redraw": True}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": 1},
        {"id": 1, "before": 2, "after": 3},
        {"id": True, "before": 1},
        {"id": "x", "after": 1},
        {"id": "", "after": 1},
        {"id": 2**70, "after": 1},
        {"id": "9" * 5000, "after": 1},
    ],
)
def test_a_malformed_move_is_refused(admin_client, groq, body):
    assert post(admin_client, "providers_model_move", body).status_code == 400
    assert order_of("groq") == ["llama", "qwen", "gemma"]


@pytest.mark.parametrize("name", ["move", "switch"])
@pytest.mark.parametrize("kind", ["provider", "model"])
def test_nothing_is_changed_by_a_get(admin_client, name, kind):
    assert admin_client.get(reverse(f"admin:providers_{kind}_{name}")).status_code == 405


def test_who_may_only_look_can_neither_move_nor_switch(groq):
    client = viewer("view_model", "view_provider")
    body = {"id": model("gemma").pk, "before": model("llama").pk}
    assert post(client, "providers_model_move", body).status_code == 403
    assert post(client, "providers_model_switch", {"id": model("gemma").pk, "enabled": False}).status_code == 403
    assert order_of("groq") == ["llama", "qwen", "gemma"]


def test_moves_and_switches_need_the_csrf_token(admin_user, groq):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    assert post(client, "providers_provider_switch", {"id": "groq", "enabled": False}).status_code == 403
    assert Provider.objects.get(pk="groq").enabled


def test_a_stranger_is_sent_to_the_login_page(client, groq):
    answer = post(client, "providers_provider_switch", {"id": "groq", "enabled": False})
    assert answer.status_code == 302
    assert Provider.objects.get(pk="groq").enabled


# --- switching --------------------------------------------------------------


def test_a_switch_says_what_it_did_and_leaves_a_trace(admin_client, groq):
    answer = post(admin_client, "providers_provider_switch", {"id": "groq", "enabled": False})
    assert answer.json()["message"].startswith("Groq is off.")
    assert answer.json()["enabled"] is False
    assert not Provider.objects.get(pk="groq").enabled
    assert audit.last_change("groq", AuditAction.SWITCHED_OFF)


def test_a_model_is_switched_alone(admin_client, groq):
    post(admin_client, "providers_model_switch", {"id": model("qwen").pk, "enabled": False})
    assert list(Model.objects.filter(enabled=True).values_list("model_id", flat=True)) == ["llama", "gemma"]


@pytest.mark.parametrize(
    "body", [{"id": "groq"}, {"id": "groq", "enabled": 1}, {"id": "groq", "enabled": "on"}, {"enabled": True}]
)
def test_a_malformed_switch_is_refused(admin_client, groq, body):
    assert post(admin_client, "providers_provider_switch", body).status_code == 400


def test_switching_a_row_that_vanished_is_a_conflict(admin_client):
    assert post(admin_client, "providers_provider_switch", {"id": "gone", "enabled": True}).status_code == 409


# --- lists ------------------------------------------------------------------


def test_the_lists_do_not_ask_more_when_they_grow(admin_client, groq, django_assert_max_num_queries):
    for number in range(6):
        make_provider(f"p{number}", "a", "b", "c")
    for url in (PROVIDERS, MODELS):
        with django_assert_max_num_queries(10):
            page(admin_client, url)


def test_the_provider_list_never_reads_a_secret(admin_client, groq, django_assert_max_num_queries):
    actions.set_secrets("groq", api_key=KEY)
    with django_assert_max_num_queries(8) as seen:
        html = page(admin_client, PROVIDERS)
    assert not [query for query in seen if '."api_key"' in query["sql"] or '."config"' in query["sql"]]
    assert "wxyz" in html


def test_handles_are_off_while_the_list_is_sorted_otherwise(admin_client, groq):
    assert 'class="l-handle"' in page(admin_client, MODELS)
    assert 'class="l-handle"' not in page(admin_client, f"{MODELS}?o=2")


def test_who_may_only_look_gets_no_handles_and_dead_switches(groq):
    html = page(viewer("view_model"), MODELS)
    assert 'class="l-handle"' not in html
    assert html.count('role="switch"') == html.count(" disabled></button>") == 3


# --- the provider's page ------------------------------------------------------


def test_pacing_and_a_ceiling_of_calls_are_set_on_the_page(admin_client, groq):
    admin_client.post(change_url(groq), form_of(admin_client, groq, pacing="smooth", max_concurrency="4"))
    saved = Provider.objects.get(pk="groq")
    assert (saved.pacing, saved.max_concurrency) == ("smooth", 4)


def test_champion_and_default_are_chosen_among_the_providers_own_models(admin_client, groq):
    make_provider("other", "foreign")
    form = admin_client.get(change_url(groq)).context["adminform"].form
    assert {str(row) for row in form.fields["champion_model"].queryset} == {"llama", "qwen", "gemma"}
    admin_client.post(change_url(groq), form_of(admin_client, groq, champion_model=model("qwen").pk))
    assert Provider.objects.get(pk="groq").champion_model == model("qwen")


def test_a_champion_of_another_provider_is_refused(admin_client, groq):
    make_provider("other", "foreign")
    typed = form_of(admin_client, groq, champion_model=model("foreign").pk)
    assert "champion_model" in admin_client.post(change_url(groq), typed).context["adminform"].form.errors


def test_a_provider_is_added_with_its_key(admin_client):
    typed = {"id": "new", "name": "New", "adapter": "openai", "base_url": "https://api.example.com/v1", "enabled": "on"}
    more = {"requires_key": "on", "limits_scope": "account", "pacing": "window", "extra_config": "{}", "api_key": KEY}
    admin_client.post(reverse("admin:providers_provider_add"), typed | more)
    assert ProviderConfig.objects.get(pk="new").api_key_last4 == "wxyz"
    assert Provider.objects.get(pk="new").requires_key


def test_a_provider_that_is_added_switched_off_is_off(admin_client):
    typed = {"id": "new", "name": "New", "adapter": "openai", "base_url": "http://127.0.0.1:1/v1"}
    admin_client.post(
        reverse("admin:providers_provider_add"),
        typed | {"limits_scope": "account", "pacing": "window", "extra_config": "{}"},
    )
    added = Provider.objects.get(pk="new")
    assert (added.enabled, added.requires_key) == (False, False)


def test_the_providers_page_lists_its_models_in_order(admin_client, groq):
    html = page(admin_client, change_url(groq))
    assert html.index(">llama") < html.index(">qwen") < html.index(">gemma")


def test_deleting_a_provider_closes_the_gap(admin_client, groq):
    make_provider("mistral")
    admin_client.post(reverse("admin:providers_provider_delete", args=["groq"]), {"post": "yes"})
    assert list(Provider.objects.values_list("pk", "order")) == [("mistral", 0)]


# --- the model's page -----------------------------------------------------------


def test_a_model_is_added_at_the_end(admin_client, groq):
    typed = {"provider": "groq", "model_id": "phi", "enabled": "on", "extra_config": "{}", "cached_input_price": "0.25"}
    admin_client.post(reverse("admin:providers_model_add"), typed)
    assert order_of("groq") == ["llama", "qwen", "gemma", "phi"]
    assert model("phi").cached_input_price == Decimal("0.25")


def test_a_model_id_that_the_provider_has_already_is_refused_at_its_field(admin_client, groq):
    response = admin_client.post(change_url(model("qwen")), form_of(admin_client, model("qwen"), model_id="llama"))
    assert response.status_code == 200
    assert "has a model of that id already" in response.content.decode()


def test_an_edit_of_a_model_leaves_its_place_alone(admin_client, groq):
    admin_client.post(change_url(model("qwen")), form_of(admin_client, model("qwen"), requests_per_minute="7"))
    assert (model("qwen").requests_per_minute, model("qwen").fallback_priority) == (7, 1)


def test_deleting_chosen_models_closes_the_gaps(admin_client, groq):
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [model("llama").pk, model("qwen").pk]}
    admin_client.post(MODELS, chosen)
    assert model("gemma").fallback_priority == 0


def test_what_people_typed_is_escaped(admin_client, groq):
    actions.update_model(model("llama").pk, {"display_name": "<script>alert(1)</script>"})
    actions.update_provider("groq", {"name": '"><b>x'})
    for url in (MODELS, PROVIDERS, change_url(groq)):
        html = page(admin_client, url)
        assert "<script>alert(1)" not in html
        assert '"><b>x' not in html
