"""Two people with the same row open: what each changed is kept, and what both changed is told."""

import json
from decimal import Decimal

import pytest

from providers import actions
from providers.models import Model, Provider
from providers.tests.admin.admin_pages import change_url, form_of, model

pytestmark = pytest.mark.django_db


def opened(client, row):
    """What the page of a row carries when it is loaded."""
    form = client.get(change_url(row)).context["adminform"].form
    return form_of(client, row) | {"loaded": form.loaded}


def errors_of(response):
    return response.context["adminform"].form.errors


def carried(response):
    return response.context["adminform"].form.loaded


def test_what_only_somebody_else_changed_stays(admin_client, groq):
    typed = opened(admin_client, groq) | {"name": "Groq Inc"}
    actions.update_provider("groq", {"requests_per_minute": 60})
    response = admin_client.post(change_url(groq), typed, follow=True)
    saved = Provider.objects.get(pk="groq")
    assert (saved.name, saved.requests_per_minute) == ("Groq Inc", 60)
    assert "Somebody had changed this meanwhile, and it stays so: Requests per minute." in response.content.decode()


def test_what_both_changed_is_refused_at_its_field_and_keeps_what_was_typed(admin_client, groq):
    typed = opened(admin_client, groq) | {"requests_per_minute": "30"}
    actions.update_provider("groq", {"requests_per_minute": 60})
    response = admin_client.post(change_url(groq), typed)
    told = "Somebody changed this to 60 meanwhile; you typed 30. Save again to overwrite."
    assert errors_of(response) == {"requests_per_minute": [told]}
    assert response.context["adminform"].form["requests_per_minute"].value() == "30"
    assert Provider.objects.get(pk="groq").requests_per_minute == 60


def test_the_second_save_overwrites(admin_client, groq):
    typed = opened(admin_client, groq) | {"requests_per_minute": "30"}
    actions.update_provider("groq", {"requests_per_minute": 60, "name": "Groq Inc"})
    refused = admin_client.post(change_url(groq), typed)
    admin_client.post(change_url(groq), typed | {"loaded": carried(refused)})
    saved = Provider.objects.get(pk="groq")
    assert (saved.requests_per_minute, saved.name) == (30, "Groq Inc")


def test_a_third_change_between_the_two_saves_is_told_too(admin_client, groq):
    typed = opened(admin_client, groq) | {"requests_per_minute": "30"}
    actions.update_provider("groq", {"requests_per_minute": 60})
    refused = admin_client.post(change_url(groq), typed)
    actions.update_provider("groq", {"requests_per_minute": 90})
    again = admin_client.post(change_url(groq), typed | {"loaded": carried(refused)})
    assert "to 90 meanwhile" in errors_of(again)["requests_per_minute"][0]


def test_two_who_typed_the_same_agree(admin_client, groq):
    typed = opened(admin_client, groq) | {"name": "Groq Inc"}
    actions.update_provider("groq", {"name": "Groq Inc"})
    assert admin_client.post(change_url(groq), typed).status_code == 302


@pytest.mark.parametrize(
    ("field", "theirs", "mine", "told"),
    [
        ("champion_model", {"champion_model": "qwen"}, "gemma", "to qwen meanwhile; you typed gemma"),
        ("limits_scope", {"limits_scope": "model"}, None, None),
        ("extra_config", {"extra_config": {"timeout_s": 5}}, '{"timeout_s": 7}', 'to {"timeout_s": 5} meanwhile'),
        ("adapter", {"adapter": "mistral"}, None, None),
    ],
)
def test_values_of_every_kind_are_compared_and_told(admin_client, groq, field, theirs, mine, told):
    typed = opened(admin_client, groq)
    actions.update_provider("groq", theirs)
    if mine:
        value = model(mine).pk if field == "champion_model" else mine
        response = admin_client.post(change_url(groq), typed | {field: value})
        assert told in errors_of(response)[field][0]
    else:
        admin_client.post(change_url(groq), typed)
        assert getattr(Provider.objects.get(pk="groq"), field) == theirs[field]


def test_a_switch_on_the_form_does_not_turn_back_what_somebody_switched(admin_client, groq):
    typed = opened(admin_client, groq) | {"name": "Groq Inc"}
    actions.set_provider_enabled("groq", False)
    admin_client.post(change_url(groq), typed)
    assert not Provider.objects.get(pk="groq").enabled


def test_the_model_form_compares_too(admin_client, groq):
    actions.update_model(model("llama").pk, {"input_price": 0.25})
    typed = opened(admin_client, model("llama")) | {"input_price": "0.5", "display_name": "Llama"}
    actions.update_model(model("llama").pk, {"max_tokens": 100})
    admin_client.post(change_url(model("llama")), typed)
    saved = Model.objects.get(model_id="llama")
    assert (saved.input_price, saved.max_tokens, saved.display_name) == (Decimal("0.5"), 100, "Llama")


def test_an_unchanged_price_is_no_change(admin_client, groq):
    actions.update_model(model("llama").pk, {"input_price": 0.25})
    typed = opened(admin_client, model("llama"))
    actions.update_model(model("llama").pk, {"input_price": 0.75})
    admin_client.post(change_url(model("llama")), typed)
    assert Model.objects.get(model_id="llama").input_price == Decimal("0.75")


def test_the_page_carries_no_secret(admin_client, groq):
    actions.set_secrets("groq", api_key="sk-planted-0123456789-wxyz", config={"headers": {"X-Team": "planted"}})
    carries = json.loads(opened(admin_client, groq)["loaded"])
    assert {"api_key", "secret_config", "config"}.isdisjoint(carries)
    assert "planted" not in json.dumps(carries)


@pytest.mark.parametrize("nonsense", ["", "no json", "[]", "7", '{"other": 1}'])
def test_a_page_that_carries_nothing_saves_what_differs_from_what_is_stored(admin_client, groq, nonsense):
    typed = opened(admin_client, groq) | {"name": "Groq Inc", "loaded": nonsense}
    assert admin_client.post(change_url(groq), typed).status_code == 302
    assert Provider.objects.get(pk="groq").name == "Groq Inc"


def test_a_row_that_vanished_is_told(admin_client, groq):
    typed = opened(admin_client, groq)
    actions.delete_provider("groq")
    response = admin_client.post(change_url(groq), typed, follow=True)
    assert "Perhaps it was deleted?" in response.content.decode()
