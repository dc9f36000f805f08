"""Undo, what others did before, champions and suspensions, in the two ordered lists of the admin."""

import re

import pytest
from django.urls import reverse

from providers import actions
from providers.configuration.positions import read_model_orders, read_provider_order
from providers.llm.errors import ErrorKind
from providers.models import Model, Provider
from providers.status.health import read_states
from providers.tests.admin.admin_pages import MODELS, PROVIDERS, change_url, make_provider, model, page, press, viewer
from providers.tests.calling.store.scripted_store import fail

pytestmark = pytest.mark.django_db

MOVE = reverse("admin:providers_model_move")
SWITCH = reverse("admin:providers_model_switch")
CHAMPION = reverse("admin:providers_model_champion")
AGAIN = reverse("admin:providers_model_again")


def take_back(client, answer):
    undo = answer.json()["undo"]
    return press(client, undo["url"], undo["body"])


def order_of(provider_id):
    return list(Model.objects.filter(provider_id=provider_id).values_list("model_id", flat=True))


def mark():
    return read_model_orders({"groq"})["groq"].mark


def champion():
    return Provider.objects.get(pk="groq").champion_model


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


# --- champions -----------------------------------------------------------------
def test_the_list_begins_with_the_champion(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "gemma"})
    for url in (MODELS, change_url(groq)):
        html = page(admin_client, url)
        shown = [html.index(f'data-name="{name}"') for name in ("gemma", "llama", "qwen")]
        assert shown == sorted(shown)
        assert html.count("data-start") == 1


def test_a_drop_above_the_champion_comes_next_to_it_and_offers_to_lead(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "llama"})
    answer = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk}).json()
    assert answer["message"] == "gemma is tried right after llama, which comes first."
    assert answer["order"] == [str(model(name).pk) for name in ("llama", "gemma", "qwen")]
    assert press(admin_client, answer["offer"]["url"], answer["offer"]["body"]).status_code == 200
    assert champion() == model("gemma")


def test_a_drop_beside_a_champion_from_the_end_of_the_list_is_undone_exactly(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "qwen"})
    answer = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("qwen").pk})
    assert order_of("groq") == ["gemma", "llama", "qwen"]
    take_back(admin_client, answer)
    assert order_of("groq") == ["llama", "qwen", "gemma"]


def test_who_may_not_change_providers_is_offered_no_champion(groq):
    actions.update_provider("groq", {"champion_model": "llama"})
    client = viewer("view_model", "change_model")
    answer = press(client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk})
    assert (answer.status_code, "offer" in answer.json()) == (200, False)
    assert "l-star" not in page(client, MODELS)
    assert press(client, CHAMPION, {"id": model("gemma").pk, "champion": True}).status_code == 403


def test_a_champion_is_made_and_undone(admin_client, groq):
    answer = press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True, "believed": ""})
    assert answer.json()["message"] == "gemma is the champion of Groq: it is tried first."
    take_back(admin_client, answer)
    assert champion() is None


def test_undo_brings_back_the_champion_of_before(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "llama"})
    undone = take_back(admin_client, press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True}))
    assert champion() == model("llama")
    take_back(admin_client, undone)
    assert champion() == model("gemma")


def test_a_champion_of_somebody_else_is_told_and_not_undone_over(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "qwen"})
    answer = press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True, "believed": ""})
    assert "Somebody had changed the champion meanwhile." in answer.json()["message"]
    actions.update_provider("groq", {"champion_model": "llama"})
    assert take_back(admin_client, answer).status_code == 409
    assert champion() == model("llama")


def test_a_champion_that_is_off_starts_nothing_and_says_so(admin_client, groq):
    actions.set_model_enabled(model("gemma").pk, False)
    answer = press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True})
    assert "but it is off" in answer.json()["message"]
    assert "data-start" not in page(admin_client, MODELS)


# --- suspensions and live state ------------------------------------------------
def suspended(*rows):
    return [state.is_suspended for state in read_states(rows).values()]


def test_a_suspension_is_lifted_with_that_of_its_provider(admin_client, groq):
    fail("groq", "revoked")
    fail("groq/llama", "gone", kind=ErrorKind.NOT_FOUND)
    fail("groq/qwen", "gone", kind=ErrorKind.NOT_FOUND)
    assert press(admin_client, AGAIN, {"id": model("llama").pk}).json()["refresh"] is True
    assert suspended(groq, model("llama"), model("qwen")) == [False, False, True]


def test_a_provider_is_tried_again_with_all_its_models(admin_client, groq):
    fail("groq", "revoked")
    fail("groq/llama", "gone", kind=ErrorKind.NOT_FOUND)
    answer = press(admin_client, reverse("admin:providers_provider_again"), {"id": "groq"})
    assert answer.json()["message"] == "Groq is tried again from now on."
    assert suspended(groq, model("llama")) == [False, False]


def test_without_redis_nothing_is_lifted_and_that_is_said(admin_client, groq, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = press(admin_client, AGAIN, {"id": model("llama").pk})
    assert (answer.status_code, "Redis is away" in answer.json()["message"]) == (503, True)


def test_only_who_may_change_is_shown_the_button(admin_client, groq):
    fail("groq", "revoked")
    assert page(admin_client, PROVIDERS).count("Try again now") == 1
    client = viewer("view_provider", "view_model")
    assert "Try again now" not in page(client, PROVIDERS) + page(client, MODELS)
    assert press(client, AGAIN, {"id": model("llama").pk}).status_code == 403


def live(client, kind, *ids):
    url = reverse(f"admin:providers_{kind}_live")
    return client.get(url, {"ids": ",".join(map(str, ids))})


def cell(response, kind, pk):
    """The fragment that takes the place of the cell of this id."""
    html = response.content.decode()
    return html.split(f'<div class="l-live" id="{kind}-{pk}" hx-swap-oob="true">')[1].split('class="l-live"')[0]


def test_live_cells_show_suspension_and_use(admin_client, groq):
    actions.update_provider("groq", {"requests_per_minute": 30, "tokens_per_minute": 6000})
    fail("groq", "revoked")
    cells = live(admin_client, "provider", "groq")
    assert "revoked" in cell(cells, "state", "groq")
    assert "0 of 30 req/min" in cell(cells, "use", "groq")
    assert "0 of 6,000 tok/min" in cell(cells, "use", "groq")


def test_a_page_asks_for_the_live_cells_of_its_rows(admin_client, groq):
    for url, rows in ((MODELS, Model.objects.all()), (PROVIDERS, [groq]), (change_url(groq), Model.objects.all())):
        addresses = re.findall(r'hx-get="([^"]*/live/[^"]*)" hx-trigger="every 4s', page(admin_client, url))
        cells = admin_client.get(addresses[0])
        assert all(cell(cells, "use", row.pk) for row in rows)


def test_limits_of_a_model_are_shown_at_the_model(admin_client, groq):
    actions.update_model(model("llama").pk, {"requests_per_minute": 7})
    cells = live(admin_client, "model", model("llama").pk, model("qwen").pk)
    assert "0 of 7 req/min" in cell(cells, "use", model("llama").pk)
    assert "none of its own" in cell(cells, "use", model("qwen").pk)


def test_live_cells_say_what_is_not_known(admin_client, groq, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    actions.update_provider("groq", {"requests_per_minute": 30})
    cells = live(admin_client, "provider", "groq")
    assert "not known" in cell(cells, "state", "groq")
    assert "not known, of 30 req/min" in cell(cells, "use", "groq")


def test_live_cells_are_read_by_who_may_look(groq):
    assert live(viewer("view_model"), "model", model("llama").pk).status_code == 200


def test_live_cells_are_not_for_who_may_not_look(groq):
    assert live(viewer("view_batch"), "model", model("llama").pk).status_code == 403


def test_live_cells_are_not_posted(admin_client, groq):
    assert admin_client.post(reverse("admin:providers_provider_live")).status_code == 405


@pytest.mark.parametrize("size", [5, 50])
def test_lists_and_live_cells_ask_no_more_when_they_grow(admin_client, size, django_assert_max_num_queries):
    for number in range(size):
        make_provider(f"p{number}", "a")
    pks = Model.objects.values_list("pk", flat=True)
    for url, most in ((PROVIDERS, 8), (MODELS, 8)):
        with django_assert_max_num_queries(most):
            page(admin_client, url)
    for kind, ids in (("provider", [f"p{number}" for number in range(size)]), ("model", list(pks))):
        with django_assert_max_num_queries(5):
            assert live(admin_client, kind, *ids).content.decode().count('id="use-') == size


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
