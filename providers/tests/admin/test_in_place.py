"""Undo, what others did before, and what a switch means, in the two ordered lists of the admin."""

import pytest
from django.urls import reverse

from providers import actions
from providers.configuration.positions import read_model_orders, read_provider_order
from providers.tests.admin.admin_pages import (
    MODELS,
    MOVE,
    PROVIDERS,
    SWITCH,
    make_provider,
    model,
    order_of,
    page,
    press,
    take_back,
)

pytestmark = pytest.mark.django_db


def mark():
    return read_model_orders({"groq"})["groq"].mark


# --- undo --------------------------------------------------------------------
def test_a_move_is_undone_and_done_again(admin_client, groq):
    moved = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk})
    undone = take_back(admin_client, moved)
    assert undone.json()["message"] == "Undone: gemma is back where it was."
    assert (order_of("groq"), undone.json()["undo"]["label"]) == (["llama", "qwen", "gemma"], "Redo")
    assert take_back(admin_client, undone).json()["undo"]["label"] == "Undo"
    assert order_of("groq") == ["gemma", "llama", "qwen"]


def test_the_first_row_goes_back_too(admin_client, groq):
    moved = press(admin_client, MOVE, {"id": model("llama").pk, "after": model("gemma").pk})
    take_back(admin_client, moved)
    assert order_of("groq") == ["llama", "qwen", "gemma"]


def test_moves_are_undone_one_by_one_from_the_last(admin_client, groq):
    first = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk})
    second = press(admin_client, MOVE, {"id": model("qwen").pk, "before": model("gemma").pk})
    assert [take_back(admin_client, answer).status_code for answer in (second, first)] == [200, 200]
    assert order_of("groq") == ["llama", "qwen", "gemma"]


def test_nothing_is_undone_in_a_list_that_somebody_changed_since(admin_client, groq):
    moved = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk})
    actions.reorder_models("groq", ["qwen"])
    refused = take_back(admin_client, moved)
    assert refused.status_code == 409
    assert "Nothing was undone: Somebody has changed the order since." in refused.json()["message"]
    assert order_of("groq") == ["qwen", "gemma", "llama"]
    assert refused.json()["order"] == [str(model(name).pk) for name in ("qwen", "gemma", "llama")]


def test_a_move_of_a_provider_is_undone(admin_client, groq):
    make_provider("mistral")
    moved = press(admin_client, reverse("admin:providers_provider_move"), {"id": "mistral", "before": "groq"})
    take_back(admin_client, moved)
    assert read_provider_order().keys == ("groq", "mistral")


def test_a_malformed_undo_is_refused(admin_client, groq):
    body = {"id": model("gemma").pk, "before": model("llama").pk, "as": "other"}
    assert press(admin_client, MOVE, body).status_code == 400


# --- what others did before -------------------------------------------------
def test_a_move_in_a_list_that_others_changed_is_done_and_says_so(admin_client, groq):
    believed = mark()
    actions.reorder_models("groq", ["qwen", "llama", "gemma"])
    body = {"id": model("gemma").pk, "before": model("llama").pk, "believed": believed}
    answer = press(admin_client, MOVE, body).json()
    told = "Somebody had changed the order meanwhile: this is the order now."
    assert answer["message"] == f"gemma moved above llama. {told}"
    assert order_of("groq") == ["qwen", "gemma", "llama"]
    assert answer["mark"] == mark()


def test_a_move_in_a_list_as_it_was_says_nothing_of_others(admin_client, groq):
    body = {"id": model("gemma").pk, "before": model("llama").pk, "believed": mark()}
    assert press(admin_client, MOVE, body).json()["message"] == "gemma moved above llama."


def test_a_switch_that_somebody_pressed_before_tells_the_real_state(admin_client, groq):
    actions.set_model_enabled(model("qwen").pk, False)
    answer = press(admin_client, SWITCH, {"id": model("qwen").pk, "enabled": False}).json()
    assert answer["message"] == "qwen was off already: Somebody had switched it off meanwhile."
    assert (answer["enabled"], "undo" in answer) == (False, False)


def test_a_switch_is_undone(admin_client, groq):
    answer = press(admin_client, SWITCH, {"id": model("qwen").pk, "enabled": False})
    assert take_back(admin_client, answer).json()["message"].startswith("Undone: qwen is on.")
    assert model("qwen").enabled


def test_a_switch_is_not_undone_that_somebody_turned_back(admin_client, groq):
    answer = press(admin_client, SWITCH, {"id": model("qwen").pk, "enabled": False})
    actions.set_model_enabled(model("qwen").pk, True)
    refused = take_back(admin_client, answer)
    assert refused.status_code == 409
    assert "Nothing was undone" in refused.json()["message"]


# --- what a switch means -------------------------------------------------------
def switched(client, row, enabled):
    kind = row._meta.model_name
    body = {"id": row.pk, "enabled": enabled}
    return press(client, reverse(f"admin:providers_{kind}_switch"), body).json()


def test_switching_off_says_who_goes_on(admin_client, groq):
    actions.update_provider("groq", {"requires_key": False})
    make_provider("mistral", "large", requires_key=False)
    answer = switched(admin_client, groq, False)
    assert (answer["message"], answer["tone"]) == ("Groq is off. Batches go on with Mistral.", "plain")


def test_switching_off_the_last_usable_provider_warns(admin_client, groq):
    actions.update_provider("groq", {"requires_key": False})
    make_provider("keyless", "large")
    answer = switched(admin_client, groq, False)
    assert answer["message"] == "Groq is off. No provider can be used now: batches wait until one is on."
    assert answer["tone"] == "warning"


def test_switching_on_says_whether_it_can_be_used(admin_client, groq):
    actions.set_provider_enabled("groq", False)
    assert "It has no key yet" in switched(admin_client, groq, True)["message"]
    actions.update_provider("groq", {"enabled": False, "requires_key": False})
    assert switched(admin_client, groq, True)["message"] == "Groq is on. It is tried first."


def test_a_model_that_is_off_hands_on_to_the_next_one(admin_client, groq):
    actions.update_provider("groq", {"requires_key": False})
    assert switched(admin_client, model("llama"), False)["message"] == "llama is off. Groq goes on with qwen."


def test_the_last_model_of_the_last_provider_warns(admin_client):
    make_provider("groq", "llama", requires_key=False)
    answer = switched(admin_client, model("llama"), False)
    assert answer["message"].startswith("llama is off. No model of Groq is on now. No provider can be used now")
    assert answer["tone"] == "warning"


# --- the pages -----------------------------------------------------------------
def test_models_are_grouped_by_provider_and_chosen_by_it(admin_client, groq):
    make_provider("other", "foreign")
    html = page(admin_client, MODELS)
    assert html.count('class="l-group"') == 2
    assert '<option value="groq">Groq</option>' in html
    assert "foreign" not in page(admin_client, f"{MODELS}?provider=groq").split('id="result_list"')[1]
    assert "foreign" in page(admin_client, f"{MODELS}?provider=")


def test_empty_lists_say_what_to_do_first(admin_client):
    assert "Add the first provider" in page(admin_client, PROVIDERS)
    assert "Add the first model" in page(admin_client, MODELS)


def test_an_empty_search_is_no_empty_list(admin_client, groq):
    html = page(admin_client, f"{MODELS}?q=nothing-of-that-name")
    assert "No results found" in html
    assert "Add the first model" not in html
